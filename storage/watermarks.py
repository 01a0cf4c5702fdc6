"""How far each set of arXiv is complete."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select, update

from storage.schema import watermarks
from storage.statements import upsert

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from sqlalchemy.ext.asyncio import AsyncConnection


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a set is complete (None: never yet), and from which day on it brings news."""

    watermark: datetime | None
    since: date


class Watermarks:
    """The watermark of each set, over one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def reach(self, set_name: str, since: date) -> Reach:
        """How far a set is complete; one met for the first time brings news from `since` on.

        Until it was complete once an earlier day counts: the first one may be of a wrong clock.
        """
        fresh = upsert(self._connection, watermarks).values(set=set_name, since=since)
        too_late = watermarks.c.watermark.is_(None) & (watermarks.c.since > fresh.excluded.since)
        await self._connection.execute(
            fresh.on_conflict_do_update(
                index_elements=["set"], set_={"since": fresh.excluded.since}, where=too_late
            )
        )
        known = watermarks.c.set == set_name
        row = (
            await self._connection.execute(
                select(watermarks.c.watermark, watermarks.c.since).where(known)
            )
        ).one()
        return Reach(row.watermark, row.since)

    async def watermark(self, set_name: str) -> datetime | None:
        """The instant up to which the set is complete, or None if it never was."""
        instant: datetime | None = await self._connection.scalar(
            select(watermarks.c.watermark).where(watermarks.c.set == set_name)
        )
        return instant

    async def move(self, set_name: str, watermark: datetime) -> None:
        """The set is complete up to `watermark`, or later already."""
        known = watermarks.c.watermark
        await self._connection.execute(
            update(watermarks)
            .where(watermarks.c.set == set_name)
            .where(known.is_(None) | (known < watermark))
            .values(watermark=watermark)
        )

    async def last_complete(self, sets: Collection[str]) -> datetime | None:
        """The instant up to which all of `sets` are complete; None if one of them never was."""
        rows = await self._connection.scalars(
            select(watermarks.c.watermark).where(watermarks.c.set.in_(set(sets)))
        )
        instants: list[datetime] = [instant for instant in rows if instant is not None]
        return min(instants) if instants and len(instants) == len(set(sets)) else None

    async def earliest(self) -> date | None:
        """The first day from which on a set that was complete brings news; None where none was."""
        complete = watermarks.c.watermark.is_not(None)
        day: date | None = await self._connection.scalar(
            select(func.min(watermarks.c.since)).where(complete)
        )
        return day
