"""Files of labelled papers: a JSON object a line, packed by gzip or not."""

from __future__ import annotations

import gzip
import json
import shutil
import tempfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.domain.errors import UserError

if TYPE_CHECKING:
    import io
    from collections.abc import Iterator

LONGEST = 16 * 2**20
"""Bytes a line may have: nothing makes the program hold more of a file that is no such file."""

_MARK = b"\xef\xbb\xbf"  # what some editors begin UTF-8 with; joined files have it inside
_PACKED = b"\x1f\x8b"  # what gzip begins with, RFC 1952, 2.3.1


@dataclass(frozen=True, slots=True)
class Labelled:
    """A paper and whether it belongs: None where that does not count or nobody says so.

    `id` is as the file has it; `numbered` says that it has a whole number there. `published` is
    None where no day stands there.
    """

    id: str
    title: str
    abstract: str
    relevant: bool | None
    published: date | None = None
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class LabelledFile:
    """A file that can be read as often as one likes; `path` is what a person calls it."""

    path: Path
    content: Path

    def rows(self) -> Iterator[Labelled]:
        """Its papers in order, one at a time; blank lines do not matter.

        Raises UserError, which names the file and the line.
        """
        found = False
        for number, line in self._lines():
            text = line.removeprefix(_MARK).strip()
            if text:
                found = True
                yield self._row(number, text)
        if not found:
            raise UserError(f"{self.path} holds no papers: it wants a JSON object a line.")

    def _lines(self) -> Iterator[tuple[int, bytes]]:
        number = 0
        try:
            with self.content.open("rb") as raw, self._unpacked(raw) as file:
                while line := file.readline(LONGEST + 1):
                    number += 1
                    yield number, line
        except EOFError:
            raise self._fault(number + 1, "the gzip file is cut off here") from None
        except (gzip.BadGzipFile, zlib.error):
            raise self._fault(number + 1, "this is no gzip file, or a damaged one") from None
        except OSError as error:
            raise UserError(f"{self.path} cannot be read: {error.strerror}.") from error

    def _unpacked(self, raw: io.BufferedReader) -> io.BufferedIOBase:
        packed = raw.peek(2)[:2] == _PACKED
        if packed:
            return gzip.open(raw)
        if self.path.suffix == ".gz" and raw.peek(1):
            raise self._fault(1, "this is no gzip file, though it is called one")
        return raw

    def _row(self, number: int, line: bytes) -> Labelled:
        try:
            return _labelled(_object(line))
        except ValueError as error:
            raise self._fault(number, str(error)) from None

    def _fault(self, number: int, what: str) -> UserError:
        return UserError(f"{self.path}, line {number}: {what}.")


@contextmanager
def opened(path: Path) -> Iterator[LabelledFile]:
    """A file to be read more than once, also where it is a pipe. Raises UserError."""
    if path.is_file() or path.is_dir() or not path.exists():
        yield LabelledFile(path, path)
        return
    with tempfile.NamedTemporaryFile() as copy:
        try:
            with path.open("rb") as pipe:
                shutil.copyfileobj(pipe, copy)
        except OSError as error:
            raise UserError(f"{path} cannot be read: {error.strerror}.") from error
        copy.flush()
        yield LabelledFile(path, Path(copy.name))


def _object(line: bytes) -> dict[str, Any]:
    """The object on a line. Raises ValueError, which says what is wrong."""
    if len(line) > LONGEST:
        raise ValueError(f"it is longer than {LONGEST // 2**20} MB")
    try:
        found = json.loads(line.decode())
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8") from None
    except (ValueError, RecursionError):
        # Beside JSONDecodeError there is what int() says of thousands of digits.
        raise ValueError("it is not JSON") from None
    if not isinstance(found, dict):
        raise ValueError("it is no JSON object with id, title, abstract and relevant")  # noqa: TRY004  # the file's fault, not the program's
    return found


def _labelled(fields: dict[str, Any]) -> Labelled:
    """The paper of an object. Raises ValueError, which says what is wrong."""
    relevant = fields.get("relevant")
    if not (relevant is None or isinstance(relevant, bool)):
        raise ValueError("“relevant” is neither true nor false nor null")
    abstract = fields.get("abstract")
    if not (abstract is None or isinstance(abstract, str)):
        raise ValueError("“abstract” is no text")
    number = fields.get("id")
    numbered = isinstance(number, int) and not isinstance(number, bool)
    name = str(number) if numbered else _text(fields, "id")
    if not name.strip():
        raise ValueError("“id” is empty")
    # A title may be said to be none; a file whose lines have none is another kind of file.
    title = "" if fields.get("title", ...) is None else _readable(_text(fields, "title"))
    day = _day(fields.get("published"))
    return Labelled(name, title, _readable(abstract or ""), relevant, day, numbered)


def _text(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name)
    if value is None:
        raise ValueError(f"it has no “{name}”")
    if not isinstance(value, str):
        raise ValueError(f"“{name}” is no text")  # noqa: TRY004  # as above
    return value


def _readable(text: str) -> str:
    """Text that can be written: JSON can spell halves of characters, UTF-8 cannot."""
    return text if text.isascii() else text.encode(errors="replace").decode()


def _day(written: object) -> date | None:
    """The day at the beginning of an instant; nothing where there is none."""
    try:
        return date.fromisoformat(str(written)[:10])
    except ValueError:
        return None
