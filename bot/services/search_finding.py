"""One request put to the index: as it was typed, else as it was meant; then beyond the list."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from bot.domain import query as queries
from bot.domain.errors import UserError
from bot.domain.sentences import sentence
from bot.domain.words import STOP_WORDS

if TYPE_CHECKING:
    from datetime import date

    from bot.services.search_request import SearchRequest
    from storage.models import ParsedQuery
    from storage.search import Hit, SearchIndex, SearchPage

FEW = 3
"""Papers of the list that hold all words, below which a few are named that are not on it."""

BEYOND = 5
"""Papers that are not on the list, named at most."""

SPARE = 5
"""Those looked for besides, since withdrawn ones are not named."""

FAR_MORE = 20
"""How many times as much another spelling has to find where what was typed finds something."""


class Found(NamedTuple):
    """What was looked for and a page of it; `corrected` is the text if not the one typed."""

    query: ParsedQuery
    page: SearchPage
    corrected: str = ""


class Finding:
    """Looks for what a request means; `section` is a whole title or empty."""

    def __init__(self, index: SearchIndex, request: SearchRequest, section: str = "") -> None:
        self._index = index
        self._request = request
        self._section = section
        self._listed = True if request.scope == "list" else None

    async def find(self, query: ParsedQuery, limit: int, offset: int) -> Found:
        """What fits the query, or the spelling of it that the index knows.

        As it was typed it stays where that finds well, and where the other one finds nothing.
        """
        typed = Found(query, await self._search(query, limit, offset))
        instead = await self._index.corrections(query)
        if not instead:
            return typed
        text = queries.respelled(self._request.text, instead)
        meant = asked(self._request, text)
        page = await self._search(meant, limit, offset)
        better = page.total and await self._is_better(meant, query)
        return Found(meant, page, text) if better else typed

    async def beyond(self, found: Found) -> tuple[Hit, ...] | None:
        """What is not on the list and fits, None unless hardly anything on the list does."""
        everywhere = self._listed is None or self._section or found.query.sections
        if everywhere or await self._whole(found.query, found.page.total) >= FEW:
            return None
        # Where the list has much that holds some of the words, only what holds all of them is news.
        query = found.query if found.page.total < FEW else _strict(found.query)
        page = await self._index.search(
            query, listed=False, section=None, limit=BEYOND + SPARE, sort=self._request.sort
        )
        return page.hits

    async def _is_better(self, meant: ParsedQuery, typed: ParsedQuery) -> bool:
        known = await self._whole(typed)
        return known < FEW and (not known or await self._whole(meant) >= FAR_MORE * known)

    async def _whole(self, query: ParsedQuery, total: int | None = None) -> int:
        """How many documents hold all words; `total` holds them all, or else any."""
        if total is not None and (len(query.words) < 2 or total < FEW):
            return total
        return (await self._search(_strict(query), 1, 0)).total

    async def _search(self, query: ParsedQuery, limit: int, offset: int) -> SearchPage:
        return await self._index.search(
            query,
            listed=self._listed,
            section=self._section or None,
            limit=limit,
            offset=offset,
            sort=self._request.sort,
        )


def asked(request: SearchRequest, text: str | None = None) -> ParsedQuery:
    """The query of a request, or of another text in its place.

    Raises UserError: its days end before they begin.
    """
    query = queries.parse(request.text if text is None else text)
    since = max(_given(request.since, query.since), default=None)
    until = min(_given(request.until, query.until), default=None)
    if since and until and since > until:
        raise UserError(
            sentence(
                "Nothing is from {since} on and until {until} at once: swap the two.",
                since=since.isoformat(),
                until=until.isoformat(),
            )
        )
    return replace(query, since=since, until=until)


def _given(*days: date | None) -> list[date]:
    return [day for day in days if day is not None]


def _strict(query: ParsedQuery) -> ParsedQuery:
    """The query with all words that tell something required, as phrases are."""
    telling = [word for word in query.words if word.casefold() not in STOP_WORDS] or query.words
    return replace(query, words=(), phrases=(*query.phrases, *telling))
