"""Which headings of a list are its sections, and what each is called so that its name is unique."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.list_blocks import Block, Kind
from bot.domain.list_inline import masked, plain, shown
from bot.domain.list_words import is_boilerplate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain.list_entries import Found


@dataclass(frozen=True, slots=True)
class Part:
    """A section: its name, its heading (None above the first), the line of the next heading."""

    name: str
    heading: Block | None
    end: int


_INTRODUCTION = 400
"""Characters of text below a heading that an empty section may have."""


def heading_text(block: Block) -> str:
    """A heading as a reader sees it."""
    return shown(plain(masked(block.text)))


def parts_of(blocks: Sequence[Block], found: Sequence[Found], lines: int) -> tuple[Part, ...]:
    """The headings that hold entries, and empty ones at their level that head nothing else.

    A name that comes twice is preceded by the heading above (`Survey / 2024`), or else counted.
    """
    entries = {entry.block.start for entry in found if entry.block.kind is Kind.HEADING}
    headings = [
        block for block in blocks if block.kind is Kind.HEADING and block.start not in entries
    ]
    holding = {entry.heading.start for entry in found if entry.heading}
    levels = {block.level for block in headings if block.start in holding}
    busy = _busy(blocks, headings)
    starts = [*(block.start for block in headings[1:]), lines]
    parts = []
    if any(entry.heading is None for entry in found):
        parts.append(Part("", None, headings[0].start if headings else lines))
    for index, (block, end) in enumerate(zip(headings, starts, strict=False)):
        below = headings[index + 1] if index + 1 < len(headings) else None
        leads = below is not None and below.level > block.level
        plain = not leads and block.start not in busy and "](" not in block.text
        empty = block.level in levels and plain
        if block.start in holding or (empty and not is_boilerplate(heading_text(block))):
            parts.append(Part(_qualified(headings, index), block, end))
    names = _unique([part.name for part in parts], [_plain_name(part) for part in parts])
    return tuple(
        Part(name, part.heading, part.end) for name, part in zip(names, parts, strict=True)
    )


def _busy(blocks: Sequence[Block], headings: Sequence[Block]) -> set[int]:
    """Where the headings start that have more below them than a few words."""
    busy, starts = set(), {block.start for block in headings}
    above: int | None = None
    for block in blocks:
        if block.start in starts:
            above = block.start
        elif above is not None:
            words_only = block.kind is Kind.PARAGRAPH and len(block.text) < _INTRODUCTION
            if not words_only or "](" in block.text:
                busy.add(above)
    return busy


def _plain_name(part: Part) -> str:
    return heading_text(part.heading) if part.heading else ""


def _qualified(headings: list[Block], index: int) -> str:
    """The heading's name after that of the heading it stands under."""
    name = heading_text(headings[index])
    level = headings[index].level
    above = next(
        (block for block in reversed(headings[max(0, index - 200) : index]) if block.level < level),
        None,
    )
    return f"{heading_text(above)} / {name}" if above else name


def _unique(qualified: list[str], names: list[str]) -> list[str]:
    """The short name where nothing else has it, else the qualified one, else that numbered."""
    once = Counter(names)
    chosen = [
        name if once[name] == 1 else long for name, long in zip(names, qualified, strict=True)
    ]
    seen: Counter[str] = Counter()
    for index, name in enumerate(chosen):
        seen[name] += 1
        if seen[name] > 1:
            chosen[index] = f"{name} ({seen[name]})"
    return chosen
