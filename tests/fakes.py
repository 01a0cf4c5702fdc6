"""Stand-ins for the far side."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

START = datetime(2024, 9, 16, 9, 0, tzinfo=UTC)
"""A Monday."""


class FakeClock:
    """A clock that stands still until a test moves it; sleepers wake when their time has come."""

    def __init__(self, start: datetime = START) -> None:
        self._now = start
        self._sleepers: list[tuple[datetime, asyncio.Future[None]]] = []

    @property
    def sleepers(self) -> int:
        """How many tasks sleep."""
        return sum(not future.done() for _, future in self._sleepers)

    def now(self) -> datetime:
        return self._now

    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        future = asyncio.get_running_loop().create_future()
        self._sleepers.append((self._now + timedelta(seconds=seconds), future))
        await future

    def advance(self, seconds: float) -> None:
        """Move time on and wake whoever is due; they run when the test awaits next."""
        self._now += timedelta(seconds=seconds)
        due = [future for until, future in self._sleepers if until <= self._now]
        self._sleepers = [(until, f) for until, f in self._sleepers if until > self._now]
        for future in due:
            if not future.done():
                future.set_result(None)
