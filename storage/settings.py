"""What the bot remembers about itself, by key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from storage.schema import settings
from storage.statements import upsert

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection


class Settings:
    """Key and value, both text."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, key: str) -> str | None:
        """The value under `key`, or None."""
        value: str | None = await self._connection.scalar(
            select(settings.c.value).where(settings.c.key == key)
        )
        return value

    async def put(self, key: str, value: str) -> None:
        """Keep `value` under `key`."""
        insert = upsert(self._connection, settings).values(key=key, value=value)
        await self._connection.execute(
            insert.on_conflict_do_update(
                index_elements=["key"], set_={"value": insert.excluded.value}
            )
        )
