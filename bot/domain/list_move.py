"""Moving an entry into another section of the same list: its own lines, and no other byte."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.errors import UserError
from bot.domain.list_anew import own_urls, paper_of, shapes_of
from bot.domain.list_change import edit, told
from bot.domain.list_document import document_of
from bot.domain.list_edit import Insertion, alone, cut_of, joined, part_named
from bot.domain.list_fitting import Fitting
from bot.domain.list_places import Places
from bot.domain.list_text import encode
from bot.domain.sentences import sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.domain.list_document import Document
    from bot.domain.list_entries import Found
    from bot.domain.list_sections import Part
    from storage.models import ListedEntry


def move(content: bytes, ordinal: int, section: str) -> Insertion:
    """Take the entry at `ordinal` (from 0 over the whole list) to the end of `section`.

    Its own lines stay as they are where the section's form takes them, with the next number where
    it counts; elsewhere the entry is written anew in the section's style, with its links. Every
    other byte stays but the blank lines before the old place. The answer holds the new place.

    Raises NotFound where there is no such entry or section (naming those there are), UserError
    where it stands in that section already, shares its lines with another paper, or finds no place.
    """
    document = document_of(content)
    found, part = alone(document, ordinal), part_named(document, section)
    entry = document.entries[ordinal].entry
    if entry.section == section:
        where = section or sentence("the beginning")
        raise UserError(
            sentence('"{title}" stands in "{section}" already.', title=entry.title, section=where)
        )
    for new, kept in _attempts(document, part, found, entry):
        if done := _checked(document, new, ordinal, section, kept=kept):
            return done if kept else _with_links(done, found, entry)
    raise UserError(
        sentence(
            '"{title}" cannot be moved to "{section}" without harm to the file; '
            "move it there by hand.",
            title=entry.title,
            section=section,
        )
    )


def _with_links(done: Insertion, found: Found, old: ListedEntry) -> Insertion:
    """The move with the links beside the paper's own for which the section's style had no place."""
    own = own_urls(found.draft)
    beside = [link for link in old.links if link.url not in own]
    if {link.url for link in beside} <= {link.url for link in done.entry.links}:
        return done
    try:
        edited = edit(done.content, done.ordinal, "", beside)
    except UserError:
        return done
    return Insertion(edited.content, edited.entry, done.ordinal)


def _attempts(
    document: Document, part: Part, found: Found, entry: ListedEntry
) -> Iterator[tuple[bytes, bool]]:
    """The file with the entry at its new place; whether its lines say what they said."""
    places = Places(document, part)
    own = Fitting(document, part).fitted(found)
    if own is not None:
        for line, inserted in places.verbatim(own):
            yield _moved(document, found, line, inserted), True
    paper = paper_of(entry, own_urls(found.draft))
    if paper is not None:
        for shape in shapes_of(document, part, paper):
            for line, inserted in places.framed(shape):
                yield _moved(document, found, line, inserted), False


def _moved(document: Document, found: Found, line: int, inserted: str) -> bytes:
    raw = [line.raw for line in document.text.lines]
    start, end = cut_of(document, found)
    above, below = raw[:start], raw[end:]
    if line <= start:
        above.insert(line, inserted)
    else:
        below.insert(line - end, inserted)
    return encode(joined(above, raw[start:end], below))


def _checked(
    before: Document, new: bytes, ordinal: int, section: str, *, kept: bool
) -> Insertion | None:
    """The move, if all others read as before and the entry as itself in its new section."""
    after = document_of(new)
    old = before.entries[ordinal].entry
    others = [item.entry for at, item in enumerate(before.entries) if at != ordinal]
    read = [item.entry for item in after.entries]
    place = next((at for at, (a, b) in enumerate(zip(others, read, strict=False)) if a != b), None)
    place = len(others) if place is None else place
    if len(read) != len(others) + 1 or read[:place] + read[place + 1 :] != others:
        return None
    entry = read[place]
    same = (entry.section, entry.title, entry.ids[:1]) == (section, old.title, old.ids[:1])
    if kept:
        same = same and told(entry) == told(old)
    return Insertion(new, entry, place) if same else None
