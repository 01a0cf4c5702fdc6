"""Maintainers' walks through the queue."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from storage.models import Sitting
from storage.schema import sittings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

KEPT = timedelta(days=7)
"""How long a walk can be gone on with."""


class Sittings:
    """Sittings over one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def begin(self, member_id: int, candidates: Sequence[int], now: datetime) -> Sitting:
        """A new walk through these candidates, in this order; those older than a week go."""
        await self._connection.execute(delete(sittings).where(sittings.c.begun_at < now - KEPT))
        values = {"member_id": member_id, "begun_at": now, "candidates": tuple(candidates)}
        statement = insert(sittings).values(values).returning(sittings.c.id)
        number = int((await self._connection.execute(statement)).scalar_one())
        return Sitting(number, member_id, now, tuple(candidates))

    async def get(self, sitting_id: int) -> Sitting | None:
        """The walk with this id, or None where it is gone."""
        rows = await self._connection.execute(select(sittings).where(sittings.c.id == sitting_id))
        row = rows.one_or_none()
        return None if row is None else Sitting(**row._asdict())
