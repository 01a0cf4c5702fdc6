"""The daily job that drops old abstracts and scores."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from bot.services.retention import BATCH, RetentionService
from storage.errors import StorageError
from storage.models import PaperId
from storage.papers import Papers
from storage.schema import scores
from storage.scores import Scores
from tests.factories import paper

if TYPE_CHECKING:
    from storage.database import Database
    from tests.fakes import FakeClock

YEAR = timedelta(days=365)
DAY = 86_400


async def store(database: Database, clock: FakeClock, count: int = 1, first: int = 1) -> None:
    """Papers of today."""
    papers = [
        replace(paper(), id=PaperId(f"arXiv:2409.{first + n:05}"), aliases=()) for n in range(count)
    ]
    now = clock.now()
    await database.write(lambda c: Papers(c).store(papers, now))


async def abstracts(database: Database, count: int = 1) -> int:
    """How many of the first papers have one."""
    ids = [PaperId(f"arXiv:2409.{1 + n:05}") for n in range(count)]
    found = await database.read(lambda c: Papers(c).get_many(ids))
    return sum(bool(one.abstract) for one in found.values())


async def test_all_is_kept_unless_somebody_says_otherwise(
    sqlite: Database, clock: FakeClock
) -> None:
    """The default."""
    await store(sqlite, clock)
    clock.advance(5_000 * DAY)
    await RetentionService(database=sqlite, clock=clock, keep=None).run()
    assert await abstracts(sqlite) == 1


async def test_what_is_older_than_it_says_is_dropped(sqlite: Database, clock: FakeClock) -> None:
    """In as many batches as it takes; what is younger by a second stays until tomorrow."""
    count = BATCH + 3
    await store(sqlite, clock, count)
    service = RetentionService(database=sqlite, clock=clock, keep=YEAR)
    clock.advance(365 * DAY)
    await service.run()
    assert await abstracts(sqlite, count) == count
    clock.advance(DAY)
    await service.run()
    assert await abstracts(sqlite, count) == 0


async def test_it_runs_once_a_day_also_over_a_restart(sqlite: Database, clock: FakeClock) -> None:
    """What grows old later on the same day waits for the next."""
    clock.advance(-9 * 3600 + 60)
    await store(sqlite, clock)
    clock.advance(365 * DAY - 60)
    for _ in range(2):
        await RetentionService(database=sqlite, clock=clock, keep=YEAR).run()
        clock.advance(3600)
    assert await abstracts(sqlite) == 1
    clock.advance(DAY)
    await RetentionService(database=sqlite, clock=clock, keep=YEAR).run()
    assert await abstracts(sqlite) == 0


class Failing:
    """A database whose disk is full from the second transaction on."""

    def __init__(self, database: Database) -> None:
        self.read, self._write = database.read, database.write
        self.writes = 0

    async def write(self, work: Any) -> Any:
        self.writes += 1
        if self.writes > 1:
            raise StorageError("database or disk is full")
        return await self._write(work)


async def test_a_run_that_was_broken_off_is_begun_again(sqlite: Database, clock: FakeClock) -> None:
    """The day is done when all batches are."""
    count = BATCH * 2
    await store(sqlite, clock, count)
    clock.advance(366 * DAY)
    failing: Any = Failing(sqlite)
    with pytest.raises(StorageError):
        await RetentionService(database=failing, clock=clock, keep=YEAR).run()
    assert await abstracts(sqlite, count) == count - BATCH
    await RetentionService(database=sqlite, clock=clock, keep=YEAR).run()
    assert await abstracts(sqlite, count) == 0


async def test_a_run_under_way_is_not_begun_a_second_time(
    sqlite: Database, clock: FakeClock
) -> None:
    """The minute's tick does not wait for it."""
    await store(sqlite, clock, BATCH)
    clock.advance(366 * DAY)
    service = RetentionService(database=sqlite, clock=clock, keep=YEAR)
    running = asyncio.create_task(service.run())
    await asyncio.sleep(0)
    await service.run()
    assert not running.done()
    await running
    assert await abstracts(sqlite, BATCH) == 0


async def test_what_the_ranker_learns_from_stays(sqlite: Database, clock: FakeClock) -> None:
    """The papers of example lists keep their abstracts, by whichever id the lists know them."""
    await store(sqlite, clock, 3)
    known_as = PaperId("doi:10.1/example")
    also = paper(id=PaperId("arXiv:2409.00002"), aliases=(known_as,))
    await sqlite.write(lambda c: Papers(c).store([also], clock.now()))
    clock.advance(366 * DAY)
    examples = [paper(id=known_as, abstract=""), paper(id=PaperId(""), abstract="")]
    await RetentionService(database=sqlite, clock=clock, keep=YEAR, examples=examples).run()
    found = await sqlite.read(
        lambda c: Papers(c).get_many([PaperId(f"arXiv:2409.0000{n}") for n in (1, 2, 3)])
    )
    assert [bool(one.abstract) for one in found.values()] == [False, True, False]


async def test_scores_are_kept_for_four_months(sqlite: Database, clock: FakeClock) -> None:
    """Whether abstracts are kept or not."""
    await store(sqlite, clock, 2)
    for number in (1, 2):
        value = {PaperId(f"arXiv:2409.0000{number}"): 0.5}
        await sqlite.write(lambda c, value=value: Scores(c).record(value, 1, clock.now()))
        clock.advance(60 * DAY)
    clock.advance(DAY)
    await RetentionService(database=sqlite, clock=clock, keep=None).run()
    kept = await sqlite.read(lambda c: c.scalars(select(scores.c.paper)))
    assert kept.all() == ["arXiv:2409.00002"]
