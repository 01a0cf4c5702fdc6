"""The right to ask arXiv: one row, taken by compare-and-set, so all processes keep the spacing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import or_, select, update

from storage.schema import manners

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection


LONGEST_COOL_DOWN = timedelta(days=10)


class Manners:
    """When arXiv was last asked, until when it wants peace, and how often in a row it refused."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def claim(self, now: datetime, spacing: float) -> float:
        """Take the slot and return 0.0 if it is free, else the seconds to wait before asking again.

        `spacing` is the seconds between two requests. A slot taken further in the future than that
        was taken by a clock since set back, and is free; so is a cool-down of more than 10 days.
        """
        gap = timedelta(seconds=spacing)
        asked, cool = manners.c.asked_at, manners.c.cool_until
        taken = await self._connection.execute(
            update(manners)
            .where(or_(asked.is_(None), asked <= now - gap, asked > now + gap))
            .where(or_(cool.is_(None), cool <= now, cool > now + LONGEST_COOL_DOWN))
            .values(asked_at=now)
        )
        return 0.0 if taken.rowcount else await self._wait(now, gap)

    async def _wait(self, now: datetime, gap: timedelta) -> float:
        row = (await self._connection.execute(select(manners))).one()
        free = [now]
        if row.cool_until is not None and row.cool_until <= now + LONGEST_COOL_DOWN:
            free.append(row.cool_until)
        if row.asked_at is not None and row.asked_at <= now + gap:
            free.append(row.asked_at + gap)
        return float((max(free) - now).total_seconds())

    async def cool_down(self, until: datetime) -> None:
        """Ask nothing before `until`; a longer cool-down stays."""
        cool = manners.c.cool_until
        await self._connection.execute(
            update(manners).where(or_(cool.is_(None), cool < until)).values(cool_until=until)
        )

    async def cool_until(self, now: datetime) -> datetime | None:
        """The end of the cool-down that lasts now, or None."""
        until: datetime | None = await self._connection.scalar(select(manners.c.cool_until))
        lasts = until is not None and now < until <= now + LONGEST_COOL_DOWN
        return until if lasts else None

    async def strikes(self) -> int:
        """How often in a row arXiv refused."""
        return int(await self._connection.scalar(select(manners.c.strikes)) or 0)

    async def strike(self, now: datetime) -> int:
        """Count one more refusal, and return how many there were in a row."""
        statement = update(manners).values(strikes=manners.c.strikes + 1, struck_at=now)
        return int(await self._connection.scalar(statement.returning(manners.c.strikes)) or 0)

    async def clear(self) -> None:
        """Forget the refusals after an answer; a cool-down stays."""
        await self._connection.execute(update(manners).values(strikes=0))
