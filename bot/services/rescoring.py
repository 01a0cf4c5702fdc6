"""What waits in line for a card is judged anew by each version of the ranker."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from storage.candidates import Candidates
from storage.models import CandidateState
from storage.papers import Papers
from storage.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.services.ranking import Ranked, Ranking
    from bot.services.training import Training
    from storage.database import Database
    from storage.models import Candidate

AT_ONCE = 100
"""Candidates judged between two commits."""

JUDGED_BY = "rescoring.version"
"""The setting that says which version of the ranker has judged all that waits."""


class Rescoring:
    """Lets the best by what is known now be shown next. What was shown keeps its score."""

    def __init__(self, *, database: Database, training: Training, ranking: Ranking) -> None:
        self._database = database
        self._training = training
        self._ranking = ranking
        self._done: int | None = None
        self._one_at_a_time = asyncio.Lock()

    async def run(self) -> None:
        """Judge what waits, unless the version in use has done so. Raises StorageError."""
        version = self._training.version
        if version in {None, self._done} or self._one_at_a_time.locked():
            return
        async with self._one_at_a_time:
            if await self._database.read(lambda c: Settings(c).get(JUDGED_BY)) != str(version):
                waiting = await self._database.read(_in_line)
                for start in range(0, len(waiting), AT_ONCE):
                    await self._judge(waiting[start : start + AT_ONCE])
                await self._database.write(lambda c: Settings(c).put(JUDGED_BY, str(version)))
            self._done = version

    async def _judge(self, some: Sequence[Candidate]) -> None:
        papers = await self._database.read(
            lambda c: Papers(c).get_many([one.paper for one in some])
        )
        # Of a paper that could not be read yet there is nothing to judge.
        told = [paper for paper in papers.values() if paper.title]
        ranked = {one.paper.id: one for one in await self._ranking.judge_all(told)}
        pairs = [(one.id, ranked[one.paper]) for one in some if one.paper in ranked]
        await self._database.write(lambda c: _keep(c, pairs))


async def _in_line(connection: AsyncConnection) -> tuple[Candidate, ...]:
    return await Candidates(connection).in_state(CandidateState.QUEUED)


async def _keep(connection: AsyncConnection, pairs: Sequence[tuple[int, Ranked]]) -> None:
    candidates = Candidates(connection)
    for number, ranked in pairs:
        await candidates.judge_anew(number, ranked.score.value, ranked.score.reasons)
