"""How well papers fit: by the ranker in use, and by the list as it stands."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain import relevance
from bot.services.aside import aside
from bot.services.knowledge import Knowledge, list_now, moment_of
from storage.precedence import ANSWERS_FIRST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain.model import Model
    from bot.domain.relevance import Score
    from bot.services.threshold import Threshold
    from bot.services.training import Training
    from storage.database import Database
    from storage.models import Paper

SLICE = 50
"""Papers scored in one go in the worker thread."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A paper with its score and the section it seems to belong to.

    `ranker` is the version that judged it, 0 where none did. Where a paper was not asked for by
    anybody and is not `wanted`, being below the threshold, it has neither reasons nor a section.
    """

    paper: Paper
    score: Score
    section: str
    ranker: int = 0
    wanted: bool = True


class Ranking:
    """Scores papers by the ranker in use; their sections follow the list at once."""

    def __init__(self, *, database: Database, training: Training, threshold: Threshold) -> None:
        self._database = database
        self._training = training
        self._threshold = threshold
        self._knowledge: Knowledge | None = None
        self._lock = asyncio.Lock()

    async def knowledge(self, *, of_any_list: bool = False) -> Knowledge:
        """What the current list teaches, learnt in a thread when the list has changed.

        With `of_any_list` what it taught before the change will do. Nobody trains for this.
        """
        if of_any_list and self._knowledge is not None:
            return self._knowledge
        async with self._lock:
            model = await self._training.model()
            ranker, moment = self._training.version, await self._database.read(moment_of)
            known = self._knowledge
            if known is None or (known.moment, known.ranker) != (moment, ranker):
                now = await self._database.read(list_now)
                known = await aside(Knowledge.of, now, ranker, model and model.vocabulary)
                self._knowledge = known
            return known

    async def rank(self, papers: Sequence[Paper]) -> tuple[Ranked, ...]:
        """Score papers that were found, and look closer at those above the threshold."""
        return await self._rank(papers, await self._threshold.value())

    async def judge_all(self, papers: Sequence[Paper]) -> tuple[Ranked, ...]:
        """Score papers that are before the maintainers, whatever their scores."""
        return await self._rank(papers, 0.0)

    async def judge(self, paper: Paper) -> Ranked:
        """Score one paper that somebody asks for, whatever its score."""
        judge = await self._judge(0.0)
        return (await aside(judge.look_at_all, [paper]))[0]

    async def _judge(self, least: float) -> _Judge:
        ranker, model = await self._training.ready()
        return _Judge(ranker, model, await self.knowledge(), least)

    async def _rank(self, papers: Sequence[Paper], least: float) -> tuple[Ranked, ...]:
        """In slices, so that the event loop keeps turning, and by one version throughout."""
        judge = await self._judge(least)
        found: list[Ranked] = []
        for start in range(0, len(papers), SLICE):
            await ANSWERS_FIRST.stand_back()
            found += await aside(judge.look_at_all, papers[start : start + SLICE])
        return tuple(found)


@dataclass(frozen=True, slots=True)
class _Judge:
    """A version of the ranker, beside what the list teaches."""

    ranker: int
    model: Model
    knowledge: Knowledge
    least: float

    def look_at_all(self, papers: Sequence[Paper]) -> list[Ranked]:
        """A slice of a day."""
        return [self._look_at(paper) for paper in papers]

    def _look_at(self, paper: Paper) -> Ranked:
        """What is to be said of a paper; little, where it is below `least`."""
        score = relevance.score(self.model, paper, self.least)
        wanted = score.value >= self.least
        section = self.knowledge.fitting.suggest(paper) if wanted else ""
        return Ranked(paper, score, section, self.ranker, wanted)
