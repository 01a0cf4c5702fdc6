"""Finding papers: what a reader types → the papers that fit, the index kept current on the way."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from bot.domain.errors import NotFound
from bot.domain.identify import identify
from bot.domain.review import choose_section
from bot.domain.sentences import sentence
from bot.services.listed import Listed
from bot.services.search_finding import BEYOND, FEW, SPARE, Finding, Found, asked
from bot.services.search_request import SearchRequest
from bot.services.search_results import SearchResult, SearchResults, made, results_of
from bot.services.shared import Shared
from storage.errors import StorageError
from storage.listing import entry_id_of, key_of
from storage.models import PaperId, ParsedQuery
from storage.watermarks import Watermarks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.services.listed import Standing
    from bot.services.search_request import Scope
    from storage.database import Database
    from storage.search import Hit, SearchIndex, SearchPage

__all__ = ["Search", "SearchResult", "SearchResults"]

PATIENCE = 2.0
"""Seconds a search waits for the index to catch up before it answers from what is there."""

AT_ONCE = 64
"""Searches worked on at once. Of 200 the first are answered and under way to Discord while the last
wait: all of them at once would all be answered last, and threads would crowd out one another."""

SHOWN = 100
"""Characters of what was typed that an error repeats."""

log = structlog.get_logger()


class Search:
    """Answers readers from the index. Those who ask at once share what is read for them."""

    def __init__(self, *, database: Database, index: SearchIndex) -> None:
        self._index = index
        self._listed = Listed(database)
        self._few = asyncio.Semaphore(AT_ONCE)
        self._refreshed = Shared(lambda: index.refresh(database))
        self._harvested = Shared(lambda: database.read(lambda c: Watermarks(c).earliest()))

    async def search(
        self, request: SearchRequest, *, limit: int = 5, offset: int = 0
    ) -> SearchResults:
        """The papers of the list, or of everything known, that fit what somebody typed.

        Any text is fine; an id or a link names its paper. `limit` is of one page.

        Raises:
            NotFound: no section is called so; the text names those there are.
            UserError: the days end before they begin.
        """
        section = await self._section(request.section)
        query = asked(request)
        key = query.paper or request.text.strip()
        if query.paper or entry_id_of(key) is not None:
            return await self._by_name(request, section, key)
        await self._keep_current()
        finding = Finding(self._index, request, section)
        async with self._few:
            found = await finding.find(query, limit, offset)
            return await self._answer(request, found, found.beyond)

    async def similar(
        self, text: str, *, limit: int = 5, offset: int = 0, scope: Scope = "list"
    ) -> SearchResults:
        """What is most like the paper that `text` names, itself left out.

        Raises:
            NotFound: nothing known fits.
        """
        about = await self._about(text)
        await self._keep_current()
        request = SearchRequest(text, scope=scope)
        page = await self._like(about, limit, offset, listed=True if scope == "list" else None)
        found = Found(ParsedQuery(), page)
        if scope == "everything" or offset or page.total >= FEW:
            return await self._answer(request, found, None)
        others = await self._like(about, BEYOND + SPARE, 0, listed=False)
        return await self._answer(request, found, others.hits)

    async def suggest(self, typed: str, limit: int = 25) -> tuple[tuple[str, str], ...]:
        """(title, paper id or entry key) of the entries that `typed` begins, best first."""
        return await self._listed.suggest(typed, limit)

    async def sections(self) -> tuple[str, ...]:
        """The titles of the list's sections, in its order."""
        return await self._listed.sections()

    async def _section(self, typed: str) -> str:
        """The whole title of the section somebody names; empty for none."""
        named = " ".join(typed.split())[:SHOWN]
        return choose_section(named, await self._listed.sections()) if named else ""

    async def _keep_current(self) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                await self._refreshed.get()
        except TimeoutError:
            log.info("searched while the index catches up", revision=self._index.revision)
        except StorageError as error:
            log.warning("searched an index that is behind", reason=str(error))

    async def _by_name(self, request: SearchRequest, section: str, key: str) -> SearchResults:
        """The one result of an id, a link or the key of an entry."""
        found = await self._known(key)
        entry = found.entry if found else None
        elsewhere = section and (entry is None or entry.section != section)
        if found is None or elsewhere:
            return SearchResults(request, "", 0, ())
        if entry or request.scope == "everything":
            return SearchResults(request, "", 1, (found,))
        beyond = () if found.paper and found.paper.withdrawn else (found,)
        return SearchResults(request, "", 0, (), beyond, await self._harvested.get())

    async def _known(self, key: str) -> SearchResult | None:
        """What stands under an id, an alias or the key of an entry."""
        paper = await self._listed.paper(PaperId(key))
        entry = (await self._listed.entries()).get(paper.id if paper else key)
        if paper is None and entry is None:
            return None
        return (await made([(paper, entry, 0.0)], ParsedQuery()))[0]

    async def _about(self, text: str) -> SearchResult:
        """The paper or entry somebody means by an id, a link or words of its title."""
        key = text.strip()
        paper_id = identify(key)
        if found := await self._known(paper_id or key):
            return found
        if paper_id:
            raise NotFound(
                sentence(
                    "I do not know {paper}. Suggest it with /papers submit, "
                    "or look for it with /papers search.",
                    paper=paper_id,
                )
            )
        results = await self.search(SearchRequest(text, scope="everything"), limit=1)
        if not results.results:
            raise NotFound(
                sentence(
                    "Nothing found for “{query}”. Try /papers search with fewer words.",
                    query=key[:SHOWN],
                )
            )
        return results.results[0]

    async def _like(
        self, about: SearchResult, limit: int, offset: int, *, listed: bool | None
    ) -> SearchPage:
        paper, entry = about.paper, about.entry
        return await self._index.similar(
            paper.title if paper else entry.title if entry else "",
            paper.abstract if paper else "",
            without=paper.id if paper else key_of(entry.id, None) if entry else "",
            listed=listed,
            limit=limit,
            offset=offset,
        )

    async def _answer(
        self, request: SearchRequest, found: Found, others: Sequence[Hit] | None
    ) -> SearchResults:
        hits, news = found.page.hits, others or ()
        standing = await self._listed.look([hit.key for hit in (*hits, *news)])
        # The index may not have heard yet that something is gone.
        known = standing.papers.keys() | standing.entries.keys()
        here = standing.entries if request.scope == "list" else known
        shown = [hit for hit in hits if hit.key in here]
        new = [hit for hit in news if _is_news(hit, standing)][:BEYOND]
        results = await results_of([*shown, *new], found.query, standing)
        return SearchResults(
            request,
            found.corrected,
            found.page.total - (len(hits) - len(shown)),
            results[: len(shown)],
            results[len(shown) :],
            None if others is None else await self._harvested.get(),
        )


def _is_news(hit: Hit, standing: Standing) -> bool:
    """Whether it is worth naming though it is not on the list."""
    paper = standing.papers.get(PaperId(hit.key))
    return hit.key not in standing.entries and paper is not None and not paper.withdrawn
