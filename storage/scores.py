"""What the ranker thought of each harvested paper, whether it was queued or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from storage.schema import candidates, scores
from storage.statements import chunks, upsert

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from storage.models import PaperId

AT_ONCE = 500


class Scores:
    """Scores over one connection: at most one a paper, of when the harvest looked at it last."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def record(self, values: Mapping[PaperId, float], ranker: int, now: datetime) -> None:
        """Keep what this version of the ranker thinks of stored papers, by their primary ids."""
        insert = upsert(self._connection, scores)
        excluded = insert.excluded
        statement = insert.on_conflict_do_update(
            index_elements=["paper"],
            set_={"ranker": excluded.ranker, "value": excluded.value, "at": excluded.at},
        )
        for some in chunks(sorted(values), AT_ONCE):
            rows = [
                {"paper": one, "ranker": ranker, "value": values[one], "at": now} for one in some
            ]
            await self._connection.execute(statement, rows)

    async def prune(self, before: datetime) -> int:
        """Forget scores from before an instant, but those of candidates; gives how many."""
        proposed = select(candidates.c.id).where(candidates.c.paper == scores.c.paper).exists()
        gone = await self._connection.execute(delete(scores).where(scores.c.at < before, ~proposed))
        return gone.rowcount
