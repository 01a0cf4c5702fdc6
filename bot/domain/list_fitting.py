"""An entry's own lines as another section of its list takes them: verbatim, or with its marker."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.domain.list_blocks import Kind
from bot.domain.list_marks import cells_of, is_delimiter
from bot.domain.list_shapes import Shapes
from storage.models import Paper, PaperId

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.domain.list_blocks import Block
    from bot.domain.list_document import Document
    from bot.domain.list_entries import Found
    from bot.domain.list_sections import Part

_NOBODY = Paper(PaperId(""), "")
# `3. Title`, `**[7]** Title` within the text; `[2024]` is a date.
COUNTED = re.compile(r"([\s#]*(?:\*\*|__)?\[?)(?!(?:19|20)\d\d\])(\d{1,4})(?=\]|[.)]\s)")
_BULLET = re.compile(r"[-*+•‣]")


class Fitting:
    """Fits entries of a list to the end of one of its sections."""

    def __init__(self, document: Document, part: Part) -> None:
        self._document = document
        self._lines = document.text.lines
        self._shapes = Shapes(document, part, _NOBODY)
        within = [entry for entry in document.found if entry.heading is part.heading]
        self._last = within[-1] if within else None

    def fitted(self, found: Found) -> str | None:
        """The entry's own lines as they can stand there, or None where their form is another."""
        lines = [line.raw for line in self._lines[found.start : found.end]]
        if self._last and not self._alike(found.block, self._last.block):
            return None
        match found.block.kind:
            case Kind.ITEM if lines[0].startswith(found.block.marker):
                return self._item(found, lines)
            case Kind.ROW if self._last is None:
                return "".join([*self._head(found), *lines])
            case Kind.MARKUP if self._last is None or "table" in "".join(lines).lower():
                return None
            case _:
                return self._counted("".join(lines))

    def _alike(self, mine: Block, theirs: Block) -> bool:
        """Whether two entries have the same form: both bullets, rows of the same columns."""
        if mine.kind is not theirs.kind:
            return False
        match mine.kind:
            case Kind.HEADING:
                return mine.level == theirs.level
            case Kind.ROW:
                columns = len(cells_of(mine.text)) == len(cells_of(theirs.text))
                return columns and mine.header == theirs.header
            case Kind.MARKUP:
                return mine.text.lower().count("<td") == theirs.text.lower().count("<td")
            case _:
                return True

    def _counted(self, text: str) -> str | None:
        """A number within the text becomes the next one; None where the section has none."""
        match = COUNTED.match(text)
        if match is None:
            return text
        following = self._shapes.number(text.lstrip("# "))
        last = self._lines[self._last.start].raw if self._last else text
        return match[1] + following + text[match.end() :] if COUNTED.match(last) else None

    def _item(self, found: Found, lines: list[str]) -> str | None:
        """With the bullet or number that comes next, where the section's are others."""
        old = found.block.marker
        new = _first(old) if self._last is None else self._next(found, self._last)
        if not _BULLET.search(old) and new == old:
            return "".join(lines)
        text = lines[0].removeprefix(old)
        text = (self._counted(text) or text) if _BULLET.search(old) else text
        return "".join([new + text, *_shifted(lines[1:], old, new)])

    def _next(self, found: Found, last: Found) -> str:
        usual = self._shapes.marker(last)
        mine, theirs = (
            _BULLET.search(marker) is not None for marker in (found.block.marker, usual)
        )
        same_place = _indent(found.block.marker) == _indent(usual)
        return found.block.marker if mine and theirs and same_place else usual

    def _head(self, row: Found) -> list[str]:
        """The two lines that head the table of a row."""
        first = row.start
        while first > 1 and "|" in self._lines[first - 1].text:
            first -= 1
            if is_delimiter(self._lines[first].text):
                return [line.raw for line in self._lines[first - 1 : first + 1]]
        return []


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip(" \t"))


def _first(marker: str) -> str:
    """The marker of the first entry of a section: at the margin, the number 1."""
    return re.sub(r"\d+", "1", marker.lstrip(" \t"), count=1)


def _shifted(lines: Iterable[str], old: str, new: str) -> list[str]:
    """The lines below an item's first as far to the right as its new marker needs."""
    kept = list(lines)
    inner = [_indent(line) for line in kept if line.strip()]
    short = any(len(old) <= indent < len(new) for indent in inner)
    if _indent(old) == _indent(new) and not short:
        return kept
    by = len(new) - len(old)
    return [_moved_right(line, by) if _indent(line) > _indent(old) else line for line in kept]


def _moved_right(line: str, by: int) -> str:
    if not line.strip() or line.startswith("\t"):
        return line
    return " " * by + line if by > 0 else line[min(-by, _indent(line)) :]
