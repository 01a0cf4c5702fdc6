"""The list's entries in memory, as of its last change, and what autocomplete proposes from them."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from storage.catalogue import Catalogue
from storage.listing import key_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.ext.asyncio import AsyncConnection

    from storage.database import Database
    from storage.models import Entry

LONGEST = 200


class Listed:
    """Reads the list again only when it changed."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._view = _View(-1, {}, (), ())

    async def entries(self) -> Mapping[str, Entry]:
        """The first entry of each paper by the paper's id, the others by `entry:ID`; list order."""
        return (await self._current()).entries

    async def sections(self) -> tuple[str, ...]:
        """The titles of the sections, in list order."""
        return (await self._current()).sections

    async def suggest(self, typed: str, limit: int) -> tuple[tuple[str, str], ...]:
        """(title, key) of the entries that fit the beginning of a title or an id, best first."""
        sought = _folded(typed[:LONGEST])
        ranked = [
            (rank, number, entry.title, key)
            for number, (key, entry, folded) in enumerate((await self._current()).folded)
            if (rank := _rank(sought, folded, key.casefold())) is not None
        ]
        return tuple((title, key) for _, _, title, key in sorted(ranked)[:limit])

    async def _current(self) -> _View:
        self._view = await self._database.read(lambda c: _read(c, self._view))
        return self._view


class _View(NamedTuple):
    """The list at one revision; `folded` holds (key, entry, title as it is compared)."""

    revision: int
    entries: Mapping[str, Entry]
    sections: tuple[str, ...]
    folded: tuple[tuple[str, Entry, str], ...]


async def _read(connection: AsyncConnection, known: _View) -> _View:
    catalogue = Catalogue(connection)
    revision = await catalogue.revision()
    if revision == known.revision:
        return known
    entries: dict[str, Entry] = {}
    for entry in await catalogue.entries():
        entries.setdefault(key_of(entry.id, entry.paper), entry)
    return _View(
        revision,
        entries,
        tuple(section.title for section in await catalogue.sections()),
        tuple((key, entry, _folded(entry.title)) for key, entry in entries.items()),
    )


def _rank(sought: str, title: str, key: str) -> int | None:
    """0 where the title begins so, 1 for a word, 2 all words anywhere, 3 an id; None: no fit."""
    if title.startswith(sought):
        return 0
    if f" {sought}" in title:
        return 1
    if all(word in title for word in sought.split()):
        return 2
    return 3 if sought in key else None


def _folded(text: str) -> str:
    """Lower case without accents, words apart by one blank."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    kept = (
        c if c.isalnum() or c in "+#.:/" else " "
        for c in decomposed
        if not unicodedata.combining(c)
    )
    return " ".join("".join(kept).split())
