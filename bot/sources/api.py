"""Single papers by id: the `arxiv` package, kept on one thread and on our own line to arXiv."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Self

from yarl import URL

from bot.domain.errors import SourceError
from bot.sources.asking import TIMEOUT, Asking
from bot.sources.atom_xml import check_feed
from bot.sources.records import arxiv_paper_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    import aiohttp

    from bot.sources.arxiv_package import Package
    from bot.sources.manners import Manners
    from storage.models import Paper, PaperId

_AT_ONCE = 100
"""Ids in one question, as many as a page of the API comfortably holds."""
_PATIENCE = 60.0
"""Seconds a person who asks for a paper may have to wait for the turn."""


class ArxivLookup:
    """Looks papers up by id, inside `async with`.

    `base_url` is `https://export.arxiv.org/api/query`.
    """

    def __init__(
        self,
        *,
        session: aiohttp.ClientSession,
        manners: Manners,
        base_url: str,
        timeout: aiohttp.ClientTimeout = TIMEOUT,
    ) -> None:
        self._asking = Asking(session=session, manners=manners, timeout=timeout)
        self._url = base_url
        # The package's client is not thread-safe: one thread, and one caller at a time.
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="arxiv")
        self._alone = asyncio.Lock()
        self._package: Package | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def lookup(self, ids: Sequence[PaperId]) -> tuple[Paper, ...]:
        """The papers that exist among `ids`; what is no arXiv id is passed over.

        Raises SourceError.
        """
        numbers = [number for paper_id in dict.fromkeys(ids) if (number := _number(paper_id))]
        papers: list[Paper] = []
        for start in range(0, len(numbers), _AT_ONCE):
            papers += await self._fetch(numbers[start : start + _AT_ONCE])
        return tuple(papers)

    async def _fetch(self, numbers: list[str]) -> list[Paper]:
        loop = asyncio.get_running_loop()
        async with self._alone:
            try:
                return await loop.run_in_executor(self._thread, self._in_thread, loop, numbers)
            finally:
                if self._package is not None:
                    self._package.give_up()

    def _in_thread(self, loop: asyncio.AbstractEventLoop, numbers: list[str]) -> list[Paper]:
        if self._package is None:
            # Imported on first use: the package and requests cost memory and time.
            from bot.sources.arxiv_package import Package  # noqa: PLC0415

            self._package = Package(
                self._url, lambda url: asyncio.run_coroutine_threadsafe(self._ask(url), loop)
            )
        return self._package.fetch(numbers)

    async def _ask(self, url: str) -> bytes:
        answer = await self._asking.get(URL(url, encoded=True), _PATIENCE)
        if answer.status != 200:
            check_feed(answer.body)
            raise SourceError(f"arXiv ({answer.url}) answered with status {answer.status}")
        return answer.body


def _number(paper_id: PaperId) -> str | None:
    """`2402.13446` of `arXiv:2402.13446`, or None."""
    known = arxiv_paper_id(paper_id.removeprefix("arXiv:"))
    return known.removeprefix("arXiv:") if known and paper_id.startswith("arXiv:") else None
