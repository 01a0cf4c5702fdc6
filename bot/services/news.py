"""What came onto the list since a member looked last."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bot.services.reading import shown_entries
from storage.arrivals import Arrivals
from storage.catalogue import Catalogue
from storage.looks import Looks
from storage.models import Look

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.services.ports import Clock
    from bot.services.shown import Shown
    from storage.database import Database

FIRST = 10
"""Entries shown to somebody who looks for the first time."""


class NewEntries(NamedTuple):
    """One page of the entries above `marker`, newest first, and how many there are in all.

    `since` is the member's last look, None at the first one and on further pages.
    """

    shown: tuple[Shown, ...]
    total: int
    marker: int
    since: datetime | None = None
    first_look: bool = False


class News:
    """Keeps a marker for each member."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def look(self, member_id: int, limit: int) -> NewEntries:
        """The first page of what is new to a member, who has seen it from then on."""
        now = self._clock.now()

        async def work(connection: AsyncConnection) -> NewEntries:
            looks, newest = Looks(connection), await Arrivals(connection).newest()
            last = await looks.get(member_id)
            await looks.put(Look(member_id, newest, now))
            if last is None:
                latest = await Catalogue(connection).latest(FIRST)
                shown = await shown_entries(connection, latest)
                return NewEntries(shown, len(shown), newest, first_look=True)
            return (await _page(connection, last.entry, limit, 0))._replace(since=last.at)

        return await self._database.write(work)

    async def page(self, marker: int, limit: int, offset: int) -> NewEntries:
        """A page of what is above a marker; nobody's own marker moves."""
        return await self._database.read(lambda c: _page(c, marker, limit, offset))

    async def seen(self, last: int) -> int:
        """How many entries there are from the newest down to this one, which may be gone."""
        return await self._database.read(lambda c: Arrivals(c).count_above(last - 1))


async def _page(connection: AsyncConnection, marker: int, limit: int, offset: int) -> NewEntries:
    arrivals = Arrivals(connection)
    total = await arrivals.count_above(marker)
    entries = await arrivals.above(marker, limit, offset)
    return NewEntries(await shown_entries(connection, entries), total, marker)
