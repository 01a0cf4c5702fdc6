"""From stored papers to candidates: what is new is ranked, the best are queued."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from bot.domain import intake
from bot.services.memory import Memory
from storage.candidates import Candidates
from storage.catalogue import Catalogue
from storage.harvests import Harvests
from storage.models import Origin
from storage.scores import Scores
from storage.unranked import Unranked

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.services.ports import Clock
    from bot.services.ranking import Ranked, Ranking
    from storage.database import Database
    from storage.models import PaperId

BATCH = 500
"""Papers ranked between two commits."""


class Queueing:
    """Ranks what waits for it, and queues what is above the threshold."""

    def __init__(self, *, database: Database, ranking: Ranking, clock: Clock) -> None:
        self._database = database
        self._ranking = ranking
        self._clock = clock
        self._memory = Memory(database)

    async def run(self) -> None:
        """Rank what is stored and not ranked yet, also what a crash left behind."""
        while papers := await self._database.read(lambda c: Unranked(c).papers(BATCH)):
            ranked = await self._ranking.rank(papers)
            good = [one.paper for one in ranked if one.wanted]
            repeats = await self._memory.rejected(good)
            await self._database.write(partial(self._queue, ranked, repeats))

    async def _queue(
        self, ranked: Sequence[Ranked], repeats: Collection[PaperId], connection: AsyncConnection
    ) -> None:
        """Queue the best, but what another process that harvests has ranked meanwhile.

        `repeats` were rejected under other ids.
        """
        taken = await Unranked(connection).remove([one.paper.id for one in ranked])
        waiting = [one for one in ranked if one.paper.id in taken]
        if waiting:
            values = {one.paper.id: one.score.value for one in waiting}
            await Scores(connection).record(values, waiting[0].ranker, self._clock.now())
        queued: Counter[int | None] = Counter()
        for one in waiting:
            row = taken[one.paper.id]
            if one.paper.id not in repeats:
                queued[row] += await self._add(connection, one, row)
        for row, count in Counter(taken.values()).items():
            if row is not None:
                await Harvests(connection).ranked(row, ranked=count, queued=queued[row])

    async def _add(self, connection: AsyncConnection, one: Ranked, row: int | None) -> bool:
        if not one.wanted:
            return False
        listed = await Catalogue(connection).entry_of(one.paper.id) is not None
        if not intake.may_queue(one.paper, listed=listed):
            return False
        added = await Candidates(connection).queue(
            one.paper.id,
            score=one.score.value,
            reasons=one.score.reasons,
            section=one.section,
            origin=Origin.HARVEST,
            submitter=None,
            now=self._clock.now(),
            row=row,
        )
        return added is not None
