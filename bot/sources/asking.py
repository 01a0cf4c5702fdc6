"""The one way a question reaches arXiv: in turn, once, bounded in time and size, and judged."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import aiohttp

from bot.domain.errors import Refused, SourceError
from bot.sources.answers import Answer, Busy, seconds_until, usable

if TYPE_CHECKING:
    from yarl import URL

    from bot.sources.manners import Manners

MOST_BYTES = 64 * 2**20
"""A page of 2000 records has about 5 MB."""
TIMEOUT = aiohttp.ClientTimeout(total=300, sock_connect=20, sock_read=150)
"""Answers that took 124 s have been reported."""
BUSY_TRIES = 4
LONGEST_BUSY = 600.0
"""Seconds of a 503's Retry-After that are waited out within one question."""


class Asking:
    """Asks arXiv by GET. Any number of tasks may share one."""

    def __init__(
        self,
        *,
        session: aiohttp.ClientSession,
        manners: Manners,
        timeout: aiohttp.ClientTimeout = TIMEOUT,
    ) -> None:
        self._session = session
        self._manners = manners
        self._timeout = timeout

    async def get(self, url: URL, patience: float | None = None) -> Answer:
        """A response whose body can be parsed (status 200, or 400 with what was wrong).

        Asks again when arXiv is busy, and persists its refusals. `patience` is in seconds, and None
        for the machine, as in `Manners.turn`. Raises Refused when arXiv wants peace, and
        SourceError naming any other fault.
        """
        for busy_before in range(BUSY_TRIES):
            try:
                answer = await self._once(url, patience)
                return replace(answer, requests=busy_before + 1)
            except Busy as busy:
                if busy.pause > LONGEST_BUSY:
                    await self._manners.refused(busy.pause)
                    raise
                await self._manners.busy(busy.pause)
        await self._manners.refused()
        raise Refused(f"arXiv ({_short(url)}) was busy {BUSY_TRIES} times in a row")

    async def _once(self, url: URL, patience: float | None) -> Answer:
        async with self._manners.turn(patience):
            answer = await self._fetch(url)
            try:
                usable(answer)
            except Busy:
                raise
            except Refused as refusal:
                await self._manners.refused(refusal.retry_after)
                raise
            await self._manners.answered()
            return answer

    async def _fetch(self, url: URL) -> Answer:
        try:
            async with self._session.get(
                url,
                headers={"User-Agent": self._manners.user_agent},
                timeout=self._timeout,
                allow_redirects=False,
                middlewares=(Once(),),
            ) as response:
                return Answer(
                    url=_short(url),
                    status=response.status,
                    body=await _read(response),
                    retry_after=seconds_until(
                        response.headers.get("Retry-After", ""), self._manners.now()
                    ),
                    location=response.headers.get("Location", ""),
                )
        except TimeoutError as fault:
            raise SourceError(f"arXiv ({_short(url)}) did not answer in time") from fault
        except (aiohttp.ClientError, OSError) as fault:
            reason = str(fault) or type(fault).__name__
            raise SourceError(f"arXiv ({_short(url)}) cannot be reached: {reason}") from fault


class Once:
    """Lets one request out: aiohttp repeats a GET by itself when its connection breaks, at once."""

    def __init__(self) -> None:
        self._sent = False

    async def __call__(
        self, request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        """Send the request, unless it was sent before."""
        if self._sent:
            raise aiohttp.ServerDisconnectedError("the connection broke before the answer")
        self._sent = True
        return await handler(request)


async def _read(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for part in response.content.iter_chunked(2**16):
        body += part
        if len(body) > MOST_BYTES:
            raise SourceError(f"arXiv sent more than {MOST_BYTES // 2**20} MB in one answer")
    return bytes(body)


def _short(url: URL) -> str:
    return str(url.with_query(None).with_user(None))
