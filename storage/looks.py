"""How far each member has read what is new."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from storage.models import Look
from storage.schema import looks
from storage.statements import upsert

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection


class Looks:
    """Markers over one connection; nobody but the member learns of one."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, member_id: int) -> Look | None:
        """The member's marker, or None before the first look."""
        rows = await self._connection.execute(select(looks).where(looks.c.member_id == member_id))
        row = rows.one_or_none()
        return None if row is None else Look(**row._asdict())

    async def put(self, look: Look) -> None:
        """Let this be the member's marker."""
        values = {"member_id": look.member_id, "entry": look.entry, "at": look.at}
        statement = upsert(self._connection, looks).values(values)
        await self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["member_id"], set_={"entry": look.entry, "at": look.at}
            )
        )
