"""The right to ask arXiv is taken by one at a time, 3 seconds apart."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

from storage.manners import Manners
from tests.storage.conftest import NOW

if TYPE_CHECKING:
    from storage.database import Database


async def claim(database: Database, seconds: float) -> float:
    """Claim the slot some seconds after the beginning."""
    at = NOW + timedelta(seconds=seconds)
    return await database.write(lambda c: Manners(c).claim(at, 3.0))


async def test_the_slot_is_free_every_three_seconds(database: Database) -> None:
    """A claim takes the slot; until it is free again others are told how long to wait."""
    assert await claim(database, 0) == 0.0
    assert await claim(database, 1) == 2.0
    assert await claim(database, 2.5) == 0.5
    assert await claim(database, 3) == 0.0
    assert await claim(database, 4) == 2.0


async def test_one_of_many_gets_it(database: Database) -> None:
    """Of many that claim at once exactly one gets the slot."""
    waits = await asyncio.gather(*(claim(database, 0) for _ in range(10)))
    assert sorted(waits) == [0.0] + [3.0] * 9


async def test_a_clock_behind_by_a_little_waits_longer(database: Database) -> None:
    """Another machine's clock within the spacing makes nobody ask early."""
    await claim(database, 0)
    assert await claim(database, -1) == 4.0


async def test_a_clock_set_back_does_not_wait_for_ever(database: Database) -> None:
    """A slot taken by a clock that ran a year ahead is free."""
    await claim(database, 365 * 86400)
    assert await claim(database, 0) == 0.0
    assert await claim(database, 1) == 2.0


async def test_a_cool_down_holds(database: Database) -> None:
    """Nobody asks before a cool-down ends, and a shorter one does not end it."""
    for minutes in (10, 5):
        until = NOW + timedelta(minutes=minutes)
        await database.write(lambda c, end=until: Manners(c).cool_down(end))
    assert await claim(database, 0) == 600.0
    await database.write(lambda c: Manners(c).clear())
    assert await claim(database, 599) == 1.0
    assert await claim(database, 600) == 0.0


async def test_a_cool_down_of_a_clock_set_back_does_not_hold_for_ever(database: Database) -> None:
    """A cool-down that a clock set while it ran a year ahead is over."""
    until = NOW + timedelta(days=365)
    await database.write(lambda c: Manners(c).cool_down(until))
    assert await claim(database, 0) == 0.0
    assert await claim(database, 1) == 2.0


async def test_strikes(database: Database) -> None:
    """Refusals in a row are counted until an answer clears them."""
    assert await database.read(lambda c: Manners(c).strikes()) == 0
    assert [await database.write(lambda c: Manners(c).strike(NOW)) for _ in range(3)] == [1, 2, 3]
    assert await database.read(lambda c: Manners(c).strikes()) == 3
    await database.write(lambda c: Manners(c).clear())
    assert await database.read(lambda c: Manners(c).strikes()) == 0
