"""What goes between the bot and the child process in which its ranker is trained.

To the child: lines of JSON in ASCII. The first is an object of the format and the keywords; then
comes an array of strings for each example; the last is a number, that of the examples. From the
child: a mark of 8 bytes, the model's length as 8 bytes (the highest first), and the model.
"""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING

from storage.models import Example, Label

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

FORMAT = 1

NO_MEMORY = 3
"""The exit status of a child that could not get the memory it needed."""

_HEAD = struct.Struct(">8sQ")
_MARK = b"ranker" + FORMAT.to_bytes(2)


def opening(keywords: Mapping[str, float]) -> bytes:
    """What the child is told first."""
    return _line({"format": FORMAT, "keywords": dict(keywords)})


def encoded(examples: Iterable[Example]) -> bytes:
    """Examples, a line each; a thousand of usual size take about 10 ms."""
    return b"".join(
        _line([one.id, one.title, one.abstract, one.label, one.reason]) for one in examples
    )


def closing(count: int) -> bytes:
    """What says that there is no further example, and how many there were."""
    return _line(count)


def _line(value: object) -> bytes:
    return json.dumps(value).encode("ascii") + b"\n"


def read_opening(lines: Iterator[bytes]) -> dict[str, float]:
    """The keywords. Raises ValueError where the first line is of another version of the bot."""
    first = json.loads(next(lines, b"null"))
    if not isinstance(first, dict) or first.get("format") != FORMAT:
        raise ValueError("the bot was updated while it ran: start it again")
    return {str(phrase): float(weight) for phrase, weight in first["keywords"].items()}


def read_examples(lines: Iterator[bytes]) -> Iterator[Example]:
    """The examples, as they come. Raises ValueError where they end before their end was said."""
    count = 0
    for line in lines:
        said = json.loads(line)
        if said == count:
            return
        if not isinstance(said, list):
            break
        paper, title, abstract, label, reason = said
        yield Example(paper, title, abstract, Label(label), reason)
        count += 1
    raise ValueError(f"the examples broke off after {count}")


def head(model: bytes) -> bytes:
    """What the child says before the model."""
    return _HEAD.pack(_MARK, len(model))


def model_in(output: bytes | bytearray) -> bytes:
    """The model in all that a child said. Raises ValueError where that is something else."""
    if not output.startswith(_MARK) or len(output) < _HEAD.size:
        raise ValueError(f"{len(output)} bytes that are no model")
    _, length = _HEAD.unpack_from(output)
    if len(output) != _HEAD.size + length:
        raise ValueError(f"{len(output) - _HEAD.size} bytes of a model of {length}")
    return bytes(memoryview(output)[_HEAD.size :])
