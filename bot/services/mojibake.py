"""UTF-8 once read as something else (`177â€“198` for `177–198`): find it, repair only it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# A run of characters beyond ASCII; the lone surrogates that stand for invalid bytes end it.
_RUN = re.compile(r"[^\x00-\x7f\ud800-\udfff]+")
_WORD = 24


def find_mojibake(content: bytes) -> tuple[str, ...]:
    """A sentence for every damaged run of a file: `line 48: 177â€“198 should read 177–198`.

    Valid text of any script is never damaged.
    """
    text = content.decode("utf-8", "surrogateescape")
    found, line, position = [], 1, 0
    for match, repaired in _damaged(text):
        line, position = line + text.count("\n", position, match.start()), match.start()
        before = re.search(r"[\w-]*$", text[max(0, match.start() - _WORD) : match.start()])
        after = re.match(r"[\w-]*", text[match.end() : match.end() + _WORD])
        start, end = before[0] if before else "", after[0] if after else ""
        found.append(f"line {line}: {start}{match[0]}{end} should read {start}{repaired}{end}")
    return tuple(found)


def repair(content: bytes) -> bytes:
    """The file with its damaged runs repaired; every other byte as it was."""
    text = content.decode("utf-8", "surrogateescape")
    parts, position = [], 0
    for match, repaired in _damaged(text):
        parts += [text[position : match.start()], repaired]
        position = match.end()
    return "".join([*parts, text[position:]]).encode("utf-8", "surrogateescape")


def _damaged(text: str) -> Iterator[tuple[re.Match[str], str]]:
    # Imported on use: it takes a tenth of a second, and only a new list is looked through.
    import ftfy  # noqa: PLC0415
    from ftfy.badness import is_bad  # noqa: PLC0415

    for match in _RUN.finditer(text):
        if len(match[0]) > 1 and is_bad(match[0]):
            repaired = ftfy.fix_encoding(match[0])
            if repaired != match[0] and "\ufffd" not in repaired:
                yield match, repaired
