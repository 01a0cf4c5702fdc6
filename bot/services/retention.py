"""Keeping the database from growing for ever: old abstracts and scores that nobody needs go."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from bot.services.shelves import names_of
from storage.papers import Papers
from storage.retention import Idle, Retention
from storage.scores import Scores
from storage.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.services.ports import Clock
    from storage.database import Database
    from storage.models import Paper, PaperId

SETTLED = timedelta(days=30)
"""A record changed since is read again by the overlap of the next passes, with its abstract."""

SCORES = timedelta(days=120)
"""How long it stays known what the ranker thought of a paper that nobody proposed."""

BATCH = 250
"""Abstracts dropped between two turns of other writers: about 50 ms."""

log = structlog.get_logger()


class RetentionService:
    """Drops, once a UTC day, old scores, and abstracts of idle papers first seen before `keep`.

    None keeps all abstracts; those of `examples`, from which the ranker learns, stay. A version
    that arXiv announces later brings its abstract back, for a while.
    """

    KEY = "abstracts_dropped"

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        keep: timedelta | None,
        examples: Sequence[Paper] = (),
    ) -> None:
        self._database = database
        self._clock = clock
        self._keep = keep
        self._examples = tuple(name for one in examples for name in names_of(one))
        self._one_at_a_time = asyncio.Lock()

    async def run(self) -> None:
        """Do today's work unless it is done or under way; broken off, it is begun again."""
        if self._one_at_a_time.locked():
            return
        async with self._one_at_a_time:
            today = f"{self._clock.now():%Y-%m-%d}"
            if await self._database.read(lambda c: Settings(c).get(self.KEY)) != today:
                await self._drop_abstracts()
                await self._database.write(lambda c: self._close(c, today))

    async def _close(self, connection: AsyncConnection, today: str) -> None:
        await Scores(connection).prune(self._clock.now() - SCORES)
        await Settings(connection).put(self.KEY, today)

    async def _drop_abstracts(self) -> None:
        if self._keep is None:
            return
        now = self._clock.now()
        dropped = await self._drop(Idle(seen=now - self._keep, changed=now - SETTLED))
        if dropped:
            log.info("abstracts dropped", papers=dropped, days=self._keep.days)

    async def _drop(self, idle: Idle) -> int:
        """Batch after batch, in the order of the ids."""
        resolved = await self._database.read(lambda c: Papers(c).resolve(self._examples))
        needed, dropped = frozenset(resolved.values()), 0
        ids = await self._next(idle, "")
        while ids:
            dropped += await self._drop_batch(idle, [one for one in ids if one not in needed])
            ids = await self._next(idle, ids[-1])
        return dropped

    async def _next(self, idle: Idle, after: str) -> tuple[PaperId, ...]:
        return await self._database.read(lambda c: Retention(c).idle(idle, after, BATCH))

    async def _drop_batch(self, idle: Idle, ids: Sequence[PaperId]) -> int:
        return await self._database.write(lambda c: Retention(c).drop(idle, ids))
