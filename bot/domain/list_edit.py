"""Adding an entry to a list file and taking one out: its own lines, and no other byte."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.entry_rows import markup_like, row_like
from bot.domain.entry_style import Writer, is_project
from bot.domain.errors import NotFound, UserError
from bot.domain.list_blocks import Kind, is_delimiter
from bot.domain.list_document import Document, document_of
from bot.domain.list_drafts import Wording
from bot.domain.list_entries import Found, references_of
from bot.domain.list_guard import clean_title
from bot.domain.list_inline import written
from bot.domain.list_text import decode, encode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.domain.list_sections import Part
    from storage.models import ListedEntry, Paper

_MODELS = 4
_PREPRINT = re.compile(r"\b(?:arxiv|preprint|corr)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Insertion:
    """What adding an entry did: the new file, the entry as it reads there, its place from 0 over the whole list."""

    content: bytes
    entry: ListedEntry
    ordinal: int


def insert(content: bytes, section: str, paper: Paper) -> Insertion:
    """Write a paper at the end of a section in the list's own style; every other byte stays as it is.

    Raises NotFound naming the sections, UserError where the file leaves no place to write.
    """
    document = document_of(content)
    part = next((part for part in document.parts if part.name == section), None)
    if part is None:
        names = ", ".join(part.name or "(above the first heading)" for part in document.parts)
        raise NotFound(
            f'There is no section "{section}"; the list has: {names or "no section at all"}.'
        )
    text = decode(content)
    editor = _Editor(document, part, paper)
    for line, inserted in editor.attempts():
        at = sum(len(row.raw) for row in document.text.lines[:line])
        new = encode(text[:at] + inserted + text[at:])
        if done := _checked(document, content, new, part, paper):
            return done
    raise UserError(
        f'The section "{section}" leaves no place for another entry; add it to the file by hand.'
    )


def _checked(
    before: Document, old: bytes, new: bytes, part: Part, paper: Paper
) -> Insertion | None:
    """The insertion, if the new file reads as the old one with exactly this paper more and can be undone."""
    after = document_of(new)
    listed = [item.entry for item in before.entries]
    read = [item.entry for item in after.entries]
    ordinal = next(
        (at for at, (a, b) in enumerate(zip(listed, read, strict=False)) if a != b), len(listed)
    )
    if len(read) != len(listed) + 1 or read[:ordinal] + read[ordinal + 1 :] != listed:
        return None
    entry = read[ordinal]
    named = paper.id in entry.ids[:1] or paper.id.startswith("url:")
    same = [part.name for part in after.parts] == [part.name for part in before.parts]
    if not (named and same) or entry.section != part.name or entry.title != clean_title(paper):
        return None
    return Insertion(new, entry, ordinal) if _without(after, ordinal) == old else None


def remove(content: bytes, ordinal: int) -> bytes:
    """Take out the entry at `ordinal` with the blank lines before it: `remove` undoes `insert` exactly.

    Raises NotFound where there is no such entry, UserError where it shares its lines with another.
    """
    document = document_of(content)
    if not 0 <= ordinal < len(document.entries):
        raise NotFound(f"The list has no entry {ordinal}; it has {len(document.entries)}.")
    mine = document.entries[ordinal]
    if any(
        item is not mine and item.start < mine.end and mine.start < item.end
        for item in document.entries
    ):
        raise UserError(
            f'"{mine.entry.title}" shares its lines with another paper; edit them by hand.'
        )
    return _without(document, ordinal)


def _without(document: Document, ordinal: int) -> bytes:
    lines, found = document.text.lines, document.found[ordinal]
    start = found.start
    if found.block.kind is Kind.ROW and (head := _head_of_one(document, found)) is not None:
        start = head
    while start and lines[start - 1].empty:
        start -= 1
    kept = "".join(line.raw for line in lines[:start])
    if not lines[found.end - 1].raw.endswith("\n"):
        kept = kept.removesuffix("\n").removesuffix("\r") if start else kept
    return encode(kept + "".join(line.raw for line in lines[found.end :]))


def _head_of_one(document: Document, row: Found) -> int | None:
    """Where the head of a table begins that has no other row."""
    lines = document.text.lines
    if row.start < 2 or not is_delimiter(lines[row.start - 1].text):
        return None
    alone = row.end >= len(lines) or "|" not in lines[row.end].text
    return row.start - 2 if alone else None


class _Editor:
    """Where an entry can go, and how it can look."""

    def __init__(self, document: Document, part: Part, paper: Paper) -> None:
        self._document = document
        self._lines = document.text.lines
        self._part = part
        self._paper = paper
        self._writer = Writer(paper)
        self._references = references_of(self._lines)
        self._starts = Counter(entry.start for entry in document.found)
        self._within = [entry for entry in document.found if entry.heading is part.heading]
        raw = [line.raw for line in self._lines]
        crlf = sum(line.endswith("\r\n") for line in raw) * 2 > sum(
            line.endswith("\n") for line in raw
        )
        self._eol = "\r\n" if crlf or (raw and raw[-1].endswith("\r")) else "\n"

    def attempts(self) -> Iterator[tuple[int, str]]:
        """Line and text to insert, the list's own style first, a plain link last."""
        shapes = [shape for model in self._models()[:_MODELS] if (shape := self._shape(model))]
        plain = f"- {self._writer.plain_link()}"
        places = [self._after_last()] if self._within else [self._after_heading()]
        for shape in [*shapes, plain]:
            for place in dict.fromkeys([*places, self._after_content()]):
                for blank in self._blanks(place):
                    yield place, self._framed(place, blank, shape)

    def _framed(self, place: int, blank: int, shape: str) -> str:
        lines = [*[""] * blank, *written(shape).split("\n")]
        if place and not self._lines[place - 1].raw.endswith("\n"):
            return "".join(self._eol + line for line in lines)
        return "".join(line + self._eol for line in lines)

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
        while (
            place > (self._part.heading.end if self._part.heading else 0)
            and self._lines[place - 1].empty
        ):
            place -= 1
        return place

    def _blanks(self, place: int) -> list[int]:
        """How many blank lines go before the entry: as between its neighbours, else one, else none."""
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
        holding = {id(entry.heading): entry.heading for entry in self._document.found if entry.heading}
        leads = []
        for heading in holding.values():
            below = itertools.takewhile(lambda line: line.empty, self._lines[heading.end :])
            leads.append(sum(1 for _ in below))
        return leads

    def _models(self) -> list[Found]:
        """The entries to write like, best first: of this section, alike, on arXiv, the latest."""
        last = self._within[-1].block.kind if self._within else None
        usable = [entry for entry in self._document.found if self._is_model(entry)]
        wants_project = bool(self._writer.projects)
        return sorted(
            usable, key=lambda entry: self._rank(entry, last, wants_project=wants_project)
        )

    def _rank(
        self, entry: Found, last: Kind | None, *, wants_project: bool
    ) -> tuple[bool | int, ...]:
        project = any(is_project(link.label) for link in entry.draft.links)
        return (
            last is not None and entry.block.kind is not last,
            wants_project and not project,
            entry.heading is not self._part.heading,
            not any(paper_id.startswith("arXiv:") for paper_id in entry.draft.ids),
            not _PREPRINT.search(entry.draft.text[entry.draft.end :])
            and entry.draft.wording is not Wording.CITED,
            -entry.start,
        )

    def _is_model(self, entry: Found) -> bool:
        lines = self._lines[entry.start : entry.end]
        alone = self._starts[entry.start] == 1
        return alone and not any(line.code or "<!--" in line.raw for line in lines)

    def _shape(self, model: Found) -> str | None:
        """The entry as the model would have it; masked, lines joined by line feeds."""
        raw = "".join(line.raw for line in self._lines[model.start : model.end])
        text = raw.replace("\r\n", "\n").rstrip("\n")
        match model.block.kind:
            case Kind.ROW:
                return self._row(model, text)
            case Kind.MARKUP:
                return markup_like(text, self._paper)
            case Kind.HEADING:
                return f"{'#' * model.block.level} {self._writer.plain_link()}"
            case _:
                marker = model.block.marker
                if not text.startswith(marker):
                    return None
                body = self._writer.like(text[len(marker) :], self._references)
                return self._marker(model) + body if body else None

    def _row(self, model: Found, text: str) -> str | None:
        above = self._lines[model.start - 1].raw if model.start else ""
        row = row_like(
            text, above.rstrip("\r\n"), model.block.header, self._references, self._paper
        )
        if row is None or self._within:
            return row
        first = model.start
        while (
            first > 1
            and not is_delimiter(self._lines[first - 1].text)
            and "|" in self._lines[first - 1].text
        ):
            first -= 1
        if not is_delimiter(self._lines[first - 1].text):
            return row
        head = [line.raw.rstrip("\r\n") for line in self._lines[first - 2 : first]]
        return "\n".join([*head, row])

    def _marker(self, model: Found) -> str:
        """The model's bullet, or the number that comes next."""
        marker = model.block.marker
        number = re.search(r"\d+", marker)
        if number is None:
            return marker
        own = [
            int(match[0])
            for entry in self._within
            if (match := re.search(r"\d+", entry.block.marker))
        ]
        if not own:
            following = 1
        elif len(own) > 1:
            following = own[-1] + (own[-1] != own[-2])
        else:
            following = own[-1] + self._counts()
        return marker[: number.start()] + str(following) + marker[number.end() :]

    def _counts(self) -> bool:
        """Whether the list's numbers go up (some lists number every item 1)."""
        numbered = [entry for entry in self._document.found if re.search(r"\d", entry.block.marker)]
        pairs = itertools.pairwise(numbered)
        steps = [a.block.marker != b.block.marker for a, b in pairs if a.heading is b.heading]
        return sum(steps) * 2 > len(steps) if steps else True
