"""Where a new entry can stand: below the last of its section, with the usual blank lines."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from typing import TYPE_CHECKING

from bot.domain.list_inline import written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.domain.list_document import Document
    from bot.domain.list_entries import Found
    from bot.domain.list_sections import Part


# What stands above a heading and belongs to it.
_ANCHOR = re.compile(r"\s*<a\s[^<>]*>\s*(?:</a>)?\s*|\s*[-*_]{3,}\s*")


class Places:
    """The places for an entry in one section of a list."""

    def __init__(self, document: Document, part: Part) -> None:
        self._document = document
        self._lines = document.text.lines
        self._part = part
        self._within = [entry for entry in document.found if entry.heading is part.heading]
        raw = [line.raw for line in self._lines]
        crlf = sum(line.endswith("\r\n") for line in raw)
        windows = crlf * 2 > sum(line.endswith("\n") for line in raw)
        self._eol = "\r\n" if windows or (raw and raw[-1].endswith("\r")) else "\n"

    def framed(self, shape: str) -> Iterator[tuple[int, str]]:
        """The line to insert at, and a masked entry as text for there, the best place first."""
        return self.verbatim("".join(line + self._eol for line in written(shape).split("\n")))

    def verbatim(self, raw: str) -> Iterator[tuple[int, str]]:
        """The same for an entry's own lines, with their endings."""
        raw = raw if raw.endswith("\n") else raw + self._eol
        first = self._after_last() if self._within else self._after_heading()
        for place in dict.fromkeys([first, self._after_content()]):
            for blank in self._blanks():
                yield place, self._framed(place, self._eol * blank + raw)

    def _framed(self, place: int, lines: str) -> str:
        if place and not self._lines[place - 1].raw.endswith("\n"):
            return self._eol + lines.removesuffix("\n").removesuffix("\r")
        return lines

    def _after_last(self) -> int:
        return max(entry.end for entry in self._within)

    def _after_heading(self) -> int:
        """After the heading and the words that introduce the section, before rules and HTML."""
        heading = self._part.heading
        place = heading.end if heading else 0
        for index in range(place, self._part.end):
            line = self._lines[index]
            if line.code or line.text.lstrip().startswith(("<", "---", "***", "___")):
                break
            place = place if line.empty else index + 1
        return place

    def _after_content(self) -> int:
        """After all that the section holds."""
        place = self._part.end
        while place > (self._part.heading.end if self._part.heading else 0) and (
            self._lines[place - 1].empty or _ANCHOR.fullmatch(self._lines[place - 1].text)
        ):
            place -= 1
        return place

    def _blanks(self) -> list[int]:
        """Blank lines before the entry: as between its neighbours, else one, else none."""
        if self._within:
            usual = self._usual(self._gaps(self._within)) or self._usual(
                self._gaps(list(self._document.found))
            )
        else:
            usual = self._usual(self._leads())
        return list(dict.fromkeys([1 if usual is None else usual, 1, 0]))

    @staticmethod
    def _usual(counts: list[int]) -> int | None:
        tally = Counter(counts)
        return min(tally, key=lambda count: (-tally[count], count)) if tally else None

    def _gaps(self, entries: list[Found]) -> list[int]:
        """Blank lines between entries that follow each other with nothing else between."""
        return [
            below.start - above.end
            for above, below in itertools.pairwise(entries)
            if above.heading is below.heading
            and above.end <= below.start
            and all(line.empty for line in self._lines[above.end : below.start])
        ]

    def _leads(self) -> list[int]:
        """Blank lines below the headings that hold entries."""
        found = self._document.found
        holding = {id(entry.heading): entry.heading for entry in found if entry.heading}
        leads = []
        for heading in holding.values():
            below = itertools.takewhile(lambda line: line.empty, self._lines[heading.end :])
            leads.append(sum(1 for _ in below))
        return leads
