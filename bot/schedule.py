"""The APScheduler jobs. They live in memory: what was done and when stands in the database."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence
    from datetime import time

MISFIRE_SECONDS = 3600
"""A job that could not start on time starts up to this late.

APScheduler's own default of 1 s drops runs.
"""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Jobs:
    """What runs when.

    `harvest` at the given UTC times from Monday to Friday, the rest at intervals in seconds.
    """

    harvest: Callable[[], Awaitable[object]]
    harvest_times: Sequence[time]
    every_minute: Callable[[], Awaitable[object]]
    heartbeat: Callable[[], Awaitable[object]]
    heartbeat_seconds: int = 30


class Schedule:
    """Runs the jobs on the event loop until stopped.

    A job that fails is logged and runs again at its next time.
    """

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs
        self._running: set[asyncio.Task[object]] = set()
        self._scheduler = AsyncIOScheduler(
            timezone="UTC",
            job_defaults={
                "misfire_grace_time": MISFIRE_SECONDS,
                "coalesce": True,
                "max_instances": 1,
            },
        )

    @property
    def running(self) -> bool:
        """Whether the jobs were started."""
        return bool(self._scheduler.running)

    def start(self) -> None:
        """Start all jobs; each runs at its next time, and none of them at once."""
        for at in self._jobs.harvest_times:
            trigger = CronTrigger(
                day_of_week="mon-fri", hour=at.hour, minute=at.minute, timezone="UTC"
            )
            self._scheduler.add_job(partial(self._guard, "harvest", self._jobs.harvest), trigger)
        self._every("minute", self._jobs.every_minute, 60)
        self._every("heartbeat", self._jobs.heartbeat, self._jobs.heartbeat_seconds)
        self._scheduler.start()

    async def stop(self, patience: float) -> None:
        """Start no more jobs, give running ones `patience` seconds, then cancel and await them.

        APScheduler's own shutdown cancels running coroutines and does not wait for them.
        """
        if not self.running:
            return
        self._scheduler.pause()
        await finish(self._running, patience)
        self._scheduler.shutdown(wait=False)

    def _every(self, name: str, work: Callable[[], Awaitable[object]], seconds: int) -> None:
        trigger = IntervalTrigger(seconds=seconds, timezone="UTC")
        self._scheduler.add_job(partial(self._guard, name, work), trigger)

    async def _guard(self, name: str, work: Callable[[], Awaitable[object]]) -> None:
        task = asyncio.ensure_future(work())
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        try:
            await task
        except Exception:
            # The job boundary: one failed run must not stop the ones after it.
            log.exception("job failed", job=name)


async def finish(tasks: Iterable[asyncio.Task[object]], patience: float) -> None:
    """Give running tasks `patience` seconds, then cancel them, and wait until all have ended."""
    running = tuple(tasks)
    if running:
        _, late = await asyncio.wait(running, timeout=patience)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
