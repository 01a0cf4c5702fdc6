"""The papers that were turned down, by what they are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from storage.models import CandidateState
from storage.schema import candidates, papers

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection


class Rejections:
    """Rejected candidates over one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def titles(self) -> tuple[tuple[int, str, str], ...]:
        """Candidate, title and family name of the first author of each that is rejected now."""
        rows = await self._connection.execute(
            select(candidates.c.id, papers.c.title, papers.c.authors)
            .join(papers, papers.c.id == candidates.c.paper)
            .where(candidates.c.state == CandidateState.REJECTED, papers.c.title != "")
            .order_by(candidates.c.id)
        )
        return tuple(
            (row.id, row.title, row.authors[0].family if row.authors else "") for row in rows
        )
