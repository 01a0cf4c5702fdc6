"""Adding an entry to a list file and taking one out: its own lines, and no other byte."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain import sentences
from bot.domain.errors import NotFound, UserError
from bot.domain.list_blocks import Kind
from bot.domain.list_document import Document, document_of
from bot.domain.list_guard import clean_title
from bot.domain.list_marks import is_delimiter
from bot.domain.list_places import Places
from bot.domain.list_shapes import Shapes
from bot.domain.list_text import encode
from bot.domain.sentences import sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.domain.list_entries import Found
    from bot.domain.list_sections import Part
    from storage.models import ListedEntry, Paper


@dataclass(frozen=True, slots=True)
class Insertion:
    """The new file, the entry as it reads there, its place from 0 over the whole list."""

    content: bytes
    entry: ListedEntry
    ordinal: int


def insert(content: bytes, section: str, paper: Paper) -> Insertion:
    """Write a paper at the end of a section in the list's own style; every other byte stays.

    Raises NotFound naming the sections, UserError where the file leaves no place to write.
    """
    document = document_of(content)
    part = part_named(document, section)
    for new in _attempts(document, part, paper):
        if done := _checked(document, content, new, part, paper):
            return done
    raise UserError(
        sentence(
            'The section "{section}" leaves no place for another entry; '
            "add it to the file by hand.",
            section=section,
        )
    )


def part_named(document: Document, section: str) -> Part:
    """The section of that name. Raises NotFound naming those there are."""
    part = next((part for part in document.parts if part.name == section), None)
    if part is None:
        above = sentence("(above the first heading)")
        names = sentences.joined(", ", (part.name or above for part in document.parts))
        raise NotFound(
            sentence(
                'There is no section "{section}"; the list has: {names}.',
                section=section,
                names=names or sentence("no section at all"),
            )
        )
    return part


def _attempts(document: Document, part: Part, paper: Paper) -> Iterator[bytes]:
    """The file with the entry, in the list's own style first."""
    lines = [line.raw for line in document.text.lines]
    places = Places(document, part)
    for shape in Shapes(document, part, paper).all():
        for line, inserted in places.framed(shape):
            yield encode("".join([*lines[:line], inserted, *lines[line:]]))


def _checked(
    before: Document, old: bytes, new: bytes, part: Part, paper: Paper
) -> Insertion | None:
    """The insertion, if the new file reads as the old one and this paper, and can be undone."""
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
    """Take out the entry at `ordinal` with the blank lines before it; it undoes `insert` exactly.

    Raises NotFound where there is no such entry, UserError where it shares its lines with another.
    """
    document = document_of(content)
    alone(document, ordinal)
    return _without(document, ordinal)


def alone(document: Document, ordinal: int) -> Found:
    """The entry at `ordinal`, whose lines are all its own.

    Raises NotFound where there is no such entry, UserError where it shares its lines with another.
    """
    if not 0 <= ordinal < len(document.entries):
        raise NotFound(
            sentence(
                "The list has no entry {n}; it has {count}.",
                n=ordinal,
                count=len(document.entries),
            )
        )
    mine = document.entries[ordinal]
    if any(
        item is not mine and item.start < mine.end and mine.start < item.end
        for item in document.entries
    ):
        raise UserError(
            sentence(
                '"{title}" shares its lines with another paper; edit them by hand.',
                title=mine.entry.title,
            )
        )
    return document.found[ordinal]


def _without(document: Document, ordinal: int) -> bytes:
    raw = [line.raw for line in document.text.lines]
    start, end = cut_of(document, document.found[ordinal])
    return encode(joined(raw[:start], raw[start:end], raw[end:]))


def cut_of(document: Document, found: Found) -> tuple[int, int]:
    """The lines [start, end) that go with an entry: its own and the blank ones before it."""
    lines, start = document.text.lines, found.start
    if found.block.kind is Kind.ROW and (head := head_of_one(document, found)) is not None:
        start = head
    while start and lines[start - 1].empty:
        start -= 1
    return start, found.end


def joined(above: Sequence[str], cut: Sequence[str], below: Sequence[str]) -> str:
    """The lines that are left; a file that did not end in a newline still does not."""
    kept = "".join(above)
    if not cut[-1].endswith("\n"):
        kept = kept.removesuffix("\n").removesuffix("\r") if above else kept
    return kept + "".join(below)


def head_of_one(document: Document, row: Found) -> int | None:
    """Where the head of a table begins that has no other row."""
    lines = document.text.lines
    if row.start < 2 or not is_delimiter(lines[row.start - 1].text):
        return None
    single = row.end >= len(lines) or "|" not in lines[row.end].text
    return row.start - 2 if single else None
