"""Finding papers: what a reader types → the papers that fit, the index kept current on the way."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import structlog

from bot.domain import query as queries
from bot.services.listed import Listed
from bot.services.plain_text import plain
from storage.errors import StorageError
from storage.listing import entry_id_of
from storage.models import PaperId, ParsedQuery
from storage.papers import Papers
from storage.search_snippet import snippet

if TYPE_CHECKING:
    from collections.abc import Mapping

    from storage.database import Database
    from storage.models import Entry, Paper
    from storage.search import SearchIndex, SearchPage

Scope = Literal["list", "everything"]

PATIENCE = 2.0
"""Seconds a search waits for the index to catch up before it answers from what is there."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One paper that fits, its place on the list if it has one, or an entry without a paper.

    `snippet` is a passage of the abstract: (text, whether it was looked for) in order.
    """

    paper: Paper | None
    entry: Entry | None
    score: float
    snippet: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class SearchResults:
    """The answer to `query`: how many fit in all and one page of them, best first.

    `corrected` is what was looked for instead, empty where that is the query itself.
    """

    query: str
    corrected: str
    total: int
    results: tuple[SearchResult, ...]


class Search:
    """Answers readers from the index."""

    def __init__(self, *, database: Database, index: SearchIndex) -> None:
        self._database = database
        self._index = index
        self._listed = Listed(database)

    async def search(
        self,
        text: str,
        *,
        scope: Scope = "list",
        section: str | None = None,
        limit: int = 5,
        offset: int = 0,
    ) -> SearchResults:
        """The papers of the list, or of everything known, that fit what somebody typed.

        Any text is fine; an id or a link names its paper. `section` is the title of one section.
        """
        if entry_id_of(text.strip()) is not None:
            entry = (await self._listed.entries()).get(text.strip())
            if entry is not None:
                return _one(text, SearchResult(None, entry, 0.0, ()))
        query = queries.parse(text)
        if query.paper is not None:
            return await self._named(text, query.paper, scope, section)
        await self._keep_current()
        page = await self._index.search(
            query,
            listed=True if scope == "list" else None,
            section=section or None,
            limit=limit,
            offset=offset,
        )
        return await self._answer(text, query, page, scope)

    async def suggest(self, typed: str, limit: int = 25) -> tuple[tuple[str, str], ...]:
        """(title, paper id or entry key) of the entries that `typed` begins, best first."""
        return await self._listed.suggest(typed, limit)

    async def sections(self) -> tuple[str, ...]:
        """The titles of the list's sections, in its order."""
        return await self._listed.sections()

    async def _keep_current(self) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                await self._index.refresh(self._database)
        except TimeoutError:
            log.info("searched while the index catches up", revision=self._index.revision)
        except StorageError as error:
            log.warning("searched an index that is behind", reason=str(error))

    async def _named(
        self, text: str, paper_id: PaperId, scope: Scope, section: str | None
    ) -> SearchResults:
        paper = await self._database.read(lambda c: Papers(c).get(paper_id))
        if paper is None:
            return SearchResults(text, "", 0, ())
        entry = (await self._listed.entries()).get(paper.id)
        elsewhere = section and (entry is None or entry.section != section)
        if elsewhere or (scope == "list" and entry is None):
            return SearchResults(text, "", 0, ())
        return _one(text, await asyncio.to_thread(_result, ParsedQuery(), paper, entry, 0.0))

    async def _answer(
        self, text: str, query: ParsedQuery, page: SearchPage, scope: Scope
    ) -> SearchResults:
        keys = [PaperId(hit.key) for hit in page.hits]
        papers = await self._database.read(lambda c: Papers(c).load(keys))
        listed = await self._listed.entries()
        results = await asyncio.to_thread(_results, query, page, papers, listed)
        if scope == "list":
            # The index may not have heard yet that an entry is gone.
            results = [result for result in results if result.entry is not None]
        total = page.total - (len(page.hits) - len(results))
        return SearchResults(text, "", total, tuple(results))


def _results(
    query: ParsedQuery,
    page: SearchPage,
    papers: Mapping[PaperId, Paper],
    listed: Mapping[str, Entry],
) -> list[SearchResult]:
    found = [(papers.get(PaperId(hit.key)), listed.get(hit.key), hit.score) for hit in page.hits]
    return [_result(query, paper, entry, score) for paper, entry, score in found if paper or entry]


def _result(
    query: ParsedQuery, paper: Paper | None, entry: Entry | None, score: float
) -> SearchResult:
    abstract = plain(paper.abstract) if paper else ""
    return SearchResult(paper, entry, score, snippet(query, abstract))


def _one(text: str, result: SearchResult) -> SearchResults:
    return SearchResults(text, "", 1, (result,))
