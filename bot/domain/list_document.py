"""A list file taken apart: its lines, its sections, its entries, and what is odd about it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from bot.domain.list_blocks import blocks_of
from bot.domain.list_entries import Found, entries_of
from bot.domain.list_sections import Part, parts_of
from bot.domain.list_text import decode, read
from bot.domain.list_warnings import duplicates, oddities
from storage.models import ListedEntry

if TYPE_CHECKING:
    from bot.domain.list_text import ListText

_KEPT = 3


@dataclass(frozen=True, slots=True)
class ParsedEntry:
    """An entry and its lines [start, end), from 0. Two papers in one item share their lines."""

    entry: ListedEntry
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ParsedList:
    """What a list file holds. `sections` have unique names; `duplicates` are part of `warnings`."""

    sections: tuple[str, ...]
    entries: tuple[ParsedEntry, ...]
    duplicates: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A list file taken apart: what `parse` tells, and what it takes to write into the file."""

    text: ListText
    parts: tuple[Part, ...]
    found: tuple[Found, ...]
    entries: tuple[ParsedEntry, ...]


def parse(content: bytes) -> ParsedList:
    """Read a list file. Never raises, whatever the bytes; takes time in proportion to them."""
    document = document_of(content)
    numbered = [(item.start + 1, item.entry) for item in document.entries]
    twice = duplicates(numbered)
    return ParsedList(
        tuple(part.name for part in document.parts),
        document.entries,
        twice,
        twice + oddities(document.text, numbered),
    )


@lru_cache(maxsize=_KEPT)
def document_of(content: bytes) -> Document:
    """Read a list file for writing into it."""
    # A change reads the file before and after; the next one begins with what it read last.
    text = read(decode(content))
    blocks = blocks_of(text.lines)
    found = entries_of(text.lines, blocks)
    parts = parts_of(blocks, found, len(text.lines))
    names = {part.heading.start if part.heading else -1: part.name for part in parts}
    entries = tuple(_entry(text, entry, names) for entry in found)
    return Document(text, parts, found, entries)


def _entry(text: ListText, found: Found, names: dict[int, str]) -> ParsedEntry:
    read = found.draft
    entry = ListedEntry(
        section=names[found.heading.start if found.heading else -1],
        markdown="".join(line.raw for line in text.lines[found.start : found.end]).rstrip("\r\n"),
        title=read.title,
        ids=read.ids,
        authors=read.authors,
        year=read.year,
        links=read.links,
    )
    return ParsedEntry(entry, found.start, found.end)
