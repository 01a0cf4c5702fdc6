"""What `run` does when arXiv brings too little, fails, or is to be checked."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.domain.errors import SourceError
from bot.services import harvesting
from bot.services.harvesting import Harvesting
from bot.services.ports import WindowSlice
from storage.harvests import Harvests
from storage.notices import Notices
from storage.papers import Papers
from storage.unranked import Unranked
from tests.fakes import FakeClock
from tests.unit.archive import Archive
from tests.unit.desk import Office, open_office
from tests.unit.test_intake import found, intake, watermark
from tests.wire.arxiv_clock import HastyClock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from storage.database import Database
    from storage.models import LedgerRow

TUESDAY = date(2024, 9, 17)
EARLY = datetime(2024, 9, 17, 4, 20, tzinfo=UTC)


class PatientClock(FakeClock):
    """Says when somebody sleeps."""

    def __init__(self) -> None:
        super().__init__(EARLY)
        self.rested = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        self.rested.set()
        await super().sleep(seconds)


class Desk:
    """The harvest of `run`, with what it did."""

    def __init__(self, office: Office, archive: Archive, clock: FakeClock) -> None:
        self.office, self.archive, self.clock = office, archive, clock
        self.checks = self.followed = 0
        self.fault: SourceError | None = None
        self.running = Harvesting(
            database=office.database,
            intake=intake(office, archive),
            window=self,
            clock=clock,
            done=self._follow,
        )

    async def submitted(
        self, sets: Sequence[str], since: datetime, until: datetime
    ) -> AsyncIterator[WindowSlice]:
        self.checks += 1
        if self.fault:
            raise self.fault
        yield WindowSlice((), 1)

    async def _follow(self) -> None:
        self.followed += 1

    async def ledger(self) -> tuple[LedgerRow, ...]:
        """All rows."""
        return await self.office.database.read(lambda c: Harvests(c).ledger(1000))

    async def said(self) -> list[str]:
        """What is to be said in the review channel."""
        return [one.text for one in await self.office.database.read(lambda c: Notices(c).unsaid())]


@pytest.fixture
def hasty() -> HastyClock:
    """A Tuesday, 04:20."""
    clock = HastyClock()
    clock.advance((EARLY - clock.now()).total_seconds())
    return clock


@pytest.fixture
async def desk(sqlite: Database, hasty: HastyClock) -> Desk:
    """An arXiv that announced a paper on Monday and one on Tuesday."""
    archive = Archive(hasty)
    archive.add(found(1), found(2, datestamp=TUESDAY))
    return Desk(await open_office(sqlite, hasty), archive, hasty)


async def test_a_good_pass_is_made_once_and_checked_once_a_day(desk: Desk) -> None:
    """The cross-check follows the first pass that was complete."""
    for hours in (2, 7, 24):
        await desk.running.run()
        desk.clock.advance(hours * 3600)
    assert desk.checks == 1
    assert desk.followed >= 3
    desk.archive.add(found(3, datestamp=TUESDAY + timedelta(days=1)))
    await desk.running.run()
    assert desk.checks == 2
    assert await desk.said() == []


async def test_what_a_crash_left_unranked_is_finished_without_a_pass(desk: Desk) -> None:
    """Stored, the watermark moved, killed: the start ranks it and the cards hear of it."""

    async def leave(connection: AsyncConnection) -> None:
        left = found(9)
        await Papers(connection).store([left], EARLY)
        await Unranked(connection).add([left.id])

    await desk.office.database.write(leave)
    await desk.running.go_on()
    waiting = await desk.office.review.waiting()
    assert [one.paper for one in waiting] == [found(9).id]
    assert (desk.followed, desk.checks, await desk.ledger()) == (1, 0, ())


async def test_a_suspicious_day_is_asked_for_again_and_then_said_once(
    desk: Desk, hasty: HastyClock
) -> None:
    """At growing intervals; the watermark stays, and one message a day is said."""
    desk.archive.papers["cs.CL"] = [found(1)]
    for _ in range(2):
        await desk.running.run()
    assert hasty.slept == list(harvesting.AGAIN) * 2
    assert list(harvesting.AGAIN) == sorted(harvesting.AGAIN)
    assert await watermark(desk.office) is None
    (text,) = await desk.said()
    assert "cs.CL for Tue 17 Sep" in text
    assert "asked 5 times" in text


async def test_several_days_are_said_in_one_message(desk: Desk) -> None:
    """After an absence: the last one is named, the others are counted."""
    await desk.running.run()
    desk.clock.advance(3 * 86_400)
    await desk.running.run()
    (text,) = await desk.said()
    assert "cs.CL for Fri 20 Sep (and on 2 days before it), a day on which it announces" in text


async def test_what_comes_late_is_believed(sqlite: Database) -> None:
    """Nothing is said when arXiv was merely slow."""
    clock = PatientClock()
    desk = Desk(await open_office(sqlite, clock), Archive(clock), clock)
    running = asyncio.create_task(desk.running.run())
    await clock.rested.wait()
    desk.archive.add(found(2, datestamp=TUESDAY))
    clock.advance(harvesting.AGAIN[0])
    await asyncio.wait_for(running, 10)
    assert await desk.said() == []
    assert await watermark(desk.office) == clock.now()


async def test_a_failed_pass_is_made_again(desk: Desk, hasty: HastyClock) -> None:
    """And its fault stays in the ledger."""
    desk.archive.faults["cs.CL", TUESDAY] = [SourceError("arXiv sent HTML")]
    await desk.running.run()
    assert hasty.slept == [harvesting.AGAIN[0]]
    faults = [fault for row in await desk.ledger() for fault in row.faults]
    assert faults == ["arXiv sent HTML"]
    assert desk.checks == 1


async def test_a_check_that_failed_is_made_after_the_next_pass(desk: Desk) -> None:
    """It is named in the ledger and holds nothing up."""
    desk.fault = SourceError("1 of 2 came")
    await desk.running.run()
    desk.fault = None
    await desk.running.run()
    await desk.running.run()
    assert desk.checks == 2


async def test_told_to_stop_it_does_not_wait(sqlite: Database) -> None:
    """A round that waits for its next try ends at once; a second one is not begun beside it."""
    clock = PatientClock()
    desk = Desk(await open_office(sqlite, clock), Archive(clock), clock)
    running = asyncio.create_task(desk.running.run())
    await clock.rested.wait()
    await desk.running.run()
    desk.running.close()
    await asyncio.wait_for(running, 5)
    assert desk.checks == 0
    assert await desk.said() == []
