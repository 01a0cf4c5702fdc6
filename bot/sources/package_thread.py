"""The `arxiv` package kept on one thread, so that it never blocks the event loop."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import TYPE_CHECKING, Self, TypeVar

from yarl import URL

from bot.domain.errors import SourceError
from bot.sources.asking import TIMEOUT, Asking
from bot.sources.atom_xml import check_feed

if TYPE_CHECKING:
    from collections.abc import Callable

    import aiohttp

    from bot.sources.arxiv_package import Package
    from bot.sources.manners import Manners

T = TypeVar("T")


class PackageThread:
    """Questions by the package, one after another, on our own line to arXiv.

    `base_url` is `https://export.arxiv.org/api/query`, `patience` as in `Manners.turn`.
    """

    def __init__(
        self, *, asking: Asking, base_url: str, page_size: int, patience: float | None
    ) -> None:
        self._asking = asking
        self._url = base_url
        self._page_size = page_size
        self._patience = patience
        # The package's client is not thread-safe: one thread, and one caller at a time.
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="arxiv")
        self._alone = asyncio.Lock()
        self._package: Package | None = None
        self.requests = 0
        """How often arXiv was asked."""

    async def run(self, work: Callable[[Package], T]) -> T:
        """What `work`, which blocks, finds. Raises SourceError."""
        loop, stop = asyncio.get_running_loop(), Event()
        async with self._alone:
            try:
                return await loop.run_in_executor(self._thread, self._in_thread, loop, stop, work)
            finally:
                # It may be between two pages: nobody waits for the next one.
                stop.set()
                if self._package is not None:
                    self._package.give_up()

    def close(self) -> None:
        """Let the thread end."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _in_thread(
        self, loop: asyncio.AbstractEventLoop, stop: Event, work: Callable[[Package], T]
    ) -> T:
        if self._package is None:
            # Imported on first use: the package and requests cost memory and time.
            from bot.sources.arxiv_package import Package  # noqa: PLC0415

            self._package = Package(
                self._url,
                self._page_size,
                lambda url: asyncio.run_coroutine_threadsafe(self._ask(url), loop),
            )
        self._package.begin(stop)
        return work(self._package)

    async def _ask(self, url: str) -> bytes:
        self.requests += 1
        answer = await self._asking.get(URL(url, encoded=True), self._patience)
        if answer.status != 200:
            await asyncio.to_thread(check_feed, answer.body)
            raise SourceError(f"arXiv ({answer.url}) answered with status {answer.status}")
        return answer.body


class ThroughPackage:
    """What asks by the package, inside `async with`.

    `base_url` is `https://export.arxiv.org/api/query`. Each kind says how many results its pages
    hold, and how patient it is, as in `Manners.turn`.
    """

    _page_size: int
    _patience: float | None

    def __init__(
        self,
        *,
        session: aiohttp.ClientSession,
        manners: Manners,
        base_url: str,
        timeout: aiohttp.ClientTimeout = TIMEOUT,
    ) -> None:
        self._thread = PackageThread(
            asking=Asking(session=session, manners=manners, timeout=timeout),
            base_url=base_url,
            page_size=self._page_size,
            patience=self._patience,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._thread.close()
