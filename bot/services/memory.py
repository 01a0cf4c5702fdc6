"""A rejected paper does not come back under another id: told by its title and first author."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.domain.duplicates import same_work
from bot.services.aside import aside
from bot.services.standing import standing_of
from storage.candidates import Candidates
from storage.models import CandidateState
from storage.papers import Papers
from storage.rejections import Rejections

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.services.standing import Receipt
    from storage.database import Database
    from storage.models import Paper, PaperId

ARXIV = "arXiv:"


class Memory:
    """Knows what was turned down, until somebody asks to reconsider it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def rejected(self, papers: Sequence[Paper]) -> dict[PaperId, int]:
        """The rejected candidate that each of these papers repeats, where it repeats one."""
        titled = [paper for paper in papers if paper.title]
        if not titled:
            return {}
        known = await self._database.read(lambda c: Rejections(c).titles())
        return await aside(_repeats, titled, known) if known else {}


def _repeats(papers: Sequence[Paper], known: Sequence[tuple[int, str, str]]) -> dict[PaperId, int]:
    found = ((paper.id, same_work(paper, known)) for paper in papers)
    return {paper_id: candidate for paper_id, candidate in found if candidate is not None}


async def recall(
    connection: AsyncConnection, found: Paper, candidate_id: int, now: datetime
) -> Receipt | None:
    """Where the rejected paper stands that `found` repeats, which becomes another id of it.

    None where it is open again. Two arXiv ids stay two papers.
    """
    candidate = await Candidates(connection).get(candidate_id)
    papers = Papers(connection)
    paper = await papers.get(candidate.paper) if candidate else None
    if paper is None or candidate is None or candidate.state is not CandidateState.REJECTED:
        return None
    ids = dict.fromkeys((paper.id, *paper.aliases, found.id, *found.aliases))
    alone = len([one for one in ids if one.startswith(ARXIV)]) < 2
    if alone and await papers.get(found.id) is None:
        aliases = tuple(one for one in ids if one != paper.id)
        await papers.store([replace(paper, aliases=aliases)], now)
    return await standing_of(connection, paper)
