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
    from storage.search import Asker, Hit, SearchIndex, SearchPage

FEW = 3
"""Papers of the list that hold all words, below which a few are named that are not on it."""

BEYOND = 5
"""Papers that are not on the list, named at most."""

SPARE = 5
"""Those looked for besides, since withdrawn ones are not named."""

FAR_MORE = 20
"""How many times as much another spelling has to find where what was typed finds something."""


class Found(NamedTuple):
    """What was looked for and a page of it; `corrected` is the text if not the one typed.

    `beyond` is what fits and is not on the list, None unless hardly anything on the list does.
    """

    query: ParsedQuery
    page: SearchPage
    corrected: str = ""
    beyond: tuple[Hit, ...] | None = None


class Finding:
    """Looks for what a request means; `section` is a whole title or empty."""

    def __init__(self, index: SearchIndex, request: SearchRequest, section: str = "") -> None:
        self._index = index
        self._request = request
        self._section = section
        self._listed = True if request.scope == "list" else None

    async def find(self, query: ParsedQuery, limit: int, offset: int) -> Found:
        """What fits the query, or the spelling of it that the index knows.

        As it was typed it stays where that finds well, and where the other one finds nothing. All
        that is asked of the index is asked at once: a thread is slow to be reached.
        """

        def typed(asker: Asker) -> Found | None:
            """As it was typed, None where another spelling may be meant."""
            return None if asker.doubts(query) else self._whole(asker, query, limit, offset)

        if found := await self._index.ask(typed):
            return found
        instead = await self._index.corrections(query)
        text = queries.respelled(self._request.text, instead) if instead else ""

        def best(asker: Asker) -> Found:
            """As it was meant where that finds more."""
            meant = self._meant(asker, text, query) if text else None
            return self._whole(asker, meant or query, limit, offset, text if meant else "")

        return await self._index.ask(best)

    def _whole(
        self, asker: Asker, query: ParsedQuery, limit: int, offset: int, corrected: str = ""
    ) -> Found:
        found = Found(query, self._search(asker, query, limit, offset), corrected)
        return found if offset else found._replace(beyond=self._beyond(asker, found))

    def _beyond(self, asker: Asker, found: Found) -> tuple[Hit, ...] | None:
        everywhere = self._listed is None or self._section or found.query.sections
        if everywhere or self._all_words(asker, found.query, found.page.total) >= FEW:
            return None
        # Where the list has much that holds some of the words, only what holds all of them is news.
        query = found.query if found.page.total < FEW else _strict(found.query)
        page = asker.search(
            query, listed=False, section=None, limit=BEYOND + SPARE, sort=self._request.sort
        )
        return page.hits

    def _meant(self, asker: Asker, text: str, typed: ParsedQuery) -> ParsedQuery | None:
        """The query of another spelling, None where the one that was typed is as good."""
        meant = asked(self._request, text)
        if not self._search(asker, meant, 1, 0).total:
            return None
        known = self._all_words(asker, typed)
        better = not known or self._all_words(asker, meant) >= FAR_MORE * known
        return meant if known < FEW and better else None

    def _all_words(self, asker: Asker, query: ParsedQuery, total: int | None = None) -> int:
        """How many documents hold all words; `total` holds them all, or else any."""
        if total is not None and (len(query.words) < 2 or total < FEW):
            return total
        return self._search(asker, _strict(query), 1, 0).total

    def _search(self, asker: Asker, query: ParsedQuery, limit: int, offset: int) -> SearchPage:
        return asker.search(
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
