"""Staying clear of Discord's ban: 10,000 answers of 401, 403 or 429 within 10 minutes.

discord-api-docs, topics/rate-limits, “Invalid Request Limit”; a 429 whose scope is `shared` (others
have used the limit up) does not count.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

import aiohttp
import discord
import structlog

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import SimpleNamespace

log = structlog.get_logger(__name__)

COUNTED = frozenset({401, 403, 429})
PERIOD = 600.0
"""Seconds over which Discord counts."""

MOST = 1000
"""Refusals within a period from which on nothing more is asked: a tenth of what leads to a ban."""


class Refusals:
    """How often Discord has refused lately. `now` gives seconds that never run backwards."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._times: deque[float] = deque(maxlen=MOST)
        self._said = False

    def count(self, status: int, scope: str = "") -> None:
        """Take note of one answer; `scope` is a 429's."""
        if status in COUNTED and scope != "shared":
            self._times.append(self._now())

    def too_many(self) -> bool:
        """Whether nothing must be asked now; the first to hear of it finds it in the log."""
        held = len(self._times) == MOST and self._times[0] > self._now() - PERIOD
        if held and not self._said:
            log.error(
                "Discord has refused 1,000 requests within 10 minutes (401, 403 or 429): nothing "
                "more is asked until they are older, since 10,000 would lead to a ban. Look above "
                "for what was refused."
            )
        self._said = held
        return held

    def trace(self) -> aiohttp.TraceConfig:
        """What lets a client's HTTP session count its answers here."""
        config = aiohttp.TraceConfig()
        config.on_request_end.append(self._answered)
        return config

    async def _answered(
        self,
        _session: aiohttp.ClientSession,
        _context: SimpleNamespace,
        ended: aiohttp.TraceRequestEndParams,
    ) -> None:
        response = ended.response
        self.count(response.status, response.headers.get("X-RateLimit-Scope", ""))


class CountedClient(discord.Client):
    """A client that counts what it is refused; `options` are those of discord.Client.

    All it asks goes through one HTTP session, answers to interactions included.
    """

    def __init__(self, *, now: Callable[[], float], **options: Any) -> None:
        self.refusals = Refusals(now)
        super().__init__(http_trace=self.refusals.trace(), **options)
