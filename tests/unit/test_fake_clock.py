"""The clock that tests own."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from tests.fakes import START, FakeClock


async def test_sleepers_wake_in_their_time() -> None:
    """A sleeper wakes when time has moved on far enough, and not before."""
    clock = FakeClock()
    sleeping = asyncio.create_task(clock.sleep(3))
    await asyncio.sleep(0)
    assert clock.sleepers == 1
    clock.advance(2.9)
    await asyncio.sleep(0)
    assert not sleeping.done()
    clock.advance(0.1)
    await sleeping
    assert clock.now() == START + timedelta(seconds=3)
    assert clock.sleepers == 0


async def test_a_cancelled_sleeper_is_no_sleeper() -> None:
    """A sleeper that was cancelled is forgotten, and no sleep at all only gives way."""
    clock = FakeClock()
    sleeping = asyncio.create_task(clock.sleep(3))
    await asyncio.sleep(0)
    sleeping.cancel()
    await asyncio.gather(sleeping, return_exceptions=True)
    assert clock.sleepers == 0
    clock.advance(10)
    await clock.sleep(0)
