"""Where works stand on the list, by the keys under which members saved them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from storage.catalogue import COLUMNS
from storage.listing import entry_id_of, key_of
from storage.models import Entry
from storage.schema import entries
from storage.statements import chunks

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.ext.asyncio import AsyncConnection


class Places:
    """Entries by key: a paper's primary id, or `entry:ID`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of(self, keys: Collection[str]) -> dict[str, Entry]:
        """The first entry of each paper, and each entry that is named by its number."""
        found: dict[str, Entry] = {}
        for some in chunks(list(keys)):
            numbers = [number for key in some if (number := entry_id_of(key)) is not None]
            named = or_(entries.c.paper.in_(some), entries.c.id.in_(numbers))
            rows = await self._connection.execute(
                select(*COLUMNS).where(named).order_by(entries.c.ordinal)
            )
            for entry in (Entry(**row._asdict()) for row in rows):
                for key in (key_of(entry.id, entry.paper), key_of(entry.id, None)):
                    found.setdefault(key, entry)
        return {key: found[key] for key in keys if key in found}
