"""Papers that are stored and wait to be ranked, so that a crash between the two loses none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from storage.papers import Papers
from storage.schema import unranked
from storage.statements import chunks, upsert

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from storage.models import Paper, PaperId


class Unranked:
    """A set of papers' primary ids."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, ids: Sequence[PaperId]) -> None:
        """Let these stored papers wait to be ranked."""
        if ids:
            statement = upsert(self._connection, unranked).on_conflict_do_nothing()
            await self._connection.execute(statement, [{"paper": id_} for id_ in ids])

    async def papers(self, limit: int) -> tuple[Paper, ...]:
        """At most `limit` of the papers that wait, by id."""
        waiting = select(unranked.c.paper).order_by(unranked.c.paper).limit(limit)
        ids: Sequence[PaperId] = (await self._connection.scalars(waiting)).all()
        return tuple((await Papers(self._connection).get_many(ids)).values())

    async def remove(self, ids: Sequence[PaperId]) -> frozenset[PaperId]:
        """These are ranked; gives those of them that still waited."""
        taken: set[PaperId] = set()
        for some in chunks(ids):
            gone = delete(unranked).where(unranked.c.paper.in_(some)).returning(unranked.c.paper)
            taken.update(await self._connection.scalars(gone))
        return frozenset(taken)
