"""Which blocks of a list are entries, and which lines are theirs."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.domain.identify import identify
from bot.domain.list_blocks import Block, Kind, texts_of
from bot.domain.list_drafts import Draft, Wording, is_paper_link, more_titles
from bot.domain.list_headed import bold_headings, titled_works
from bot.domain.list_inline import masked, plain, shown, spans
from bot.domain.list_marks import REFERENCE
from bot.domain.list_titles import draft
from bot.domain.list_words import is_boilerplate, is_date_or_venue, is_news, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.domain.list_text import Line

# What an entry cannot be without: a link, or the year or number of a citation.
_PROMISING = re.compile(r"://|\]\(|\d{4}")


@dataclass(frozen=True, slots=True)
class Found:
    """An entry: its block, what it says, its lines [start, end), the heading above it if any."""

    block: Block
    draft: Draft
    start: int
    end: int
    heading: Block | None = None


def references_of(lines: Iterable[Line]) -> dict[str, str]:
    """The link targets that stand apart: `[key]: https://…`."""
    matches = (REFERENCE.match(line.text) for line in lines if not line.code)
    return {match[1].casefold(): match[2] for match in matches if match}


def entries_of(lines: Sequence[Line], blocks: Sequence[Block]) -> tuple[Found, ...]:
    """All entries in the order of the file. Two papers in one item are two with the same lines."""
    reader = _Reader(references_of(lines))
    singles = reader.singles(blocks)
    drafts = {entry.start: entry.draft for entry in singles}
    headed = [
        *reader.headings(lines, blocks, set(drafts)),
        *(
            Found(block, read, block.start, end)
            for block, read, end in titled_works(blocks, drafts)
        ),
    ]
    found = sorted([*_outside(singles, headed), *headed], key=lambda entry: entry.start)
    bold_headings(blocks, {entry.start for entry in found})
    return tuple(_placed(blocks, found))


def _outside(found: list[Found], headed: list[Found]) -> list[Found]:
    """Without what belongs to an entry whose title is a line of its own."""
    covered = {line for entry in headed for line in range(entry.start, entry.end)}
    return [entry for entry in found if entry.start not in covered]


def _placed(blocks: Sequence[Block], found: list[Found]) -> Iterable[Found]:
    """Each entry under its heading; under `Contents` and the like only what has an id."""
    titled = {entry.block.start for entry in found if entry.block.kind is Kind.HEADING}
    headings = [
        block for block in blocks if block.kind is Kind.HEADING and block.start not in titled
    ]
    above = -1
    for entry in found:
        while above + 1 < len(headings) and headings[above + 1].start <= entry.start:
            above += 1
        heading = headings[above] if above >= 0 else None
        title = shown(plain(masked(heading.text))) if heading else ""
        told = is_news(title) and entry.draft.wording is not Wording.LINK
        beside = is_boilerplate(title) and not (
            entry.draft.ids and entry.block.kind is not Kind.PARAGRAPH
        )
        if not (told or beside):
            yield replace(entry, heading=heading)


class _Reader:
    """Decides block by block, children before their parents."""

    def __init__(self, references: dict[str, str]) -> None:
        self._references = references
        self._spans: dict[int, Found] = {}

    def singles(self, blocks: Sequence[Block]) -> list[Found]:
        """Entries that are items, rows and paragraphs."""
        separate: set[int] = set()
        for block in reversed(blocks):
            if block.kind is Kind.HEADING:
                continue
            inner = [child for child in block.children if id(child) in separate]
            if self._decide(block, inner) or inner:
                separate.add(id(block))
        found = []
        for block in blocks:
            if entry := self._spans.get(id(block)):
                others = more_titles(entry.draft)
                found += [entry, *(replace(entry, draft=other) for other in others)]
        return found

    def _decide(self, block: Block, inner: list[Block]) -> bool:
        """Whether the block is an entry; what hangs under it and is none becomes part of it."""
        if not (block.children or self._references or _PROMISING.search(block.text)):
            return False
        own = draft(block.text, self._references, block.header)
        if inner and own and self._belong(own, block, inner):
            self._release(inner)
            inner = []
        end = inner[0].start if inner else block.end
        if inner and inner[0] is block.children[0]:
            end = block.own_end
        mine = [child for child in block.children if child.start < end]
        if mine and own:
            text = "\n".join([block.text, *(text for child in mine for text in texts_of(child))])
            own = draft(text, self._references, block.header) or own
        if own is None or not _stands(own, block):
            return False
        self._spans[id(block)] = Found(block, own, block.start, end)
        return True

    def _belong(self, own: Draft, block: Block, inner: list[Block]) -> bool:
        """Whether what stands under an item names no other paper: `Code: [x](…)`, `[Paper](…)`."""
        below = [self._spans.get(id(child)) for child in inner]
        if not all(below) or own.wording is Wording.LABEL:
            return False
        entries = [entry for entry in below if entry]
        if all(entry.draft.wording is Wording.LABEL for entry in entries):
            return len({paper_id for entry in entries for paper_id in entry.draft.ids}) < 2
        known = set(own.ids)
        return _stands(own, block) and all(
            entry.draft.ids and known >= set(entry.draft.ids) for entry in entries
        )

    def _release(self, blocks: list[Block]) -> None:
        waiting = list(blocks)
        while waiting:
            block = waiting.pop()
            self._spans.pop(id(block), None)
            waiting += block.children

    def headings(
        self, lines: Sequence[Line], blocks: Sequence[Block], taken: set[int]
    ) -> list[Found]:
        """Entries whose title is a heading that is one link: `#### [Title](https://…)`."""
        found: list[Found] = []
        body: list[Block] = []
        end = len(lines)
        for block in reversed(blocks):
            if block.kind is not Kind.HEADING:
                body.append(block)
                continue
            listed = any(b.kind is not Kind.PARAGRAPH and b.start in taken for b in body)
            beside = is_boilerplate(shown(plain(masked(block.text[:2_000]))))
            if not (listed or beside) and _is_one_link(block.text):
                text = "\n".join([block.text, *(below.text for below in reversed(body))])
                last = max([block.end, *(below.end for below in body if below.end <= end)])
                if read := draft(text, self._references):
                    found.append(Found(block, read, block.start, last))
            body, end = [], block.start
        return found


def _is_one_link(text: str) -> bool:
    hidden = masked(text[:2_000])
    found = [span for span in spans(hidden) if not span.image]
    if len(found) != 1 or not found[0].external:
        return False
    if not (found[0].titled or identify(found[0].url)):
        return False
    rest = hidden[: found[0].start] + hidden[found[0].end :]
    return not re.search(r"\w", plain(rest))


def _tells(read: Draft) -> bool:
    """Whether a line on its own is a work without an id: whole title, link, year, no sentence."""
    whole = read.wording in {Wording.LINK, Wording.BOLD, Wording.QUOTED}
    linked = any(span.external and not span.image for span in read.found)
    beside = words(plain(read.outside_title()))
    dated = any(re.fullmatch(r"(?:19|20)\d\d", word) for word in beside)
    return whole and linked and dated and len(words(read.title)) > 3 and len(beside) < 40


def _stands(read: Draft, block: Block) -> bool:
    """Whether a draft is a paper or a project of the list, and not a sentence with a link in it."""
    linked = any(span.external and not span.image for span in read.found)
    paper = any(is_paper_link(span) for span in read.found)
    cited = read.citation is not None and read.citation.year is not None
    if block.kind is Kind.PARAGRAPH:
        leads = read.citation is not None or is_date_or_venue(plain(read.text[: read.start]))
        named = read.wording is not Wording.PLAIN or paper
        return leads and named and bool(read.ids or cited or _tells(read))
    match read.wording:
        case Wording.LINK:
            return True
        case Wording.BOLD | Wording.QUOTED:
            return linked or bool(read.ids)
        case Wording.CITED:
            return cited or linked or bool(read.ids)
        case _:
            return paper or bool(read.ids)
