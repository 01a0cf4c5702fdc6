"""What `run` does about arXiv: a pass, again while it is not believed, and a cross-check a day."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from storage.notices import Notices

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from datetime import date

    from bot.services.intake import HarvestReport, Intake
    from bot.services.ports import Clock, PaperWindow
    from storage.database import Database

AGAIN = (600.0, 1200.0, 2400.0, 4800.0)
"""Seconds until a pass that failed, or brought suspiciously little, is made again."""

QUIET = "quiet"
"""The kind of notice about a day without new papers."""

log = structlog.get_logger()


class Harvesting:
    """One round at a time: a scheduled pass that falls into a round is left out."""

    def __init__(
        self,
        *,
        database: Database,
        intake: Intake,
        window: PaperWindow,
        clock: Clock,
        done: Callable[[], Awaitable[None]],
    ) -> None:
        self._database = database
        self._intake = intake
        self._window = window
        self._clock = clock
        self._done = done
        self._busy = False
        self._rest: asyncio.Future[None] | None = None
        self._closed = False

    def close(self) -> None:
        """Begin no further pass, and do not wait for one."""
        self._closed = True
        if self._rest is not None:
            self._rest.cancel()

    async def run(self) -> None:
        """Harvest until it is believed or tried often enough; then cross-check once a UTC day.

        What is suspicious to the last is said in the review channel, once about a day.
        """
        if self._busy:
            log.info("harvest left out", reason="the last one is still at it")
            return
        self._busy = True
        try:
            report = await self._until_believed()
            if report is None:
                return
            if report.quiet:
                await self._say(report.quiet)
            if report.complete and not await self._intake.is_checked():
                _log("cross-checked", await self._intake.cross_check(self._window))
            await self._done()
        finally:
            self._busy = False

    async def go_on(self) -> None:
        """Finish what a crash left unranked: the next pass may be days away."""
        await self._intake.rank_left()
        await self._done()

    async def _until_believed(self) -> HarvestReport | None:
        """The last pass; None when the bot was told to stop before."""
        report = await self._harvest()
        for pause in AGAIN:
            if report.complete and not report.quiet:
                break
            log.info("harvest again", minutes=pause / 60, quiet=[one for one, _ in report.quiet])
            if not await self._pause(pause):
                return None
            report = await self._harvest()
        return report

    async def _pause(self, seconds: float) -> bool:
        """Whether the time passed, and nobody said to stop."""
        if self._closed:
            return False
        self._rest = asyncio.ensure_future(self._clock.sleep(seconds))
        try:
            await asyncio.wait((self._rest,))
            return not self._rest.cancelled()
        finally:
            self._rest.cancel()

    async def _harvest(self) -> HarvestReport:
        report = await self._intake.harvest()
        _log("harvested", report)
        await self._done()
        return report

    async def _say(self, quiet: Sequence[tuple[str, date]]) -> None:
        day = max(day for _, day in quiet)
        sets = ", ".join(name for name, one in quiet if one == day)
        before = len({one for _, one in quiet} - {day})
        also = f" (and on {before} {'day' if before == 1 else 'days'} before it)" if before else ""
        text = (
            f"arXiv brought no new paper in {sets} for {day:%a} {day.day} {day:%b}{also}, a day on "
            f"which it announces, though it was asked {len(AGAIN) + 1} times. Nothing is lost: the "
            "next passes ask for it again. If arXiv was closed, add the evening before to "
            "`holidays` in the configuration."
        )
        now = self._clock.now()
        await self._database.write(lambda c: Notices(c).add(QUIET, str(day), text, now))


def _log(event: str, report: HarvestReport) -> None:
    log.info(
        event,
        announced=report.announced,
        new=report.new,
        late=report.late,
        queued=report.queued,
        faults=report.faults,
    )
