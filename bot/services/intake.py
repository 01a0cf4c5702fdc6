"""From arXiv to the queue.

Pages are stored as they come, what is new is ranked, the best become candidates.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import structlog

from bot.domain import intake
from bot.domain.errors import SourceError
from storage.candidates import Candidates
from storage.catalogue import Catalogue
from storage.harvests import Harvests
from storage.models import Origin
from storage.papers import Papers
from storage.unranked import Unranked

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence
    from datetime import date, datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.services.ports import Clock, Harvester, HarvestPage
    from bot.services.ranking import Ranked, Ranking
    from storage.database import Database

BATCH = 500
"""Papers ranked between two commits."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class HarvestReport:
    """What a harvest did. `faults` names each set that could not be read to its end, and why."""

    announced: int
    new: int
    queued: int
    faults: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether every set was read to its last page."""
        return not self.faults


@dataclass(frozen=True, slots=True)
class _SetPass:
    pass_id: int
    set_name: str
    since: date
    moves_watermark: bool


@dataclass(frozen=True, slots=True)
class _PageCounts:
    announced: int
    new: int


def _ignore(_set_name: str, _records: int) -> None:
    """Nobody watches the pages."""


class Intake:
    """Harvests the configured sets. One harvest at a time in a process."""

    def __init__(
        self,
        *,
        database: Database,
        harvester: Harvester,
        ranking: Ranking,
        clock: Clock,
        sets: Sequence[str],
    ) -> None:
        self._database = database
        self._harvester = harvester
        self._ranking = ranking
        self._clock = clock
        self._sets = tuple(sets)
        self._running = asyncio.Lock()

    async def harvest(
        self,
        since: date | None = None,
        until: date | None = None,
        on_page: Callable[[str, int], None] | None = None,
    ) -> HarvestReport:
        """One pass over all sets. `since` and `until` are days of modification at arXiv.

        Without them each set goes on from its watermark. A set that fails keeps its watermark, is
        named in the report and the ledger, and the next pass repairs it. `on_page(set, records)`
        hears of
        each page.
        """
        async with self._running:
            self._ranking.renew()
            reports = [
                await self._harvest_set(set_name, since, until, on_page or _ignore)
                for set_name in self._sets
            ]
        return HarvestReport(
            announced=sum(report.announced for report in reports),
            new=sum(report.new for report in reports),
            queued=sum(report.queued for report in reports),
            faults=tuple(fault for report in reports for fault in report.faults),
        )

    async def _harvest_set(
        self,
        set_name: str,
        since: date | None,
        until: date | None,
        on_page: Callable[[str, int], None],
    ) -> HarvestReport:
        one = await self._begin(set_name, since, until)
        announced = new = 0
        faults: tuple[str, ...] = ()
        try:
            async for page in self._pages(one, until):
                announced += page.announced
                new += page.new
                on_page(set_name, page.announced)
        except SourceError as fault:
            faults = (f"{set_name}: {fault}",)
            await self._fault(one, str(fault))
        return HarvestReport(announced, new, await self._rank_waiting(one.pass_id), faults)

    async def _begin(self, set_name: str, since: date | None, until: date | None) -> _SetPass:
        now = self._clock.now()
        watermark = await self._database.read(lambda c: Harvests(c).watermark(set_name))
        usual = intake.start_day(watermark, now)
        start = since or usual
        pass_id = await self._database.write(lambda c: Harvests(c).begin(set_name, start, now))
        contiguous = until is None and start <= (watermark.date() if watermark else start)
        return _SetPass(pass_id, set_name, start, contiguous)

    async def _pages(self, one: _SetPass, until: date | None) -> AsyncIterator[_PageCounts]:
        first: datetime | None = None
        async for page in self._harvester.pages(one.set_name, one.since, until):
            first = first or page.response_date
            yield await self._store(one, page, watermark=first)

    async def _store(self, one: _SetPass, page: HarvestPage, *, watermark: datetime) -> _PageCounts:
        now = self._clock.now()

        async def work(connection: AsyncConnection) -> _PageCounts:
            stored = await Papers(connection).store(page.papers, now)
            new, late = intake.split_news(stored.new, now)
            await Unranked(connection).add(new)
            harvests = Harvests(connection)
            await harvests.page(
                one.pass_id,
                announced=len(page.papers),
                new=len(new),
                late=len(late),
                updated=len(stored.updated),
                now=now,
            )
            if page.last:
                moved = intake.new_watermark(watermark, now) if one.moves_watermark else None
                await harvests.complete(one.pass_id, moved, now)
            return _PageCounts(len(page.papers), len(new))

        return await self._database.write(work)

    async def _fault(self, one: _SetPass, fault: str) -> None:
        now = self._clock.now()
        log.warning("harvest incomplete", set=one.set_name, fault=fault)
        await self._database.write(lambda c: Harvests(c).fault(one.pass_id, fault, now))

    async def _rank_waiting(self, pass_id: int) -> int:
        """Rank what is stored and not ranked yet, also what a crash left behind.

        Say how many were queued.
        """
        queued = 0
        while papers := await self._database.read(lambda c: Unranked(c).papers(BATCH)):
            ranked = await self._ranking.rank(papers)
            queued += await self._database.write(partial(self._queue, pass_id, ranked))
        return queued

    async def _queue(
        self, pass_id: int, ranked: Sequence[Ranked], connection: AsyncConnection
    ) -> int:
        """Queue the best, but what another process that harvests has ranked meanwhile."""
        catalogue, candidates = Catalogue(connection), Candidates(connection)
        taken = await Unranked(connection).remove([one.paper.id for one in ranked])
        queued = 0
        for one in ranked:
            if one.paper.id not in taken or one.score.value < self._ranking.threshold:
                continue
            listed = await catalogue.entry_of(one.paper.id) is not None
            if intake.may_queue(one.paper, listed=listed):
                queued += await self._add(candidates, one)
        await Harvests(connection).ranked(pass_id, ranked=len(taken), queued=queued)
        return queued

    async def _add(self, candidates: Candidates, one: Ranked) -> bool:
        added = await candidates.queue(
            one.paper.id,
            score=one.score.value,
            reasons=one.score.reasons,
            section=one.section,
            origin=Origin.HARVEST,
            submitter=None,
            now=self._clock.now(),
        )
        return added is not None
