"""Which channels get a digest, and at which local time."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.domain.errors import UserError
from bot.domain.sentences import sentence
from storage.digests import Digests
from storage.models import DigestChannel

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.services.ports import Clock
    from storage.database import Database


class DigestChannels:
    """Chooses and drops digest channels. `time` (`09:00`) and `zone` (IANA) are the defaults."""

    def __init__(self, *, database: Database, clock: Clock, time: str, zone: str) -> None:
        self._database = database
        self._clock = clock
        self._time = time
        self._zone = zone

    async def choose(self, channel_id: int, guild_id: int, time: str, zone: str) -> DigestChannel:
        """Give a channel a digest daily; empty texts mean the defaults.

        A channel that has one already loses nothing by another time of day.

        Raises:
            UserError: no such time or zone.
        """
        hour, minute = _clock_time(time or self._time)
        place = _zone(zone or self._zone)
        now = self._clock.now()

        async def work(connection: AsyncConnection) -> DigestChannel:
            digests = Digests(connection)
            chosen = {one.channel_id: one.since for one in await digests.channels()}
            since = chosen.get(channel_id, now)
            channel = DigestChannel(channel_id, guild_id, hour, minute, place, since)
            await digests.set_channel(channel)
            return channel

        return await self._database.write(work)

    async def drop(self, channel_id: int) -> bool:
        """Stop a channel's digest; False where it had none."""
        return await self._database.write(lambda c: Digests(c).remove_channel(channel_id))


def _clock_time(text: str) -> tuple[int, int]:
    hour, colon, minute = text.strip().partition(":")
    if colon and hour.isdecimal() and minute.isdecimal() and len(hour + minute) <= 4:
        wanted = int(hour), int(minute)
        if wanted[0] < 24 and wanted[1] < 60:
            return wanted
    raise UserError(sentence("“{typed}” is no time of day. Write it like 09:00.", typed=text[:40]))


def _zone(text: str) -> str:
    try:
        return str(ZoneInfo(text.strip()))
    except (KeyError, ValueError, OSError):
        raise UserError(
            sentence(
                "“{typed}” is no time zone. Write it like Europe/Berlin or UTC.", typed=text[:60]
            )
        ) from None
