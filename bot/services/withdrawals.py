"""What becomes of a paper that arXiv withdraws or deletes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from bot.domain import withdrawal
from bot.domain.review import OPEN
from bot.services.plain_text import plain
from storage.candidates import Candidates
from storage.catalogue import Catalogue
from storage.models import CandidateState
from storage.notices import Notices
from storage.papers import Papers

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from storage.models import PaperId

KIND = "withdrawn"
"""Kind of the notices about papers on the list; their subject is the paper's id."""

log = structlog.get_logger()


async def withdraw(connection: AsyncConnection, ids: Collection[PaperId], now: datetime) -> None:
    """These papers, known by any id, are withdrawn; within a transaction, as often as one likes.

    One that waits for a decision is closed, and its card follows. What was decided stays: if it is
    on the list the maintainers are told, once.
    """
    for paper_id in await Papers(connection).withdraw(ids):
        await _close(connection, paper_id, now)
        await _tell(connection, paper_id, now)


async def _close(connection: AsyncConnection, paper_id: PaperId, now: datetime) -> None:
    candidates = Candidates(connection)
    candidate = await candidates.of_paper(paper_id)
    if candidate is not None and await candidates.change(
        candidate.id, OPEN, CandidateState.WITHDRAWN, now=now
    ):
        log.info("withdrawn before it was decided", candidate=candidate.id, paper=paper_id)


async def _tell(connection: AsyncConnection, paper_id: PaperId, now: datetime) -> None:
    entry = await Catalogue(connection).entry_of(paper_id)
    paper = await Papers(connection).get(paper_id) if entry else None
    if entry is None or paper is None:
        return
    why = plain(withdrawal.reason(paper))
    text = withdrawal.notice(paper, entry, plain(paper.title or entry.title), why)
    if await Notices(connection).add(KIND, paper.id, text, now):
        log.warning("withdrawn, and on the list", paper=paper.id, section=entry.section)
