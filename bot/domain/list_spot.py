"""One entry in its file: what can be put for its lines, and whether the file reads well with it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from bot.domain.entry_style import Writer
from bot.domain.list_anew import dated, own_urls, paper_of
from bot.domain.list_blocks import Kind
from bot.domain.list_document import document_of
from bot.domain.list_edit import alone
from bot.domain.list_entries import references_of
from bot.domain.list_fitting import COUNTED
from bot.domain.list_marks import ITEM
from bot.domain.list_own import own_text, with_text
from bot.domain.list_relink import relinked
from bot.domain.list_shapes import Shapes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.domain.list_entries import Found
    from bot.domain.list_sections import Part
    from storage.models import Link, ListedEntry, Paper

_MODELS = 2


@dataclass(frozen=True, slots=True)
class Edited:
    """The new file, and the entry as it reads there."""

    content: bytes
    entry: ListedEntry


class Place:
    """The entry at `ordinal`; `own` is its text, None where that cannot be changed in part."""

    def __init__(self, content: bytes, ordinal: int) -> None:
        """Raises NotFound where there is no such entry, UserError where it shares its lines."""
        self._document = document_of(content)
        self.content, self.ordinal = content, ordinal
        self.found = alone(self._document, ordinal)
        self.entry = self._document.entries[ordinal].entry
        references = references_of(self._document.text.lines)
        self.own = own_text(self._document, self.found, references)
        self._kept = own_urls(self.found.draft)

    def pages(self) -> tuple[Link, ...]:
        """The links that lead to the paper itself."""
        return tuple(link for link in self.entry.links if link.url in self._kept)

    def beside(self) -> tuple[Link, ...]:
        """The other links."""
        return tuple(link for link in self.entry.links if link.url not in self._kept)

    def has_just(self, entry: ListedEntry, links: Sequence[Link]) -> bool:
        """Whether an entry has these links and the paper's own, and no other."""
        urls = {link.url for link in entry.links}
        beside = {_folded(link) for link in entry.links if link.url not in self._kept}
        wanted = {_folded(link) for link in links if link.url not in self._kept}
        return urls >= {link.url for link in self.pages()} and beside == wanted

    def with_text(self, text: str, expected: ListedEntry) -> Edited | None:
        """The file with `text`, masked, for the entry, if all reads as it should.

        Title, ids and section must be as in `expected`, all other entries as before.
        """
        content = with_text(self._document, self.found, text)
        after = document_of(content)
        others = [item.entry for item in self._document.entries]
        read = [item.entry for item in after.entries]
        if len(read) != len(others):
            return None
        entry, read[self.ordinal] = read[self.ordinal], others[self.ordinal]
        names = [part.name for part in after.parts] == [part.name for part in self._document.parts]
        if read != others or not names or _identity(entry) != _identity(expected):
            return None
        return Edited(content, entry)

    def relinked(self, links: Sequence[Link]) -> Iterator[str]:
        """The entry's text with these links beside its own, the best way first; masked."""
        if self.own:
            yield from relinked(self._document, self.found, self.own, links, self._kept)

    def anew(self, entry: ListedEntry) -> Iterator[str]:
        """The entry written anew in its own form, then as its neighbours are; masked."""
        paper = paper_of(entry, self._kept)
        part = next(p for p in self._document.parts if p.heading is self.found.heading)
        if paper is None:
            return
        near = [
            other
            for other in reversed(self._document.found)
            if other.heading is self.found.heading and other.block.kind is self.found.block.kind
        ]
        for model in dict.fromkeys([self.found, *near[:_MODELS]]):
            shape = partial(self._shape, part, model)
            if written := dated(paper, shape):
                yield self._in_place(written)
        if plain := self._plain(paper):
            yield self._in_place(plain)

    def _shape(self, part: Part, model: Found, paper: Paper) -> str | None:
        return Shapes(self._document, part, paper).like(model)

    def _plain(self, paper: Paper) -> str:
        link = Writer(paper).plain_link()
        match self.found.block.kind:
            case Kind.ITEM:
                return f"- {link}"
            case Kind.HEADING:
                return f"{'#' * self.found.block.level} {link}"
            case Kind.PARAGRAPH:
                return link
            case _:
                return ""

    def _in_place(self, shape: str) -> str:
        """A shape with the entry's own marker and number and its own line endings."""
        raw = [line.raw for line in self._document.text.lines[self.found.start : self.found.end]]
        marker = ITEM.match(shape)
        if self.found.block.kind is Kind.ITEM and marker:
            shape = self.found.block.marker + shape[marker.end() :]
        old, new = COUNTED.match(raw[0]), COUNTED.match(shape)
        if old and new and self.found.block.kind is not Kind.ITEM:
            shape = new[1] + old[2] + shape[new.end() :]
        ending = "\r\n" if "\r\n" in "".join(raw) else "\n"
        last = re.search(r"[\r\n]*$", raw[-1])
        return shape.replace("\n", ending) + (last[0] if last else "")


def _folded(link: Link) -> tuple[str, str]:
    return " ".join(link.label.casefold().split()), link.url


def _identity(entry: ListedEntry) -> tuple[object, ...]:
    return entry.section, entry.title, entry.ids
