"""Works whose title is a line of its own, with their facts in the lines below it.

`### 1. Title` or `**Title**`, then `**Authors**: …`, `- Paper: https://…`,
`[Paper](…) | [Code](…)`.
A line in bold with whole entries below it is a heading instead.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.domain.list_blocks import Block, Kind, texts_of
from bot.domain.list_drafts import Draft, Wording
from bot.domain.list_inline import masked, plain, shown, spans
from bot.domain.list_marks import only_labelled_links
from bot.domain.list_titles import LONGEST
from bot.domain.list_words import is_boilerplate, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_BOLD_LINE = re.compile(r"\s*(?:\*\*|__)(?=\S)([^*_\n]+)(?:\*\*|__)[ \t:：\\]*(?:\n|$)")
_NUMBERED = re.compile(r"\s*(?:\d{1,4}[.)]|\[\d{1,4}\])?\s*")
_DEEPEST = 7
"""The level of a heading that is a line in bold: below all that Markdown has."""


@dataclass(slots=True)
class _Title:
    """A line that may be a title, the blocks below it up to the next such line."""

    block: Block
    body: list[Block] = field(default_factory=list)


def bold_headings(blocks: Sequence[Block], works: set[int]) -> None:
    """Make headings of the lines in bold right above items or rows; `works` start on these lines.

    Changes the blocks.
    """
    for above, below in itertools.pairwise(blocks):
        alone = above.kind is Kind.PARAGRAPH and above.end - above.start == 1
        listed = below.kind in {Kind.ITEM, Kind.ROW} and below.start in works
        bold = (
            _BOLD_LINE.match(above.text) if alone and listed and above.start not in works else None
        )
        if bold and len(words(bold[1])) < 9 and not spans(masked(above.text)):
            above.kind, above.level = Kind.HEADING, _DEEPEST


def titled_works(
    blocks: Sequence[Block], drafts: Mapping[int, Draft]
) -> Iterator[tuple[Block, Draft, int]]:
    """Each such work: its title's block, what it says, the line it ends before.

    `drafts` are the entries found so far by their first lines: a work with entries of their own
    below its title is none.
    """
    found = [
        (title.block, read, max(block.end for block in title.body))
        for title in _titles(blocks)
        if title.body and (read := _work(title, drafts))
    ]
    headed = sum(block.kind is Kind.HEADING for block, _, _ in found)
    yield from (work for work in found if work[0].kind is not Kind.HEADING or headed > 1)


def _titles(blocks: Sequence[Block]) -> Iterator[_Title]:
    current: _Title | None = None
    for block in blocks:
        if block.kind is Kind.HEADING or _is_bold_line(block):
            if current:
                yield current
            current = _Title(block)
        elif current and block.parent is None:
            if current.block.kind is Kind.HEADING or _is_fact(block):
                current.body.append(block)
            else:
                yield current
                current = None
    if current:
        yield current


def _is_bold_line(block: Block) -> bool:
    if block.kind is not Kind.PARAGRAPH:
        return False
    bold = _BOLD_LINE.match(block.text)
    return bold is not None and len(words(bold[1])) > 3 and not spans(masked(block.text[:LONGEST]))


def _is_fact(block: Block) -> bool:
    """Whether a block below a title is about that work: an item, or few words beside its links."""
    hidden = masked(block.text[:LONGEST])
    found = spans(hidden)
    beside = len(words(plain(hidden))) - sum(len(words(span.label)) for span in found)
    return block.kind is Kind.ITEM or (block.kind is Kind.PARAGRAPH and bool(found) and beside < 12)


def _work(title: _Title, drafts: Mapping[int, Draft]) -> Draft | None:
    below = [drafts[block.start] for block in title.body if block.start in drafts]
    if any(read.wording is not Wording.LABEL for read in below):
        return None
    if title.block.kind is Kind.HEADING and not (below or _has_links_line(title.body)):
        return None
    ids = {paper_id for read in below for paper_id in read.ids if paper_id.startswith("arXiv:")}
    read = _draft(title)
    linked = any(span.external and not span.image for span in read.found)
    boilerplate = title.block.kind is Kind.HEADING and is_boilerplate(read.title)
    whole = len(words(read.title)) > 3 and not boilerplate
    return read if linked and len(ids) < 2 and whole else None


def _has_links_line(body: Sequence[Block]) -> bool:
    lines = (line for block in body for line in block.text.split("\n"))
    return any("](" in line and only_labelled_links(line) for line in lines)


def _draft(title: _Title) -> Draft:
    parts = [title.block.text, *(text for block in title.body for text in texts_of(block))]
    return draft_under("\n".join(parts), title.block)


def draft_under(written: str, title: Block) -> Draft:
    """What a work says whose title is the first line of `written`, as `title` is."""
    text = masked(written[:LONGEST])
    line = text.partition("\n")[0]
    bold = _BOLD_LINE.match(text) if title.kind is Kind.PARAGRAPH else None
    number = _NUMBERED.match(line)
    start, end = bold.span() if bold else (number.end() if number else 0, len(line))
    end = start + len(text[start:end].rstrip(" \t\n\\:："))
    name = plain(bold[1] if bold else text[start:end]).strip(" :：")
    wording = Wording.BOLD if bold else Wording.PLAIN
    return Draft(text, spans(text), shown(name.removesuffix(".")), wording, start, end)
