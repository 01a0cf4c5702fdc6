"""/papers search and similar, a page at a time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.commands import search_words
from bot.commands.entry_lines import title_of
from bot.commands.paging import PAGE, Pager, carried, pages_of
from bot.commands.reply import Reply, say
from bot.commands.search_reply import results_reply, search_reply
from bot.domain import review
from bot.domain.sentences import sentence
from storage.models import Via

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.commands.registry import Context
    from bot.services.parcels import Parcels
    from bot.services.ports import Clock
    from bot.services.reading import Reading
    from bot.services.search import Search
    from bot.services.search_request import Scope, SearchRequest
    from bot.services.search_results import SearchResults

SEARCH_PAGE, SIMILAR, SIMILAR_PAGE = "page", "similar", "similarpage"

AT_CONSOLE = 20
"""Results shown at once where no button can lead to the next page."""


class FindingCommands:
    """Search and similar; their buttons carry the whole question."""

    def __init__(self, *, search: Search, reading: Reading, parcels: Parcels, clock: Clock) -> None:
        self._search = search
        self._reading = reading
        self._parcels = parcels
        self._clock = clock

    async def search(
        self,
        context: Context,
        query: str,
        section: str = "",
        since: str = "",
        until: str = "",
        sort: str = "relevance",
        scope: str = "list",
    ) -> Reply:
        """The best few papers for a query."""
        titled = await self._section(section)
        request = search_words.read_request(query, titled, since, until, sort, scope)
        return await self._found(request, 1, _size(context))

    async def page(self, _context: Context, argument: str, _value: str) -> Reply:
        """Another page of a search, in the place of the one before."""
        page, packed = carried(argument)
        request = search_words.read(await self._parcels.unpack(packed))
        return replace(await self._found(request, page, PAGE), in_place=True)

    async def similar(self, context: Context, paper: str, scope: str = "list") -> Reply:
        """The papers most like one."""
        return await self._like(paper, search_words.read_scope(scope), 1, _size(context))

    async def similar_press(self, context: Context, argument: str, _value: str) -> Reply:
        """The same from a button that names the paper."""
        return await self.similar(context, argument)

    async def similar_page(self, _context: Context, argument: str, _value: str) -> Reply:
        """Another page of what is like a paper, in the place of the one before."""
        page, packed = carried(argument)
        scope, _, paper = (await self._parcels.unpack(packed)).partition(" ")
        found = await self._like(paper, search_words.read_scope(scope), page, PAGE)
        return replace(found, in_place=True)

    async def _section(self, typed: str) -> str:
        if not typed.strip():
            return ""
        return review.choose_section(typed, await self._search.sections())

    async def _found(self, request: SearchRequest, page: int, size: int) -> Reply:
        async def look(offset: int) -> SearchResults:
            return await self._search.search(request, limit=size, offset=offset)

        results, page = await _at_page(look, page, size)
        pager = await self._pager(
            SEARCH_PAGE, search_words.written(request), page, results.total, size
        )
        return search_reply(results, pager, today=self._clock.now().date())

    async def _like(self, paper: str, scope: Scope, page: int, size: int) -> Reply:
        shown = await self._reading.show(paper)

        async def look(offset: int) -> SearchResults:
            return await self._search.similar(shown.key, limit=size, offset=offset, scope=scope)

        results, page = await _at_page(look, page, size)
        title = title_of(shown)
        if not (results.results or results.beyond):
            return say(sentence("Nothing is like “{title}” yet.", title=title))
        pager = await self._pager(SIMILAR_PAGE, f"{scope} {shown.key}", page, results.total, size)
        return results_reply(
            results,
            pager,
            title=sentence("Like “{title}”", title=title),
            today=self._clock.now().date(),
        )

    async def _pager(self, action: str, text: str, page: int, total: int, size: int) -> Pager:
        """The pages of an answer; what its buttons carry is packed where there are any."""
        paged = size == PAGE
        packed = await self._parcels.pack(text) if paged and total > size else ""
        return Pager(action, packed, page, total, size, paged=paged)


async def _at_page(
    look: Callable[[int], Awaitable[SearchResults]], page: int, size: int
) -> tuple[SearchResults, int]:
    """That page of the results, or the last one where there are fewer by now."""
    results = await look((page - 1) * size)
    last = pages_of(results.total, size)
    if page > last:
        results, page = await look((last - 1) * size), last
    return results, page


def _size(context: Context) -> int:
    return AT_CONSOLE if context.via is Via.CONSOLE else PAGE
