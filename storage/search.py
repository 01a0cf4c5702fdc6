"""The full-text index: it follows the database by revision and can be thrown away."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NotRequired, TypedDict, Unpack

from storage import search_asking, search_similar
from storage.models import Sort
from storage.search_asking import Hit, SearchPage, Wanted
from storage.search_corrections import Corrections, unknown
from storage.search_follow import Follower
from storage.search_place import Place
from storage.search_similar import Likeness

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from typing import TypeVar

    from storage.database import Database
    from storage.models import ParsedQuery
    from storage.search_view import View

    T = TypeVar("T")

__all__ = ["Asker", "Hit", "SearchIndex", "SearchPage"]

DEEPEST = 10_000
"""The last offset that is served."""


class Asking(TypedDict):
    """What `Asker.search` takes beside a query."""

    listed: bool | None
    section: str | None
    limit: int
    offset: NotRequired[int]
    sort: NotRequired[Sort]


class Asker:
    """The index as it is at one moment, asked from a thread: all its methods are blocking."""

    def __init__(self, view: View) -> None:
        self._view = view

    def search(
        self,
        query: ParsedQuery,
        *,
        listed: bool | None,
        section: str | None,
        limit: int,
        offset: int = 0,
        sort: Sort = Sort.RELEVANCE,
    ) -> SearchPage:
        """One page of what fits; `listed`, `section` (a whole title): None for all."""
        if limit < 1 or not 0 <= offset <= DEEPEST:
            return SearchPage(0, ())
        wanted = Wanted(query, listed, section, sort)
        return search_asking.search(self._view, wanted, limit=limit, offset=offset)

    def doubts(self, query: ParsedQuery) -> bool:
        """Whether it hardly knows some word, so that `SearchIndex.corrections` may know better."""
        return bool(unknown(query, self._view))


class SearchIndex:
    """What can be found, listed or not.

    It is opened at its first use. Only the process that holds the database's lease opens it
    `writable`; another one reads it where it stands, and goes on with a private copy once that
    falls behind the database.
    """

    def __init__(self, place: Place) -> None:
        self._follower = Follower(place)
        self._corrections = Corrections()

    @classmethod
    def open(cls, directory: Path | None, *, writable: bool) -> SearchIndex:
        """The index in `directory`, None for one in memory. Touches nothing yet."""
        return cls(Place(directory, writable=writable))

    async def __aenter__(self) -> SearchIndex:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @property
    def revision(self) -> int:
        """The database's revision up to which everything is in the index."""
        return self._follower.revision

    async def refresh(self, database: Database) -> int:
        """Apply what changed, and return how many documents that were.

        Where much changed (a harvest, a rebuild) only what is on the list is applied at once, and
        the rest follows in the background. Raises StorageError.
        """
        return await self._follower.refresh(database)

    async def complete(self) -> None:
        """Wait for what follows in the background."""
        await self._follower.complete()
        await self._corrections.complete()

    async def search(self, query: ParsedQuery, **asking: Unpack[Asking]) -> SearchPage:
        """One page of what fits: see `Asker.search`."""
        return await self.ask(lambda asker: asker.search(query, **asking))

    async def ask(self, work: Callable[[Asker], T]) -> T:
        """What `work` finds out in a thread: all it asks is answered as of one moment."""
        shelf = await self._follower.opened()
        return await asyncio.to_thread(work, Asker(shelf.view))

    async def corrections(self, query: ParsedQuery) -> Mapping[str, str]:
        """What is looked for instead of words the index hardly knows, as typed: whole words.

        Words, those of `title:` and of `author:` are looked at. The first such query waits up to
        a second for the table of words, and nothing is corrected where that takes longer.
        """
        shelf = await self._follower.opened()
        return await self._corrections.of(query, shelf.view)

    async def similar(
        self,
        title: str,
        abstract: str,
        *,
        without: str,
        listed: bool | None,
        limit: int,
        offset: int = 0,
    ) -> SearchPage:
        """One page of what is most like a paper, but for the document `without` (its key)."""
        shelf = await self._follower.opened()
        if limit < 1 or not 0 <= offset <= DEEPEST:
            return SearchPage(0, ())
        paper = Likeness(title, abstract, without, listed)
        return await asyncio.to_thread(
            search_similar.similar, shelf.view, paper, limit=limit, offset=offset
        )

    async def close(self) -> None:
        """Stop after the commit under way."""
        await self._corrections.close()
        await self._follower.close()
