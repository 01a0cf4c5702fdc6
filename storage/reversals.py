"""How the list's file goes back byte for byte to what it was before a verdict changed it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from storage.models import Reversal
from storage.schema import reversals

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection


class Reversals:
    """Reversals over one connection, at most one a verdict."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, reversal: Reversal) -> None:
        """Keep a reversal."""
        values = {name: getattr(reversal, name) for name in Reversal.__slots__}
        await self._connection.execute(insert(reversals).values(values))

    async def renumber(self, revision: int, again: int) -> None:
        """A later revision of the file, `again`, is what `revision` was."""
        statement = update(reversals).where(reversals.c.revision == revision)
        await self._connection.execute(statement.values(revision=again))

    async def of(self, verdict_id: int) -> Reversal | None:
        """The reversal of what a verdict did to the file, or None."""
        statement = select(reversals).where(reversals.c.verdict == verdict_id)
        row = (await self._connection.execute(statement)).one_or_none()
        return None if row is None else Reversal(**row._asdict())
