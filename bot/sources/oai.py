"""The harvest by OAI-PMH, the route of record: the only one that can be shown complete."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yarl import URL

from bot.domain.errors import SourceError
from bot.services.aside import aside
from bot.services.ports import HarvestPage
from bot.sources.asking import LONGEST_BUSY, TIMEOUT, Asking
from bot.sources.categories import set_spec
from bot.sources.oai_count import Count
from bot.sources.oai_xml import OaiPage, check_identify, parse
from storage.precedence import ANSWERS_FIRST

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import date

    import aiohttp

    from bot.sources.manners import Manners

_LARGE = 2**16
"""Bytes above which a page is parsed in a thread."""
_PATIENCE = 30.0
"""Seconds a person who only asks whether arXiv is there may have to wait for the turn."""
_LONG_PATIENCE = 1.5 * LONGEST_BUSY
"""Seconds a person who harvests may have to wait for a turn, so that a busy arXiv ends no pass."""


class OaiHarvester:
    """Every record of a set modified since a day. `base_url` is `https://oaipmh.arxiv.org/oai`.

    A harvest `by_person` asks at any hour and does not sit a long cool-down out; a machine's does
    both the other way.
    """

    def __init__(
        self,
        *,
        session: aiohttp.ClientSession,
        manners: Manners,
        base_url: str,
        by_person: bool = False,
        timeout: aiohttp.ClientTimeout = TIMEOUT,
    ) -> None:
        self._asking = Asking(session=session, manners=manners, timeout=timeout)
        self._url = URL(base_url)
        self._patience = _LONG_PATIENCE if by_person else None

    async def pages(
        self, set_name: str, since: date, until: date | None = None
    ) -> AsyncIterator[HarvestPage]:
        """Yield the pages in order; the days are of modification, UTC, both inclusive.

        Raises TokenExpired, when the list has to start again, and SourceError. The last page is
        only given once the whole list is accounted for. Records that could not be read are named in
        the `faults` of their page.
        """
        question = {
            "verb": "ListRecords",
            "metadataPrefix": "arXiv",
            "set": set_spec(set_name),
            "from": since.isoformat(),
        }
        if until is not None:
            question["until"] = until.isoformat()
        count = Count()
        while True:
            page, requests = await self._page(question)
            count.add(page)
            yield HarvestPage(
                papers=page.papers,
                deleted=page.deleted,
                response_date=page.response_date,
                last=page.token is None,
                faults=page.faults,
                requests=requests,
            )
            if page.token is None:
                return
            question = {"verb": "ListRecords", "resumptionToken": page.token}

    async def reachable(self) -> None:
        """Ask arXiv to identify itself. Raises SourceError."""
        answer = await self._asking.get(self._url.with_query(verb="Identify"), _PATIENCE)
        check_identify(answer.body)

    async def _page(self, question: dict[str, str]) -> tuple[OaiPage, int]:
        """A page, and how many requests it took."""
        answer = await self._asking.get(self._url.with_query(question), self._patience)
        if len(answer.body) > _LARGE:
            page = await aside(parse, answer.body, ANSWERS_FIRST.pause)
        else:
            page = parse(answer.body)
        if answer.status != 200:
            raise SourceError(f"arXiv ({answer.url}) answered with status {answer.status}")
        return page, answer.requests
