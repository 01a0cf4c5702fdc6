"""The stand-in for arXiv with faults on chosen days, and a count of questions asked at once."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import TYPE_CHECKING

from tests.wire.arxiv import ArxivStandIn

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from aiohttp import web

    from tests.wire.arxiv import Fault

DAY = timedelta(days=1)


class WatchedArxiv(ArxivStandIn):
    """`faults` are shown to the next question for a day; `stale` days get those of the day before.

    Each answer takes `slow` seconds; `most_at_once` is how many questions ever met.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__(now=now)
        self.faults: dict[date, Fault] = {}
        self.stale: set[date] = set()
        self.slow = 0.0
        self.most_at_once = 0
        self._at_once = 0

    @property
    def days(self) -> list[date]:
        """The days asked for, in turn."""
        return [
            date.fromisoformat(asked.arguments["from"])
            for asked in self.requests
            if "from" in asked.arguments
        ]

    async def _handle(
        self, answer: Callable[[web.Request], web.Response], request: web.Request
    ) -> web.StreamResponse:
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            await asyncio.sleep(self.slow)
            self._prepare(request)
            return await super()._handle(answer, request)
        finally:
            self._at_once -= 1

    def _prepare(self, request: web.Request) -> None:
        day = date.fromisoformat(request.query.get("from", "1991-08-14"))
        if day in self.faults:
            self.fail(self.faults.pop(day))
        batch = self.archive.modified(None, day - DAY, day - DAY) if day in self.stale else None
        self.stale.discard(day)
        self.oai.arrange = lambda records: records if batch is None else batch
