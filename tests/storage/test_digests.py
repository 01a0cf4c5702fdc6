"""Digests: one a channel and local day."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from storage.digests import Digests
from storage.models import DigestChannel, DigestRun
from tests.storage.conftest import NOW

if TYPE_CHECKING:
    from storage.database import Database

CHANNEL = DigestChannel(2**62, 2**61, 9, 30, "Europe/Berlin", NOW)
DAY = date(2024, 9, 16)
UNTIL = NOW + timedelta(hours=3)


async def begin(database: Database, day: date = DAY) -> DigestRun | None:
    """Begin the digest of a day."""
    return await database.write(
        lambda c: Digests(c).begin(CHANNEL.channel_id, day, NOW, UNTIL, UNTIL)
    )


async def test_channels(database: Database) -> None:
    """A channel is set, set again and removed; removing one that is not there says so."""
    other = replace(CHANNEL, channel_id=1)
    for channel in (CHANNEL, other, replace(CHANNEL, hour=18)):
        await database.write(lambda c, one=channel: Digests(c).set_channel(one))
    found = await database.read(lambda c: Digests(c).channels())
    assert found == (other, replace(CHANNEL, hour=18))
    assert await database.write(lambda c: Digests(c).remove_channel(1)) is True
    assert await database.write(lambda c: Digests(c).remove_channel(1)) is False
    assert await database.read(lambda c: Digests(c).channels()) == found[1:]


async def test_one_run_a_day(database: Database) -> None:
    """However many begin a channel's digest of a day, one does; also when it is done already."""
    runs = await asyncio.gather(*(begin(database) for _ in range(5)))
    (run,) = [run for run in runs if run]
    assert run == DigestRun(run.id, CHANNEL.channel_id, DAY, NOW, UNTIL, done=False)
    assert await database.read(lambda c: Digests(c).open_runs()) == (run,)
    await database.write(lambda c: Digests(c).finish(run.id, UNTIL))
    assert await database.read(lambda c: Digests(c).open_runs()) == ()
    assert await begin(database) is None


async def test_the_last_run(database: Database) -> None:
    """The last run is the one of the latest day, and stays known when the channel is removed."""
    assert await database.read(lambda c: Digests(c).last(CHANNEL.channel_id)) is None
    await database.write(lambda c: Digests(c).set_channel(CHANNEL))
    later = await begin(database, DAY + timedelta(days=1))
    await begin(database)
    assert later is not None
    await database.write(lambda c: Digests(c).finish(later.id, UNTIL))
    await database.write(lambda c: Digests(c).remove_channel(CHANNEL.channel_id))
    last = await database.read(lambda c: Digests(c).last(CHANNEL.channel_id))
    assert last == replace(later, done=True)
