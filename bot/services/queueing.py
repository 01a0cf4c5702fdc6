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
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.services.ports import Clock
    from bot.services.ranking import Ranked, Ranking
    from storage.database import Database
    from storage.models import Candidate, Paper, PaperId

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
            wanted = one.wanted and one.paper.id not in repeats
            if wanted and await may_enter(connection, one.paper):
                row = taken[one.paper.id]
                queued[row] += await enter(connection, one, self._clock.now(), row) is not None
        for row, count in Counter(taken.values()).items():
            if row is not None:
                await Harvests(connection).ranked(row, ranked=count, queued=queued[row])


async def may_enter(connection: AsyncConnection, paper: Paper) -> bool:
    """Whether a paper may become a candidate of the harvest: it is neither listed nor withdrawn."""
    listed = await Catalogue(connection).entry_of(paper.id) is not None
    return intake.may_queue(paper, listed=listed)


async def enter(
    connection: AsyncConnection, ranked: Ranked, now: datetime, row: int | None = None
) -> Candidate | None:
    """Queue a paper that the harvest brought; None where it is a candidate already.

    `row` is that of the harvest in the ledger.
    """
    return await Candidates(connection).queue(
        ranked.paper.id,
        score=ranked.score.value,
        reasons=ranked.score.reasons,
        section=ranked.section,
        origin=Origin.HARVEST,
        submitter=None,
        now=now,
        row=row,
    )
