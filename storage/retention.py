"""Dropping abstracts that nobody needs any more; everything else of a paper stays, its ids first.

In SQLite an UPDATE that makes a row shorter leaves its page as it is, nearly empty: measured on
24,122 papers, not a page was freed, and what came later took as many new ones. So the shortened
rows are moved to the end of their table, whereby whole pages are freed and used again. The row
number by which they move is SQLite's own: nothing refers to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Integer, func, literal_column, or_, select, text, update

from storage.changes import Changes
from storage.models import PaperId
from storage.schema import candidates, entries, papers, saved, unranked
from storage.statements import chunks

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.ext.asyncio import AsyncConnection

LAST_ROW = select(func.max(literal_column("rowid", Integer))).select_from(papers)
MOVE = text("UPDATE papers SET abstract = '', rowid = :place WHERE id = :id")


@dataclass(frozen=True, slots=True)
class Idle:
    """Which abstracts nobody needs.

    Those of papers that are not on the list, were never candidates, do not wait to be ranked, that
    no member saved, were first seen before `seen`, and whose records arXiv has not changed since
    `changed`.
    """

    seen: datetime
    changed: datetime


class Retention:
    """The abstracts of idle papers, over one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def idle(self, idle: Idle, after: str, limit: int) -> tuple[PaperId, ...]:
        """The next ids, behind `after`, of idle papers that have an abstract."""
        found = select(papers.c.id).where(papers.c.id > after, *_is(idle)).order_by(papers.c.id)
        return tuple(map(PaperId, await self._connection.scalars(found.limit(limit))))

    async def drop(self, idle: Idle, ids: Sequence[PaperId]) -> int:
        """Drop the abstracts of those among `ids` that are idle still; gives how many."""
        dropped: list[PaperId] = []
        for some in chunks(ids):
            still = select(papers.c.id).where(papers.c.id.in_(some), *_is(idle))
            dropped.extend(map(PaperId, await self._connection.scalars(still)))
        if dropped:
            await self._empty(dropped)
            await Changes(self._connection).touch(dropped)
        return len(dropped)

    async def _empty(self, ids: Sequence[PaperId]) -> None:
        if self._connection.dialect.name == "sqlite":
            last = int(await self._connection.scalar(LAST_ROW) or 0)
            rows = [{"id": id_, "place": last + place} for place, id_ in enumerate(ids, 1)]
            await self._connection.execute(MOVE, rows)
            return
        for some in chunks(ids):
            emptied = update(papers).where(papers.c.id.in_(some)).values(abstract="")
            await self._connection.execute(emptied)


def _is(idle: Idle) -> tuple[ColumnElement[bool], ...]:
    used = (
        select(column).where(column == papers.c.id)
        for column in (entries.c.paper, candidates.c.paper, unranked.c.paper, saved.c.key)
    )
    return (
        papers.c.abstract != "",
        papers.c.first_seen < idle.seen,
        or_(papers.c.datestamp.is_(None), papers.c.datestamp < idle.changed.date()),
        *(~found.exists() for found in used),
    )
