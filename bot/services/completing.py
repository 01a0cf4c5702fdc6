"""Papers that came when their source could not be read are asked for again, for a day."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from bot.services.pauses import Pauses
from storage.papers import Papers
from storage.submissions import Submissions

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.services.lookups import Lookups
    from bot.services.ports import Clock
    from bot.services.ranking import Ranking
    from storage.database import Database
    from storage.models import Paper, PaperId

PATIENCE = timedelta(days=1)
"""How long a paper is asked for; then a maintainer has to give it a title."""

log = structlog.get_logger()


class Completing:
    """Fills in candidates that have nothing but a link, one at a time."""

    def __init__(
        self,
        *,
        database: Database,
        lookups: Lookups,
        ranking: Ranking,
        clock: Clock,
        queued: Callable[[], Awaitable[None]],
    ) -> None:
        self._database = database
        self._lookups = lookups
        self._ranking = ranking
        self._clock = clock
        self._queued = queued
        self._pauses = Pauses(clock)

    async def run(self) -> None:
        """Ask for the first paper whose pause is over; each failure makes that longer."""
        since = self._clock.now() - PATIENCE
        unread = await self._database.read(lambda c: Submissions(c).unread(since))
        due = (one for one in unread if self._pauses.allows(one[0]))
        for candidate_id, paper_id in due:
            self._pauses.refused(candidate_id)
            paper = await self._read(paper_id)
            if paper is not None:
                await self._fill_in(candidate_id, paper)
            return

    async def _read(self, paper_id: PaperId) -> Paper | None:
        """The paper as a harvest has brought it meanwhile, else as its source tells it now."""
        known = await self._database.read(lambda c: Papers(c).get(paper_id))
        if known is not None and known.abstract:
            return known
        return (await self._lookups.look_up([paper_id])).papers.get(paper_id)

    async def _fill_in(self, candidate_id: int, found: Paper) -> None:
        ranked = await self._ranking.judge(found)

        async def work(connection: AsyncConnection) -> None:
            await Papers(connection).store([found], self._clock.now())
            await Submissions(connection).judged(
                candidate_id, ranked.score.value, ranked.score.reasons, ranked.section
            )

        await self._database.write(work)
        log.info("read at last", candidate=candidate_id, paper=found.id)
        await self._queued()
