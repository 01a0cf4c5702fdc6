"""A list file as lines: any bytes in, the same bytes out, and what of each line a reader sees."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

_FENCE = re.compile(r"[\s>]*(?:(?:[-*+]|\d{1,9}[.)])\s+)?(`{3,}(?!.*`)|~{3,})")
_COMMENT = re.compile(r"(?<!\\)<!--")
_TAB = 4


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `raw` is the line itself with its ending, `text` what is seen of it.

    HTML comments and fenced code are not seen; `code` marks a fence. `indent` counts columns.
    """

    raw: str
    text: str
    indent: int
    code: bool = False

    @property
    def blank(self) -> bool:
        """Nothing to see here (a comment alone counts as nothing)."""
        return not self.code and not self.text.strip()

    @property
    def empty(self) -> bool:
        """Nothing stands here at all but white space."""
        return not self.raw.strip()


class ListText(NamedTuple):
    """The lines of a file, and the index of a code fence that is never closed."""

    lines: tuple[Line, ...]
    open_fence: int | None


def decode(content: bytes) -> str:
    """UTF-8 where it is, any other byte as a lone surrogate: `encode` gives the same bytes."""
    return content.decode("utf-8", "surrogateescape")


def encode(text: str) -> bytes:
    """The bytes that `decode` was given."""
    return text.encode("utf-8", "surrogateescape")


def split(text: str) -> list[str]:
    """Lines with their endings; only a line feed ends a line."""
    pieces = text.split("\n")
    lines = [piece + "\n" for piece in pieces[:-1]]
    return lines + pieces[-1:] if pieces[-1] else lines


def read(text: str) -> ListText:
    """Split a text into lines and hide comments and code."""
    reader = _Reader(text)
    lines = tuple(reader.line(index, raw) for index, raw in enumerate(split(text)))
    return ListText(lines, reader.fence_start if reader.fence else None)


def _columns(text: str) -> int:
    white = text[: len(text) - len(text.lstrip(" \t"))]
    return len(white.expandtabs(_TAB))


class _Reader:
    """Walks down a file and knows whether a comment or a fence is open (CommonMark 4.5, 4.6)."""

    def __init__(self, text: str) -> None:
        self.comment = False
        self.fence = ""
        self.fence_start = 0
        self._fence_indent = 0
        self._offset = 0
        self._last_closer = text.rfind("-->")

    def line(self, index: int, raw: str) -> Line:
        offset, self._offset = self._offset, self._offset + len(raw)
        text = raw.rstrip("\n").rstrip("\r").removeprefix("\ufeff" if index == 0 else "")
        if self.fence:
            return self._inside_fence(raw, text)
        text = self._without_comments(text, offset)
        if not self.comment and (opening := _FENCE.match(text)):
            self.fence, self.fence_start = opening[1], index
            self._fence_indent = _columns(text)
            return Line(raw, "", self._fence_indent, code=True)
        return Line(raw, text, _columns(text))

    def _inside_fence(self, raw: str, text: str) -> Line:
        mark = text.strip(" \t>")
        if len(mark) >= len(self.fence) and not mark.strip(self.fence[0]):
            self.fence = ""
        return Line(raw, "", self._fence_indent, code=True)

    def _without_comments(self, text: str, offset: int) -> str:
        """The line without `<!-- -->`; a comment never closed is one only at a line's start."""
        seen, position = [], 0
        while position < len(text):
            if self.comment:
                closer = text.find("-->", position)
                if closer < 0:
                    break
                self.comment, position = False, closer + 3
            found = _COMMENT.search(text, position)
            opener = found.start() if found else -1
            closed = opener >= 0 and offset + opener < self._last_closer
            if opener < 0 or not (closed or not text[:opener].strip()):
                seen.append(text[position:])
                break
            seen.append(text[position:opener])
            self.comment, position = True, opener + 2
        return "".join(seen)
