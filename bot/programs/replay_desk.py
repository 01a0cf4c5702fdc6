"""The intake and the desk over a database that lives as long as a replay."""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import asynccontextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bot.console import CONSOLE
from bot.domain.rejections import OFF_TOPIC
from bot.domain.relevance import Score
from bot.domain.retraining import CALM
from bot.domain.review import Rules
from bot.programs.teaching import train
from bot.publish.markdown_file import Unpublished
from bot.services.case import Order
from bot.services.listing import Listing
from bot.services.memory import Memory
from bot.services.newcomers import Arrival, take_in
from bot.services.queueing import enter, may_enter
from bot.services.ranking import Ranked, Ranking
from bot.services.review import Review
from bot.services.threshold import Threshold
from bot.services.training import Training
from storage.database import Database
from storage.models import Action, Via
from storage.unranked import Unranked

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.programs.replay_budget import Budget
    from bot.programs.replay_stream import StreamDay
    from storage.models import Candidate, Example, ListDocument, Paper, PaperId

_MORNING = time(4, 20)
"""When the harvest of a day comes, UTC."""

_ALL = 100_000
"""More papers than any day has."""

_NONE = 1.0
"""A threshold that no paper reaches: reasons are only looked for of those that are shown."""


class StreamClock:
    """Shows the time of the stream; whoever sleeps by it lets it pass at once."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        """The current instant of the stream."""
        return self._now

    async def sleep(self, seconds: float) -> None:
        """Let so much time pass."""
        self._now += timedelta(seconds=seconds)
        await asyncio.sleep(0)

    def set(self, now: datetime) -> None:
        """It is later."""
        self._now = max(self._now, now)


class HereTrainer:
    """Trains in a thread of this process: nobody is kept waiting; the port `Trainer`."""

    async def train(self, keywords: Mapping[str, float], examples: AsyncIterator[Example]) -> bytes:
        """The model learnt from `examples`, as `Model.dump` gives it."""
        found = [example async for example in examples]
        model = await asyncio.to_thread(train, keywords, found)
        return model.dump()


class ReplayDesk:
    """Takes in a day's papers, and decides the best of them by their labels."""

    def __init__(self, database: Database, training: Training, clock: StreamClock) -> None:
        self._database = database
        self._training = training
        self._clock = clock
        threshold = Threshold(database=database, configured=_NONE)
        self._ranking = Ranking(database=database, training=training, threshold=threshold)
        self._memory = Memory(database)
        rules = Rules(maintainers=frozenset({CONSOLE.id}))
        self._review = Review(database=database, rules=rules, clock=clock, decided=_nobody)

    async def know(self, day: StreamDay) -> None:
        """Store the papers of a day that is over: those that belong are on the list."""
        await self._store(day, to_rank=False)
        fitting = (await self._ranking.knowledge()).fitting
        good = [paper for paper in day.papers if paper.id in day.relevant]
        new = await self._database.read(lambda c: _first_that_may_enter(c, good, len(good)))
        chosen = [Ranked(paper, Score(1.0, ()), fitting.suggest(paper)) for paper in new]
        for one in await self._database.write(lambda c: self._add(c, (), chosen)):
            await self._decide(one, day.relevant)

    async def take(self, day: StreamDay, budget: Budget) -> list[bool]:
        """Store and rank the papers of a day, and decide the best; whether each belonged."""
        await self._store(day, to_rank=True)
        budget.grow(len(day.papers))
        queued = await self._queue(budget)
        budget.spend(len(queued))
        return [await self._decide(one, day.relevant) for one in queued]

    async def learn(self) -> None:
        """Learn from what was decided, as soon as nobody has decided anything for a while."""
        self._clock.set(self._clock.now() + CALM)
        await self._training.tick()

    async def _store(self, day: StreamDay, *, to_rank: bool) -> None:
        self._clock.set(datetime.combine(day.day, _MORNING, UTC))
        # All of a stream is news, also what its ids say is older.
        arrival = Arrival(day.day, row=0, proposed=False, dated=True)

        async def work(connection: AsyncConnection) -> None:
            taken = await take_in(connection, day.papers, arrival, self._clock.now())
            if to_rank:
                await Unranked(connection).add([*taken.new, *taken.late])

        await self._database.write(work)

    async def _queue(self, budget: Budget) -> list[Candidate]:
        """Rank what waits, and queue the best of it."""
        waiting = await self._database.read(lambda c: Unranked(c).papers(_ALL))
        ranked = sorted(await self._ranking.rank(waiting), key=lambda one: -one.score.value)
        most, least = budget.offer([one.score.value for one in ranked])
        high = [one.paper for one in ranked if one.score.value >= least]
        repeats = await self._memory.rejected(high[: 2 * most])
        new = [paper for paper in high if paper.id not in repeats]
        best = await self._database.read(lambda c: _first_that_may_enter(c, new, most))
        judged = [await self._ranking.judge(paper) for paper in best]
        papers = [one.paper for one in ranked]
        return await self._database.write(lambda c: self._add(c, papers, judged))

    async def _add(
        self, connection: AsyncConnection, ranked: Sequence[Paper], judged: Sequence[Ranked]
    ) -> list[Candidate]:
        await Unranked(connection).remove([paper.id for paper in ranked])
        added = [await enter(connection, one, self._clock.now()) for one in judged]
        return [candidate for candidate in added if candidate is not None]

    async def _decide(self, candidate: Candidate, relevant: frozenset[PaperId]) -> bool:
        belongs = candidate.paper in relevant
        action = Action.APPROVE if belongs else Action.REJECT
        reason = "" if belongs else str(OFF_TOPIC)
        await self._review.decide(candidate.id, Order(action, CONSOLE, Via.CONSOLE, reason=reason))
        return belongs


async def _first_that_may_enter(
    connection: AsyncConnection, ranked: Sequence[Paper], most: int
) -> list[Paper]:
    """The first so many that may become candidates."""
    found: list[Paper] = []
    for paper in ranked:
        if len(found) == most:
            break
        found += [paper] if await may_enter(connection, paper) else []
    return found


async def _nobody(_candidate: Candidate) -> None:
    """No card follows."""


@asynccontextmanager
async def open_desk(
    content: bytes, start: datetime, keywords: Mapping[str, float]
) -> AsyncIterator[ReplayDesk]:
    """A desk over a new database with this list, which is gone afterwards."""
    clock = StreamClock(start)
    with tempfile.TemporaryDirectory(prefix="replay-") as folder:
        data = Path(folder)
        url = f"sqlite+aiosqlite:///{data / 'papers.db'}"
        async with Database.open(url, data=data, now=clock.now) as database:
            listing = Listing(
                database=database, publisher=Unpublished(), clock=clock, back_up=_no_copy
            )
            await listing.take("list.md", content, replace=False)
            training = Training(
                database=database, trainer=HereTrainer(), clock=clock, keywords=keywords
            )
            yield ReplayDesk(database, training, clock)


async def _no_copy(_replaced: ListDocument) -> None:
    """There is nothing to be replaced."""
