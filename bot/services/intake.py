"""From arXiv to the queue: a pass over all sets, and the cross-check of what it brought."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

import structlog

from bot.domain import intake
from bot.domain.errors import SourceError, TrainingFailed, UserError
from bot.domain.ledger import CROSS_CHECK
from bot.services.day_walk import Failures
from bot.services.newcomers import Arrival, Taken, take_in
from bot.services.queueing import Queueing
from bot.services.set_harvest import Progress, SetHarvest, Wiring
from storage.harvests import CHECK, Harvests, Page
from storage.watermarks import Watermarks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.domain.announcements import Calendar
    from bot.services.ports import Clock, Harvester, PaperWindow, WindowSlice
    from bot.services.ranking import Ranking
    from storage.database import Database
    from storage.models import LedgerRow
    from storage.watermarks import Reach

CHECKED = timedelta(days=7)
"""How far back the cross-check asks by submission date."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class HarvestReport:
    """What a pass did, by its rows of the ledger.

    `quiet` are sets without a new paper on a day that announces.
    """

    pass_id: int
    rows: tuple[LedgerRow, ...]
    complete: bool
    quiet: tuple[tuple[str, date], ...] = ()

    @property
    def announced(self) -> int:
        """How many records arXiv gave."""
        return sum(row.announced for row in self.rows)

    @property
    def new(self) -> int:
        """How many papers were unknown until then, and recent."""
        return sum(row.new for row in self.rows)

    @property
    def late(self) -> int:
        """How many papers were unknown until then, and older."""
        return sum(row.late for row in self.rows)

    @property
    def queued(self) -> int:
        """How many became candidates."""
        return sum(row.queued for row in self.rows)

    @property
    def sound(self) -> bool:
        """Whether all that arXiv gave was read, be it suspiciously little."""
        return self.complete and all(
            row.complete or (row.set, row.day) in self.quiet for row in self.rows
        )

    @property
    def faults(self) -> tuple[str, ...]:
        """What went wrong, each with its set and day."""
        return tuple(f"{row.set}, {row.day}: {fault}" for row in self.rows for fault in row.faults)


def _nothing(start: date, end: date, *, given: bool) -> str:
    if given:
        return f"Nothing lies between {start}, where this would begin, and {end}."
    return (
        f"This machine's clock says that it is {end}, but all sets are known from {start} on "
        "already: set the clock."
    )


def _ignore(_: Progress) -> None:
    """Nobody watches."""


class Intake:
    """Harvests the configured sets. One pass at a time in a process."""

    def __init__(
        self,
        *,
        database: Database,
        harvester: Harvester,
        ranking: Ranking,
        clock: Clock,
        sets: Sequence[str],
        calendar: Calendar,
        look_back: timedelta,
    ) -> None:
        self._database = database
        self._harvester = harvester
        self._clock = clock
        self._sets = tuple(sets)
        self._calendar = calendar
        self._look_back = look_back
        self._queueing = Queueing(database=database, ranking=ranking, clock=clock)
        self._running = asyncio.Lock()

    async def harvest(
        self,
        since: date | None = None,
        until: date | None = None,
        watch: Callable[[Progress], None] = _ignore,
    ) -> HarvestReport:
        """One pass over all sets. `since` and `until` are days of modification at arXiv.

        Without them each set goes on from its watermark. With them a pass that was broken off goes
        on where it stopped. A set of which a day fails keeps its watermark, the fault is named in
        the report and the ledger, and the next pass repairs it. Raises UserError where no day lies
        between the two.
        """
        async with self._running:
            plans = await self._plans(since, until)
            pass_id = await self._begin(since, until)
            wiring = Wiring(self._database, self._harvester, self._clock, self._calendar, watch)
            failures = Failures()
            quiet: list[tuple[str, date]] = []
            complete = True
            for set_name, reach, asked in plans:
                one = SetHarvest(
                    wiring, pass_id=pass_id, set_name=set_name, reach=reach, asked=asked
                )
                complete &= await one.run(failures)
                quiet += [(set_name, day) for day in one.quiet]
                await self._rank()
            return await self._end(pass_id, complete=complete, quiet=tuple(quiet))

    async def rank_left(self) -> None:
        """Rank what a crash left behind; asks arXiv nothing."""
        async with self._running:
            await self._rank()

    async def _rank(self) -> None:
        """Rank what waits; where there is no ranker it waits for the next pass."""
        try:
            await self._queueing.run()
        except TrainingFailed as error:
            log.warning("not ranked yet", reason=str(error))

    async def _plans(
        self, since: date | None, until: date | None
    ) -> list[tuple[str, Reach, intake.Range]]:
        """How far each set is, and what is asked of it; without the sets of which nothing is."""
        now = self._clock.now()

        async def work(connection: AsyncConnection) -> list[tuple[str, Reach, intake.Range]]:
            harvests = Harvests(connection)
            deep = not await harvests.completed_since(intake.week_of(now))
            plans = [
                (set_name, reach, self._range(reach, since, until, now, deep=deep))
                for set_name, reach in (await self._reaches(connection, now)).items()
            ]
            if not any(asked.days for _, _, asked in plans):
                start = min(asked.start for _, _, asked in plans)
                raise UserError(_nothing(start, plans[0][2].end, given=bool(since or until)))
            return [plan for plan in plans if plan[2].days]

        return await self._database.write(work)

    def _range(
        self, reach: Reach, since: date | None, until: date | None, now: datetime, *, deep: bool
    ) -> intake.Range:
        usual = intake.start_day(
            reach.watermark, reach.since, now, look_back=self._look_back, deep=deep
        )
        today = now.astimezone(UTC).date()
        open_end = until is None or until >= today
        start = max(since or usual, intake.EARLIEST)
        return intake.Range(start, today if until is None else min(until, today), open_end)

    async def _begin(self, since: date | None, until: date | None) -> int:
        """The pass to go on with, or a new one."""
        now = self._clock.now()

        async def work(connection: AsyncConnection) -> int:
            harvests = Harvests(connection)
            by_hand = since is not None or until is not None
            unfinished = await harvests.unfinished(since, until) if by_hand else None
            return unfinished or await harvests.begin(now, since, until)

        return await self._database.write(work)

    async def _end(
        self, pass_id: int, *, complete: bool, quiet: tuple[tuple[str, date], ...]
    ) -> HarvestReport:
        if complete:
            await self._database.write(lambda c: Harvests(c).end(pass_id))
        rows = await self._database.read(lambda c: Harvests(c).of_pass(pass_id))
        return HarvestReport(pass_id, rows, complete, quiet)

    async def cross_check(self, window: PaperWindow) -> HarvestReport:
        """Ask by submission date for the last days; store and count what the passes missed."""
        async with self._running:
            now = self._clock.now()
            pass_id, row, since = await self._database.write(self._begin_check)
            complete = True
            try:
                async for one in window.submitted(self._sets, now - CHECKED, now):
                    await self._store(one, row, since)
            except SourceError as fault:
                complete = False
                log.warning("cross-check incomplete", fault=str(fault))
                reason = str(fault)
                await self._database.write(lambda c: Harvests(c).fault(row, reason))
            else:
                await self._database.write(lambda c: Harvests(c).complete(row))
            await self._rank()
            return await self._end(pass_id, complete=complete, quiet=())

    async def is_checked(self) -> bool:
        """Whether a cross-check was completed today (UTC)."""
        today = intake.midnight(self._clock.now().astimezone(UTC).date())
        return await self._database.read(lambda c: Harvests(c).completed_since(today, kind=CHECK))

    async def _begin_check(self, connection: AsyncConnection) -> tuple[int, int, dict[str, date]]:
        """The pass, its row of the ledger, and the day from which on each set brings news."""
        now, harvests = self._clock.now(), Harvests(connection)
        pass_id = await harvests.begin(now, kind=CHECK)
        day = self._calendar.latest_ready(now)
        row = await harvests.row(pass_id, CROSS_CHECK, day, now)
        reaches = await self._reaches(connection, now)
        return pass_id, row, {one: reach.since for one, reach in reaches.items()}

    async def _reaches(self, connection: AsyncConnection, now: datetime) -> dict[str, Reach]:
        news_from, watermarks = (now - self._look_back).date(), Watermarks(connection)
        return {one: await watermarks.reach(one, news_from) for one in self._sets}

    async def _store(self, one: WindowSlice, row: int, since: dict[str, date]) -> None:
        now = self._clock.now()
        day = self._calendar.latest_ready(now)

        async def work(connection: AsyncConnection) -> None:
            taken = Taken()
            for proposed in (True, False):
                some = [p for p in one.papers if intake.is_news(p, since) is proposed]
                arrival = Arrival(day, row, proposed=proposed, dated=False)
                taken += await take_in(connection, some, arrival, now)
            page = Page(
                announced=len(one.papers),
                first=len(taken.new) + len(taken.late),
                new=len(taken.new),
                late=len(taken.late),
                updated=len(taken.updated),
                requests=one.requests,
            )
            await Harvests(connection).count(row, page)
            if found := (*taken.new, *taken.late):
                log.warning("papers the harvest did not bring", count=len(found), ids=found[:20])

        await self._database.write(work)
