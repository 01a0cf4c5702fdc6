"""The harvest of the bot as `run` does it, for a stretch of simulated time: there to be killed."""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

import aiohttp

from bot.domain.announcements import Calendar
from bot.domain.intake import catch_up_is_due
from bot.logs import configure
from bot.services.harvesting import Harvesting
from bot.services.intake import Intake
from bot.services.ranking import Ranking
from bot.services.threshold import Threshold
from bot.services.training import Training
from bot.sources.manners import Manners
from bot.sources.oai import OaiHarvester
from bot.sources.window import ArxivWindow
from storage.database import Database
from storage.watermarks import Watermarks
from tests.models import StrictTrainer
from tests.soak.clock import shared_clock
from tests.soak.eastern import holidays

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence
    from multiprocessing.connection import Connection
    from pathlib import Path

    from tests.soak.clock import SharedClock

TIMES = {
    1: (time(6, 20),),
    2: (time(4, 20), time(13)),
    3: (time(4, 20), time(6, 20), time(13)),
}
"""UTC, Monday to Friday, by how many a day; three are what is configured by default."""
KEYWORDS = {"synthetic data": 3.0, "synthetic dataset": 3.0, "self-instruct": 3.0}
PATIENCE = aiohttp.ClientTimeout(total=1.0)
"""Real seconds, which are all a held answer needs to be given up."""


def database_url(folder: Path) -> str:
    """The database of a run."""
    return f"sqlite+aiosqlite:///{folder / 'papers.db'}"


@dataclass(frozen=True)
class Life:
    """What a worker is told.

    The clock and the database lie in `folder`, `address` is arXiv's; it harvests `sets` until `end`
    so many times a day.
    """

    folder: Path
    address: str
    end: datetime
    rounds: int
    sets: Sequence[str]


async def live(life: Life, told: Callable[[], None]) -> None:
    """Catch up, then make every round that is due before the end; `told` hears of each."""
    times = TIMES[life.rounds]
    with shared_clock(life.folder / "clock") as clock:
        async with opened(life, clock) as (database, harvesting):
            complete = await database.read(lambda c: Watermarks(c).last_complete(life.sets))
            if catch_up_is_due(complete, times, clock.now()):
                await harvesting.run()
                told()
            while (due := _next(clock.now(), times)) < life.end:
                clock.move(due)
                await harvesting.run()
                told()


def _next(now: datetime, times: Sequence[time]) -> datetime:
    """The next scheduled round after an instant."""
    instants = (
        datetime.combine(now.date() + timedelta(days=ahead), at, UTC)
        for ahead in range(4)
        for at in times
    )
    return min(one for one in instants if one > now and one.weekday() < 5)


@asynccontextmanager
async def opened(life: Life, clock: SharedClock) -> AsyncIterator[tuple[Database, Harvesting]]:
    """The product's own harvest: every part is the real one but the clock."""
    async with (
        Database.open(database_url(life.folder), data=life.folder, now=clock.now) as database,
        aiohttp.ClientSession() as session,
    ):
        manners = Manners(database=database, clock=clock, contact="soak@example.org")
        harvester = OaiHarvester(
            session=session, manners=manners, base_url=f"{life.address}/oai", timeout=PATIENCE
        )
        closed = frozenset(day for year in range(2020, 2035) for day in holidays(year))
        training = Training(
            database=database, trainer=StrictTrainer(), clock=clock, keywords=KEYWORDS
        )
        threshold = Threshold(database=database, configured=0.2)
        intake = Intake(
            database=database,
            harvester=harvester,
            ranking=Ranking(database=database, training=training, threshold=threshold),
            clock=clock,
            sets=life.sets,
            calendar=Calendar(closed),
            look_back=timedelta(days=7),
        )
        async with ArxivWindow(
            session=session, manners=manners, base_url=f"{life.address}/api/query", timeout=PATIENCE
        ) as window:
            harvesting = Harvesting(
                database=database, intake=intake, window=window, clock=clock, done=_nothing
            )
            yield database, harvesting


async def _nothing() -> None:
    return None


def main(life: Life, saying: Connection) -> None:
    """Live once, and say a word after each round."""
    configure(level=logging.ERROR)
    asyncio.run(live(life, lambda: saying.send_bytes(b"round")))
