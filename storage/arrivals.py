"""What came onto the list, in the order it came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from storage.catalogue import COLUMNS
from storage.models import Entry
from storage.schema import entries

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection


class Arrivals:
    """Entries by their ids, which only grow: none is given twice."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def newest(self) -> int:
        """The greatest id on the list, 0 where it is empty."""
        return int(await self._connection.scalar(select(func.max(entries.c.id))) or 0)

    async def count_above(self, entry_id: int) -> int:
        """How many entries came after this one."""
        statement = select(func.count()).where(entries.c.id > entry_id)
        return int(await self._connection.scalar(statement) or 0)

    async def above(self, entry_id: int, limit: int, offset: int = 0) -> tuple[Entry, ...]:
        """The entries that came after this one, the newest first."""
        statement = select(*COLUMNS).where(entries.c.id > entry_id).order_by(entries.c.id.desc())
        rows = await self._connection.execute(statement.limit(limit).offset(offset))
        return tuple(Entry(**row._asdict()) for row in rows)
