"""What is counted of the list."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, select

from storage.schema import entries, papers

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from storage.models import PaperId


class Dated(NamedTuple):
    """What is known of when an entry's paper was published."""

    year: int | None
    paper: PaperId | None
    published: date | None


class Figures:
    """Counts over one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def dates(self) -> tuple[Dated, ...]:
        """Of every entry, in no order."""
        rows = await self._connection.execute(
            select(entries.c.year, entries.c.paper, papers.c.published).select_from(
                entries.outerjoin(papers, papers.c.id == entries.c.paper)
            )
        )
        return tuple(Dated(*row) for row in rows)

    async def added_after(self, moment: datetime) -> int:
        """How many entries are known to have come onto the list since."""
        statement = select(func.count()).where(entries.c.added_at > moment)
        return int(await self._connection.scalar(statement) or 0)
