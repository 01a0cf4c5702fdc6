"""`python -m tests.process COMMAND …`: the bot's own command line, with time in a test's hand.

`TEST_CLOCK` is what `SetClock.written` gives, by default the machine's clock; all processes it is
given to live in one time. `TEST_SPACING` are the seconds between two questions to arXiv, by default
the bot's own. `TEST_POINTS` names a file that gets a line for each effect the process has (see
tests.points), and `TEST_KILL` one of them, around which the process kills itself.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Self

from bot.__main__ import main

CLOCK = "TEST_CLOCK"
SPACING = "TEST_SPACING"
POINTS = "TEST_POINTS"
KILL = "TEST_KILL"


@dataclass(frozen=True)
class SetClock:
    """A clock that runs `speed` times as fast as the machine's; sleep is as much shorter.

    It showed `start` when the machine's showed `since` (seconds of the epoch).
    """

    start: datetime
    since: float
    speed: float = 1.0

    @classmethod
    def at(cls, start: datetime, speed: float = 1.0) -> Self:
        """A clock that shows `start` now."""
        return cls(start, time.time(), speed)

    @classmethod
    def read(cls, written: str) -> Self:
        """The clock that `written` gave."""
        start, since, speed = written.split()
        return cls(datetime.fromisoformat(start), float(since), float(speed))

    @property
    def written(self) -> str:
        """It, for the environment of a process."""
        return f"{self.start.isoformat()} {self.since} {self.speed}"

    def now(self) -> datetime:
        return self.start + timedelta(seconds=(time.time() - self.since) * self.speed)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self.speed)


def start() -> None:
    """Run the command line under the clock and with the spacing of the environment."""
    written = os.environ.get(CLOCK)
    clock = SetClock.read(written) if written else SetClock.at(datetime.now(UTC))
    if spacing := os.environ.get(SPACING):
        _space(float(spacing))
    if clock.speed != 1 and "run" in sys.argv:
        _hurry(clock.speed)
    if os.environ.get(POINTS) or os.environ.get(KILL):
        _watch(os.environ.get(POINTS), os.environ.get(KILL))
    main(clock)


def _space(seconds: float) -> None:
    from bot import assembly  # noqa: PLC0415 - main starts faster where this is not needed
    from bot.sources.manners import Manners  # noqa: PLC0415 - as above

    assembly.Manners = partial(Manners, spacing=seconds)  # type: ignore[misc,assignment,attr-defined]


def _hurry(speed: float) -> None:
    """Let the minutes of the schedule be minutes of the clock."""
    from bot import schedule  # noqa: PLC0415 - as above

    every = schedule.IntervalTrigger

    def trigger(*, seconds: float, timezone: str) -> object:
        """So many seconds of the clock's."""
        return every(seconds=seconds / speed, timezone=timezone)

    schedule.IntervalTrigger = trigger


def _watch(notes: str | None, kill: str | None) -> None:
    from tests.points import Kill, Points  # noqa: PLC0415 - as above

    Points(Kill.read(kill) if kill else None, Path(notes) if notes else None).watch()


if __name__ == "__main__":
    start()
