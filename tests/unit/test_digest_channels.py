"""Choosing where and when a digest comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.domain.errors import UserError
from bot.services.digest_channels import DigestChannels
from storage.digests import Digests

if TYPE_CHECKING:
    from storage.database import Database
    from tests.fakes import FakeClock


@pytest.fixture
def channels(sqlite: Database, clock: FakeClock) -> DigestChannels:
    """Digests at nine, UTC, unless somebody says otherwise."""
    return DigestChannels(database=sqlite, clock=clock, time="09:00", zone="UTC")


async def test_the_defaults_are_the_configured_ones(
    channels: DigestChannels, clock: FakeClock
) -> None:
    """Nothing said: nine o'clock UTC, from now on."""
    chosen = await channels.choose(5, 1, "", "")
    assert (chosen.hour, chosen.minute, chosen.zone) == (9, 0, "UTC")
    assert chosen.since == clock.now()


async def test_another_time_loses_no_day(
    channels: DigestChannels, clock: FakeClock, sqlite: Database
) -> None:
    """Changing the hour keeps what the channel has not heard yet; stopping forgets it."""
    first = await channels.choose(5, 1, "18:30", "Europe/Berlin")
    clock.advance(7200)
    assert (await channels.choose(5, 1, "7:05", "")).since == first.since
    assert await channels.drop(5)
    assert not await channels.drop(5)
    assert (await channels.choose(5, 1, "", "")).since == clock.now()
    (kept,) = await sqlite.read(lambda c: Digests(c).channels())
    assert (kept.hour, kept.zone) == (9, "UTC")


@pytest.mark.parametrize("time", ["9", "24:00", "09:60", "nine", "-1:00", "09:00:00", "९:००x"])
async def test_what_is_no_time_is_refused(channels: DigestChannels, time: str) -> None:
    """The sentence shows how to write one."""
    with pytest.raises(UserError, match="09:00"):
        await channels.choose(5, 1, time, "")


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../../etc/passwd", "\x00", "x" * 4000])
async def test_what_is_no_zone_is_refused(channels: DigestChannels, zone: str) -> None:
    """Nothing typed reaches the file system as a path."""
    with pytest.raises(UserError, match="Europe/Berlin"):
        await channels.choose(5, 1, "", zone)
