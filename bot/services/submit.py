"""A member suggests a paper: told at once whether it is listed, waiting, decided or queued."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.domain.errors import NotFound, UserError
from bot.domain.identify import identify
from storage.candidates import Candidates
from storage.catalogue import Catalogue
from storage.models import CandidateState, Origin
from storage.papers import Papers

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.services.ports import Clock, PaperLookup
    from bot.services.ranking import Ranked, Ranking
    from storage.database import Database
    from storage.models import Candidate, Entry, Member, Paper, PaperId, Verdict


class Standing(StrEnum):
    """Where a submitted paper stands."""

    LISTED = "listed"
    WAITING = "waiting"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    QUEUED = "queued"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a submission came to. `ahead` counts candidates before it in the queue."""

    standing: Standing
    paper: Paper
    entry: Entry | None = None
    candidate: Candidate | None = None
    verdict: Verdict | None = None
    ahead: int = 0


class Submissions:
    """Takes papers that members suggest. `queued` is called when one enters the queue."""

    def __init__(
        self,
        *,
        database: Database,
        lookup: PaperLookup,
        ranking: Ranking,
        clock: Clock,
        queued: Callable[[], Awaitable[None]],
    ) -> None:
        self._database = database
        self._lookup = lookup
        self._ranking = ranking
        self._clock = clock
        self._queued = queued

    async def submit(self, member: Member, text: str) -> Receipt:
        """Suggest the paper that `text` (a link, an id or a DOI) names.

        Raises:
            UserError: no paper is named, or one that cannot be read.
            SourceError: arXiv did not answer.
        """
        paper_id = identify(text)
        if paper_id is None:
            raise UserError(
                f"“{text[:80]}” names no paper I know how to read. "
                "Give an arXiv link or id, like https://arxiv.org/abs/2402.13446."
            )
        known = await self._database.read(lambda c: Papers(c).get(paper_id))
        standing = await self._standing(known) if known else None
        if standing is not None:
            return standing
        paper = known if known and known.abstract else await self._fetch(paper_id)
        return await self._queue(paper, member)

    async def _standing(self, paper: Paper) -> Receipt | None:
        return await self._database.read(lambda c: _standing(c, paper))

    async def _fetch(self, paper_id: PaperId) -> Paper:
        if not paper_id.startswith("arXiv:"):
            raise UserError(
                f"I can read papers from arXiv only, and {paper_id} is elsewhere. "
                "If it is on arXiv too, give that link."
            )
        found = await self._lookup.lookup([paper_id])
        if not found:
            raise NotFound(f"arXiv has no paper {paper_id.removeprefix('arXiv:')}.")
        return found[0]

    async def _queue(self, found: Paper, member: Member) -> Receipt:
        """Store the paper and queue it at once: a harvest ranks what nobody knew before it only."""
        ranked = await self._ranking.judge(found)
        now = self._clock.now()

        async def work(connection: AsyncConnection) -> Receipt:
            await Papers(connection).store([found], now)
            paper = await Papers(connection).get(found.id) or found
            return await _standing(connection, paper) or await _enter(
                connection, replace(ranked, paper=paper), member, now
            )

        receipt = await self._database.write(work)
        if receipt.standing is Standing.QUEUED:
            await self._queued()
        return receipt


async def _enter(
    connection: AsyncConnection, ranked: Ranked, member: Member, now: datetime
) -> Receipt:
    candidates = Candidates(connection)
    ahead = await candidates.count(CandidateState.QUEUED, CandidateState.POSTED)
    candidate = await candidates.queue(
        ranked.paper.id,
        score=ranked.score.value,
        reasons=ranked.score.reasons,
        section=ranked.section,
        origin=Origin.SUBMISSION,
        submitter=member.id,
        now=now,
    )
    return Receipt(Standing.QUEUED, ranked.paper, candidate=candidate, ahead=ahead)


async def _standing(connection: AsyncConnection, paper: Paper) -> Receipt | None:
    entry = await Catalogue(connection).entry_of(paper.id)
    if entry is not None:
        return Receipt(Standing.LISTED, paper, entry=entry)
    candidates = Candidates(connection)
    candidate = await candidates.of_paper(paper.id)
    if candidate is None:
        return Receipt(Standing.WITHDRAWN, paper) if paper.withdrawn else None
    if candidate.state is CandidateState.WITHDRAWN:
        return Receipt(Standing.WITHDRAWN, paper, candidate=candidate)
    if candidate.state is not CandidateState.REJECTED:
        return Receipt(Standing.WAITING, paper, candidate=candidate)
    verdicts = await candidates.verdicts(candidate.id)
    verdict = verdicts[-1] if verdicts else None
    return Receipt(Standing.REJECTED, paper, candidate=candidate, verdict=verdict)
