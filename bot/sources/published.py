"""Where papers are published besides arXiv: a page is fetched politely, and nothing is believed.

The sites are asked only for what a person suggests, so a limiter as arXiv wants it is not needed.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import aiohttp

from bot.domain.errors import SourceError
from bot.sources.answers import seconds_until
from bot.sources.asking import Once

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.services.ports import Clock
    from storage.models import Paper, PaperId

MOST_BYTES = 2 * 2**20
"""A record has some 10 kB; the longest list of authors fits many times."""

TIMEOUT = aiohttp.ClientTimeout(total=20, sock_connect=5)
PAUSE = 2.0
"""Seconds until what failed is asked for once more."""

LONGEST_PAUSE = 10.0
"""Seconds somebody who waits for an answer can wait; a Retry-After beyond it is left for later."""

NOT_FOUND = frozenset({404, 410})
PASSING = frozenset({429, 500, 502, 503, 504})
"""Statuses after which the same question may be answered."""


@dataclass(frozen=True, slots=True)
class Page:
    """An answer as it came; `retry_after` is in seconds where one was named."""

    status: int
    body: bytes
    retry_after: float | None = None


class Pages:
    """Fetches pages of one site, which `name` names in errors."""

    def __init__(
        self, *, session: aiohttp.ClientSession, user_agent: str, clock: Clock, name: str
    ) -> None:
        self._session = session
        self._headers = {"User-Agent": user_agent}
        self._clock = clock
        self._name = name

    async def get(self, url: str, parameters: Mapping[str, str] | None = None) -> Page:
        """The page with any status that does not pass by itself. Raises SourceError.

        What fails for the moment is asked for once more.
        """
        pause = PAUSE
        try:
            page = await self._once(url, parameters)
        except SourceError:
            await self._clock.sleep(pause)
            return await self._last(url, parameters)
        if page.status not in PASSING:
            return page
        pause = PAUSE if page.retry_after is None else page.retry_after
        if pause > LONGEST_PAUSE:
            raise SourceError(f"{self._name} answered {page.status} and wants to be left alone")
        await self._clock.sleep(pause)
        return await self._last(url, parameters)

    async def _last(self, url: str, parameters: Mapping[str, str] | None) -> Page:
        page = await self._once(url, parameters)
        if page.status in PASSING:
            raise SourceError(f"{self._name} answered {page.status} twice")
        return page

    async def _once(self, url: str, parameters: Mapping[str, str] | None) -> Page:
        try:
            async with self._session.get(
                url,
                params=parameters,
                headers=self._headers,
                timeout=TIMEOUT,
                allow_redirects=False,
                middlewares=(Once(),),
            ) as response:
                named = response.headers.get("Retry-After", "")
                wait = seconds_until(named, self._clock.now())
                return Page(response.status, await self._read(response), wait)
        except TimeoutError as fault:
            raise SourceError(f"{self._name} did not answer in time") from fault
        except (aiohttp.ClientError, OSError, ValueError) as fault:
            reason = str(fault) or type(fault).__name__
            raise SourceError(f"{self._name} cannot be reached: {reason}") from fault

    async def _read(self, response: aiohttp.ClientResponse) -> bytes:
        body = bytearray()
        async for part in response.content.iter_chunked(2**16):
            body += part
            if len(body) > MOST_BYTES:
                raise SourceError(f"{self._name} sent more than {MOST_BYTES // 2**20} MB")
        return bytes(body)

    def unusable(self, page: Page) -> SourceError:
        """What to raise for an answer that is not 200."""
        if 300 <= page.status < 400:
            return SourceError(f"{self._name} answered with a redirect, which is not followed")
        return SourceError(f"{self._name} answered {page.status}")


class SiteLookup(ABC):
    """Looks papers up at a `site` by the ids of its `scheme`, one after the other."""

    site: ClassVar[str]
    scheme: ClassVar[str]

    def __init__(self, *, session: aiohttp.ClientSession, user_agent: str, clock: Clock) -> None:
        self._pages = Pages(session=session, user_agent=user_agent, clock=clock, name=self.site)

    async def lookup(self, ids: Sequence[PaperId]) -> tuple[Paper, ...]:
        """The papers that exist among `ids`; those of other schemes are passed over.

        Raises SourceError.
        """
        own = [paper_id for paper_id in dict.fromkeys(ids) if paper_id.startswith(self.scheme)]
        found = [await self._fetch(paper_id) for paper_id in own]
        return tuple(paper for paper in found if paper is not None)

    @abstractmethod
    async def _fetch(self, paper_id: PaperId) -> Paper | None:
        """The paper with this id, or None where the site knows none. Raises SourceError."""
