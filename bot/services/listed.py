"""The list in memory, as of its last change: entries, sections, and what autocomplete proposes."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from bot.domain.identify import identify
from bot.services.shared import Gathered
from storage.catalogue import Catalogue
from storage.listing import key_of
from storage.models import PaperId
from storage.papers import Papers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from storage.database import Database
    from storage.models import Entry, Paper

LONGEST = 200

_BETWEEN = re.compile(r"[^a-z0-9+#.:/]+")


class Standing(NamedTuple):
    """Papers by primary id and the entries of the list, as both stood at one moment."""

    papers: Mapping[PaperId, Paper]
    entries: Mapping[str, Entry]


class Listed:
    """Reads the list again only when it changed; those who ask at once share what they read."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._view = _View(-1, {}, (), ())
        self._read = Gathered(self._look)
        self._papers = Gathered(self._by_id)

    async def look(self, primaries: Sequence[str]) -> Standing:
        """The papers under these primary ids, perhaps more, and the whole list."""
        view, papers = await self._read.get(primaries)
        return Standing(papers, view.entries)

    async def paper(self, named: PaperId) -> Paper | None:
        """The paper known by this id or alias, on the list or not."""
        return (await self._papers.get([named])).get(named)

    async def entries(self) -> Mapping[str, Entry]:
        """The first entry of each paper by the paper's id, the others by `entry:ID`; list order."""
        return (await self._current()).entries

    async def sections(self) -> tuple[str, ...]:
        """The titles of the sections, in list order."""
        return (await self._current()).sections

    async def suggest(self, typed: str, limit: int) -> tuple[tuple[str, str], ...]:
        """(title, key) of the entries that fit the beginning of a title or an id, best first.

        A whole id or link names its paper, also one that is not on the list.
        """
        view = await self._current()
        named = identify(typed)
        if named and (found := await self._named(view, named)):
            return (found,)
        return view.fitting(_folded(typed[:LONGEST]), limit)

    async def _named(self, view: _View, named: PaperId) -> tuple[str, str] | None:
        """(title, key) of the paper that an id or an alias of it names."""
        if entry := view.entries.get(named):
            return entry.title, named
        paper = await self.paper(named)
        return (paper.title, paper.id) if paper else None

    async def _current(self) -> _View:
        view, _ = await self._read.get()
        return view

    async def _by_id(self, ids: Sequence[str]) -> Mapping[PaperId, Paper]:
        named = [PaperId(one) for one in ids]
        return await self._database.read(lambda c: Papers(c).get_many(named))

    async def _look(self, primaries: Sequence[str]) -> tuple[_View, Mapping[PaperId, Paper]]:
        async def work(connection: AsyncConnection) -> tuple[_View, Mapping[PaperId, Paper]]:
            """The list if it is another one than was known, and the papers."""
            view = await _read(connection, self._view)
            return view, await Papers(connection).load(primaries)

        self._view, papers = await self._database.read(work)
        return self._view, papers


class _View(NamedTuple):
    """The list at one revision; `folded` holds (key, entry, title and key as they are compared)."""

    revision: int
    entries: Mapping[str, Entry]
    sections: tuple[str, ...]
    folded: tuple[tuple[str, Entry, str, str], ...]

    def fitting(self, sought: str, limit: int) -> tuple[tuple[str, str], ...]:
        """(title, key) of the entries that fit, best first."""
        ranked = [
            (rank, number, entry.title, key)
            for number, (key, entry, title, named) in enumerate(self.folded)
            if (rank := _rank(sought, title, named)) is not None
        ]
        return tuple((title, key) for _, _, title, key in sorted(ranked)[:limit])


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
        tuple((key, entry, _folded(entry.title), _folded(key)) for key, entry in entries.items()),
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
    if text.isascii():  # twice as fast, and most titles are
        return " ".join(_BETWEEN.sub(" ", text.lower()).split())
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    kept = (
        c if c.isalnum() or c in "+#.:/" else " "
        for c in decomposed
        if not unicodedata.combining(c)
    )
    return " ".join("".join(kept).split())
