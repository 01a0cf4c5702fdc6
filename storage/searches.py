"""What buttons stand for that is too long for them to carry."""

from __future__ import annotations

from base64 import b32encode
from datetime import timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from storage.columns import clean
from storage.schema import searches
from storage.statements import upsert

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

KEPT = timedelta(days=365)
"""How long the buttons of a long search work after it was last asked for."""


class Searches:
    """Texts by a short digest of theirs, over one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def put(self, text: str, at: datetime) -> str:
        """Keep a text, and return its key: 16 letters and digits, the same for the same text.

        What nobody has asked for in a year goes.
        """
        key = _digest(clean(text))
        await self._connection.execute(delete(searches).where(searches.c.at < at - KEPT))
        statement = upsert(self._connection, searches).values(key=key, request=text, at=at)
        await self._connection.execute(
            statement.on_conflict_do_update(index_elements=["key"], set_={"at": at})
        )
        return key

    async def get(self, key: str) -> str | None:
        """The text, or None where it is not kept (any more)."""
        found = await self._connection.scalar(
            select(searches.c.request).where(searches.c.key == key)
        )
        return None if found is None else str(found)


def _digest(text: str) -> str:
    return b32encode(blake2b(text.encode(), digest_size=10).digest()).decode().lower()
