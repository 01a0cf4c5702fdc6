"""What the ranker learns from, read in pages: each begins behind the place where the last ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Select, func, select, union_all

from storage.models import CandidateState, PaperId
from storage.schema import candidates, entries, papers, verdicts

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from typing import Any

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection

NEWEST = "arXiv:A"
"""Stands behind every arXiv id since April 2007: those begin with their year and month."""
_FIRST = "arXiv:0"

_TEXT = (papers.c.id, papers.c.title, papers.c.abstract, papers.c.withdrawn)
_TOLD = (papers.c.abstract != "", ~papers.c.withdrawn, papers.c.id >= _FIRST)


class Lesson(NamedTuple):
    """A paper, or an entry that has none, with its place in what is read.

    `number` is the id of the entry or candidate (0 of neither), `state` the candidate's.
    """

    number: int
    paper: PaperId | None
    title: str
    abstract: str = ""
    withdrawn: bool = False
    state: CandidateState | None = None


class Lessons:
    """Papers to learn from, over one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def listed(self, after: int, limit: int) -> tuple[Lesson, ...]:
        """The papers of entries whose ids come after this one."""
        statement: Select[Any] = select(entries.c.id.label("number"), *_TEXT).join(
            papers, papers.c.id == entries.c.paper
        )
        later = statement.where(entries.c.id > after).order_by(entries.c.id).limit(limit)
        return tuple(map(_lesson, await self._connection.execute(later)))

    async def without_paper(self, after: int, limit: int) -> tuple[Lesson, ...]:
        """Entries that name no paper, whose ids come after this one."""
        bare = select(entries.c.id, entries.c.title).where(entries.c.paper.is_(None))
        later = bare.where(entries.c.id > after).order_by(entries.c.id).limit(limit)
        return tuple(
            Lesson(row.id, None, row.title) for row in await self._connection.execute(later)
        )

    async def proposed(
        self, states: Collection[CandidateState], after: int, limit: int
    ) -> tuple[Lesson, ...]:
        """The papers of candidates in these states whose ids come after this one."""
        statement: Select[Any] = select(
            candidates.c.id.label("number"), candidates.c.state, *_TEXT
        ).join(papers, papers.c.id == candidates.c.paper)
        later = statement.where(candidates.c.state.in_(states), candidates.c.id > after)
        rows = await self._connection.execute(later.order_by(candidates.c.id).limit(limit))
        return tuple(_lesson(row)._replace(state=CandidateState(row.state)) for row in rows)

    async def before(self, paper: str, limit: int) -> tuple[Lesson, ...]:
        """What arXiv announced before this id, the newest first: as far as abstracts are kept."""
        older = select(*_TEXT).where(*_TOLD, papers.c.id < paper)
        rows = await self._connection.execute(older.order_by(papers.c.id.desc()).limit(limit))
        return tuple(Lesson(0, PaperId(row.id), row.title, row.abstract) for row in rows)

    async def background(self, limit: int) -> int:
        """How many papers `before` could give, counted up to a limit."""
        some = select(papers.c.id).where(*_TOLD, papers.c.id < NEWEST).limit(limit).subquery()
        return int(await self._connection.scalar(select(func.count()).select_from(some)) or 0)

    async def without_abstract(self) -> tuple[PaperId, ...]:
        """The papers of the list of which no abstract is known."""
        bare = select(papers.c.id).join(entries, entries.c.paper == papers.c.id)
        statement = bare.where(papers.c.abstract == "").distinct().order_by(papers.c.id)
        return tuple(map(PaperId, await self._connection.scalars(statement)))

    async def changed_since(self, moment: datetime) -> tuple[datetime, datetime] | None:
        """When the first and the last decision or addition to the list since then were made."""
        decided = select(verdicts.c.at.label("at")).where(verdicts.c.at >= moment)
        added = select(entries.c.added_at.label("at")).where(entries.c.added_at >= moment)
        both = union_all(decided, added).subquery()
        row = (
            await self._connection.execute(select(func.min(both.c.at), func.max(both.c.at)))
        ).one()
        return (row[0], row[1]) if row[0] is not None else None


def _lesson(row: Row[Any]) -> Lesson:
    return Lesson(row.number, PaperId(row.id), row.title, row.abstract, row.withdrawn)
