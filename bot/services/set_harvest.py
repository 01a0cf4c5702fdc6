"""One set in one pass: a row of days, each page stored as it comes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

import structlog

from bot.domain import intake
from bot.domain.errors import SourceError, TokenExpired
from bot.services.day_walk import Distrusted, Failures, Walk
from bot.services.newcomers import Arrival, Taken, take_in
from bot.services.withdrawals import withdraw
from storage.harvests import Harvests, Page, Slice
from storage.papers import Papers
from storage.precedence import ANSWERS_FIRST
from storage.watermarks import Watermarks

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import date, datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.domain.announcements import Calendar
    from bot.domain.intake import Range
    from bot.services.ports import Clock, Harvester, HarvestPage
    from storage.database import Database
    from storage.models import PaperId
    from storage.watermarks import Reach

TRIES = 3
"""How often a day's list is begun anew when its token expires."""

QUIET = "no new paper came, though arXiv announces on this day"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a set is in a pass: days read of all its days."""

    set_name: str
    days_read: int
    days: int


@dataclass(frozen=True, slots=True)
class Wiring:
    """What every set of a pass is read with."""

    database: Database
    harvester: Harvester
    clock: Clock
    calendar: Calendar
    watch: Callable[[Progress], None]


class SetHarvest:
    """Reads the days of one set that a pass has not read yet. Used once."""

    def __init__(
        self, wiring: Wiring, *, pass_id: int, set_name: str, reach: Reach, asked: Range
    ) -> None:
        self._database, self._clock = wiring.database, wiring.clock
        self._harvester, self._calendar = wiring.harvester, wiring.calendar
        self._watch = wiring.watch
        self._pass_id = pass_id
        self._set_name = set_name
        self._reach = reach
        self._asked = asked
        self._missing: set[date] = set()
        self._marred: set[int] = set()
        self.quiet: tuple[date, ...] = ()

    async def run(self, failures: Failures) -> bool:
        """Whether all days are read now; a fault is named in log and ledger."""
        read = await self._database.read(
            lambda c: Harvests(c).checkpoints(self._pass_id, self._set_name)
        )
        days = self._asked.missing(read)
        self._missing = set(days)
        failures.next_set()
        for day in days:
            if failures.enough:
                await self._name(day, "not asked: arXiv failed before and is left alone for now", 0)
                break
            await self._try(day, failures)
        return not self._missing

    async def _try(self, day: date, failures: Failures) -> None:
        try:
            await self._read_day(day)
        except SourceError as fault:
            failures.met(fault)
            await self._name(day, str(fault), 0 if isinstance(fault, Distrusted) else 1)
        else:
            failures.in_a_row = 0

    async def _read_day(self, day: date) -> None:
        one = await self._database.write(lambda c: self._slice(c, day))
        for tries_left in reversed(range(TRIES)):
            try:
                await self._walk(Walk(one))
            except TokenExpired as expired:
                if not tries_left:
                    raise
                log.info("list begun anew", set=self._set_name, day=str(day), reason=str(expired))
                await self._database.write(lambda c: Harvests(c).asked_again(one.row))
            else:
                return

    async def _slice(self, connection: AsyncConnection, day: date) -> Slice:
        announced, now = self._calendar.day_of(day), self._clock.now()
        row = await Harvests(connection).row(self._pass_id, self._set_name, announced, now)
        return Slice(self._pass_id, self._set_name, day, row)

    async def _walk(self, walk: Walk) -> None:
        async for page in self._harvester.pages(self._set_name, walk.one.day, walk.one.day):
            walk.look_at(page, self._clock.now())
            await self._store(walk, page)
            read = len(self._asked.days) - len(self._missing)
            self._watch(Progress(self._set_name, read, len(self._asked.days)))
        for fault in walk.faults:
            await self._name(walk.one.day, fault, 0)
        if walk.distrusted:
            raise Distrusted(walk.distrusted)

    async def _store(self, walk: Walk, page: HarvestPage) -> None:
        last = page.last and not walk.distrusted

        async def work(connection: AsyncConnection) -> tuple[date, ...]:
            taken = await self._take_in(connection, walk.one, page)
            fresh = {paper.id for paper in page.papers} - walk.seen
            await self._count(connection, walk, taken, fresh, page)
            quiet: tuple[date, ...] = ()
            if last and not walk.faults:
                await Harvests(connection).read(walk.one, page.response_date)
            if last:
                quiet = await self._read_to_its_end(connection, walk)
            walk.seen |= fresh
            return quiet

        await ANSWERS_FIRST.stand_back()
        quiet = await self._database.write(work)
        if last:
            self._missing.discard(walk.one.day)
            self.quiet = quiet or self.quiet

    async def _take_in(self, connection: AsyncConnection, one: Slice, page: HarvestPage) -> Taken:
        now = self._clock.now()
        taken = Taken()
        await withdraw(connection, page.deleted, now)
        for day, papers in intake.by_datestamp(page.papers, one.day).items():
            arrival = Arrival(
                self._calendar.day_of(day),
                one.row,
                proposed=day >= self._reach.since,
                dated=day == one.day,
            )
            taken += await take_in(connection, papers, arrival, now)
        return taken

    async def _count(
        self,
        connection: AsyncConnection,
        walk: Walk,
        taken: Taken,
        fresh: Collection[PaperId],
        page: HarvestPage,
    ) -> None:
        papers = Papers(connection)
        day = self._calendar.day_of(walk.one.day)
        recent = [paper_id for paper_id in fresh if intake.is_recent(paper_id, day)]
        primaries = set((await papers.resolve(recent)).values())
        walk.first += await papers.announced_on(day, primaries)
        counts = Page(
            announced=len(walk.seen | set(fresh)),
            first=walk.first,
            new=len(taken.new),
            late=len(taken.late),
            updated=len(taken.updated),
            requests=page.requests,
        )
        await Harvests(connection).page(walk.one, counts, page.response_date)

    async def _read_to_its_end(self, connection: AsyncConnection, walk: Walk) -> tuple[date, ...]:
        """A day is read: is its row complete, is the set? Gives the days that are suspicious."""
        still = self._missing - {walk.one.day}
        announced = self._calendar.day_of(walk.one.day)
        if walk.faults:
            self._marred.add(walk.one.row)
        whole = all(self._calendar.day_of(day) != announced for day in still)
        if whole and walk.one.row not in self._marred:
            await Harvests(connection).complete(walk.one.row)
        return () if still else await self._finish(connection)

    async def _finish(self, connection: AsyncConnection) -> tuple[date, ...]:
        harvests, now = Harvests(connection), self._clock.now()
        quiet = await self._quiet_days(harvests, now)
        for day in quiet:
            row = await harvests.row(self._pass_id, self._set_name, day, now)
            await harvests.fault(row, QUIET, requests=0)
        if quiet:
            return quiet
        response = await harvests.asked_at(self._pass_id, self._set_name)
        moved = response and self._asked.moved(self._reach.watermark, response)
        if moved:
            await Watermarks(connection).move(self._set_name, moved)
        return ()

    async def _quiet_days(self, harvests: Harvests, now: datetime) -> tuple[date, ...]:
        """The suspicious ones of the announcement days that the watermark would pass.

        One that is not the latest is believed when it was as quiet on another day before.
        """
        latest = self._calendar.latest_ready(now)
        first = self._reach.watermark.date() if self._reach.watermark else latest
        days = [one for one in self._asked.days if first <= one <= latest]
        judged = [one for one in days if self._calendar.announces(one)]
        known = await harvests.first_announced(self._set_name, latest, intake.JUDGED + len(judged))
        midnight = intake.midnight(now.astimezone(UTC).date())
        believed = await harvests.named(self._set_name, QUIET, midnight, judged) - {latest}
        return tuple(
            one for one in judged if one not in believed and intake.is_suspicious(known, one)
        )

    async def _name(self, day: date, fault: str, requests: int) -> None:
        log.warning("harvest incomplete", set=self._set_name, day=str(day), fault=fault)

        async def work(connection: AsyncConnection) -> None:
            one = await self._slice(connection, day)
            await Harvests(connection).fault(one.row, fault, requests=requests)

        await self._database.write(work)
