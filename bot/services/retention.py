"""Keeping the database from growing for ever: old abstracts that nobody needs are dropped."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from storage.retention import Idle, Retention
from storage.settings import Settings

if TYPE_CHECKING:
    from bot.services.ports import Clock
    from storage.database import Database
    from storage.models import PaperId

SETTLED = timedelta(days=30)
"""A record changed since is read again by the overlap of the next passes, with its abstract."""

BATCH = 250
"""Abstracts dropped between two turns of other writers: about 50 ms."""

log = structlog.get_logger()


class RetentionService:
    """Drops, once a UTC day, the abstracts of idle papers first seen longer ago than `keep`.

    None keeps them all. A version that arXiv announces later brings its abstract back, for a while.
    """

    KEY = "abstracts_dropped"

    def __init__(self, *, database: Database, clock: Clock, keep: timedelta | None) -> None:
        self._database = database
        self._clock = clock
        self._keep = keep
        self._one_at_a_time = asyncio.Lock()

    async def run(self) -> None:
        """Do today's work unless it is done or under way; broken off, it is begun again."""
        if self._keep is None or self._one_at_a_time.locked():
            return
        async with self._one_at_a_time:
            now = self._clock.now()
            today = f"{now:%Y-%m-%d}"
            if await self._database.read(lambda c: Settings(c).get(self.KEY)) != today:
                dropped = await self._drop(Idle(seen=now - self._keep, changed=now - SETTLED))
                await self._database.write(lambda c: Settings(c).put(self.KEY, today))
                if dropped:
                    log.info("abstracts dropped", papers=dropped, days=self._keep.days)

    async def _drop(self, idle: Idle) -> int:
        """Batch after batch, in the order of the ids."""
        dropped = 0
        ids = await self._next(idle, "")
        while ids:
            dropped += await self._drop_batch(idle, ids)
            ids = await self._next(idle, ids[-1])
        return dropped

    async def _next(self, idle: Idle, after: str) -> tuple[PaperId, ...]:
        return await self._database.read(lambda c: Retention(c).idle(idle, after, BATCH))

    async def _drop_batch(self, idle: Idle, ids: tuple[PaperId, ...]) -> int:
        return await self._database.write(lambda c: Retention(c).drop(idle, ids))
