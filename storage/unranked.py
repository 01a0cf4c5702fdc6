"""Papers that are stored and wait to be ranked, so that a crash between the two loses none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from storage.models import PaperId
from storage.papers import Papers
from storage.schema import unranked
from storage.statements import chunks, upsert

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from storage.models import Paper


class Unranked:
    """Papers' primary ids, each with the row of the ledger that brought it."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, ids: Sequence[PaperId], row: int | None = None) -> None:
        """Let these stored papers wait to be ranked; `row` of the ledger counts them then."""
        if ids:
            statement = upsert(self._connection, unranked).on_conflict_do_nothing()
            values = [{"paper": id_, "ledger": row} for id_ in ids]
            await self._connection.execute(statement, values)

    async def papers(self, limit: int) -> tuple[Paper, ...]:
        """At most `limit` of the papers that wait, by id."""
        waiting = select(unranked.c.paper).order_by(unranked.c.paper).limit(limit)
        ids: Sequence[PaperId] = (await self._connection.scalars(waiting)).all()
        return tuple((await Papers(self._connection).get_many(ids)).values())

    async def remove(self, ids: Sequence[PaperId]) -> dict[PaperId, int | None]:
        """These are ranked; gives those of them that still waited, with their row of the ledger."""
        taken: dict[PaperId, int | None] = {}
        for some in chunks(ids):
            gone = delete(unranked).where(unranked.c.paper.in_(some))
            rows = await self._connection.execute(
                gone.returning(unranked.c.paper, unranked.c.ledger)
            )
            taken.update((PaperId(row.paper), row.ledger) for row in rows)
        return taken
