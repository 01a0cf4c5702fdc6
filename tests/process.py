"""`python -m tests.process COMMAND …`: the bot's own command line under a clock the test sets.

`TEST_NOW` is the instant (ISO 8601, UTC) at which the process believes to have started.
"""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime

from bot.__main__ import main


class ShiftedClock:
    """The machine's clock, moved so that it began at a given instant."""

    def __init__(self, start: datetime) -> None:
        self._shift = start - datetime.now(UTC)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._shift

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


if __name__ == "__main__":
    main(ShiftedClock(datetime.fromisoformat(os.environ["TEST_NOW"]).replace(tzinfo=UTC)))
