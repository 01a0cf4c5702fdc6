"""A stand-in for arXiv over a real socket: OAI-PMH and the Atom API from one archive.

It refuses what arXiv refuses, writes down every request, and shows faults when told to:

    async with ArxivStandIn() as arxiv:
        arxiv.archive.add(Record("2402.13446", title="…"))
        arxiv.fail(Fault.BUSY, times=2, retry_after="5")
        …  # point the bot at arxiv.oai_url and arxiv.api_url
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Self

from aiohttp import web

from tests.wire.arxiv_archive import Archive, Record
from tests.wire.arxiv_atom import AtomSide
from tests.wire.arxiv_faults import XML, Fault, show
from tests.wire.arxiv_oai import OaiSide

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["ArxivStandIn", "Asked", "Fault", "Record"]


@dataclass(frozen=True)
class Asked:
    """One request as it came; `at` is in seconds of the monotonic clock."""

    at: float
    path: str
    arguments: dict[str, str]
    user_agent: str


@dataclass(frozen=True)
class _Told:
    fault: Fault
    path: str
    retry_after: str | None


class ArxivStandIn:
    """Both faces of arXiv on one port of localhost. `now` is the clock that OAI answers tell."""

    def __init__(
        self, *, page_size: int = 2000, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self.archive = Archive()
        self.oai = OaiSide(self.archive, now, page_size)
        self.atom = AtomSide(self.archive)
        self.requests: list[Asked] = []
        self.asked = asyncio.Event()
        self._told: list[_Told] = []
        self._verbatim: deque[tuple[int, bytes]] = deque()
        application = web.Application()
        application.router.add_get("/oai", partial(self._handle, self._answer_oai))
        application.router.add_get("/api/query", partial(self._handle, self._answer_api))
        self._runner = web.AppRunner(application, shutdown_timeout=0.1)
        self._root = ""

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self._root = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    @property
    def oai_url(self) -> str:
        """What [arxiv] oai_url is set to."""
        return f"{self._root}/oai"

    @property
    def api_url(self) -> str:
        """What [arxiv] api_url is set to."""
        return f"{self._root}/api/query"

    def fail(
        self, fault: Fault, times: int = 1, *, path: str = "/", retry_after: str | None = None
    ) -> None:
        """Show `fault` for the next requests whose path begins with `path`."""
        self._told += [_Told(fault, path, retry_after)] * times

    def say(self, body: bytes, status: int = 200) -> None:
        """Answer the next request with these bytes, as recorded."""
        self._verbatim.append((status, body))

    def gaps(self) -> list[float]:
        """The seconds between each request and the one before."""
        times = [asked.at for asked in self.requests]
        return [later - earlier for earlier, later in itertools.pairwise(times)]

    async def _handle(
        self, answer: Callable[[web.Request], web.Response], request: web.Request
    ) -> web.StreamResponse:
        agent = request.headers.get("User-Agent", "")
        self.requests.append(Asked(time.monotonic(), request.path, dict(request.query), agent))
        self.asked.set()
        if not agent:
            return web.Response(status=403, text="Identify yourself.")
        for told in self._told:
            if request.path.startswith(told.path):
                self._told.remove(told)

                async def truly() -> web.Response:
                    return answer(request)

                return await show(told.fault, request, truly, told.retry_after)
        if self._verbatim:
            status, body = self._verbatim.popleft()
            return web.Response(status=status, body=body, content_type=XML)
        return answer(request)

    def _answer_oai(self, request: web.Request) -> web.Response:
        return web.Response(body=self.oai.answer(request.query), content_type=XML)

    def _answer_api(self, request: web.Request) -> web.Response:
        status, body = self.atom.answer(request.query)
        return web.Response(status=status, body=body, content_type=XML)
