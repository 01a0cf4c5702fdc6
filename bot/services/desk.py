"""What stands on a card, gathered from the stores and the model."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.domain import citations, identify, relevance, withdrawal
from bot.domain.cards import Card, Decision
from bot.domain.contribution import contribution
from bot.domain.errors import NotFound
from bot.domain.review import OPEN, RESULT
from bot.services.plain_text import plain
from storage.candidates import Candidates
from storage.catalogue import Catalogue
from storage.papers import Papers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.services.ranking import Knowledge, Ranking
    from storage.database import Database
    from storage.models import Candidate, Entry, Paper, Verdict


class Desk:
    """Lays candidates before the maintainers as cards."""

    def __init__(self, *, database: Database, ranking: Ranking) -> None:
        self._database = database
        self._ranking = ranking

    async def card(self, candidate: Candidate) -> Card:
        """The card of a candidate as it stands now."""
        # A decided card says nothing of the model, and approving has just changed the list.
        decided = candidate.state not in OPEN
        knowledge = await self._ranking.knowledge(of_any_list=decided)

        async def gather(
            connection: AsyncConnection,
        ) -> tuple[Paper | None, tuple[Verdict, ...], Entry | None]:
            return (
                await Papers(connection).get(candidate.paper),
                await Candidates(connection).verdicts(candidate.id),
                await Catalogue(connection).entry_of(candidate.paper),
            )

        paper, verdicts, entry = await self._database.read(gather)
        if paper is None:
            raise NotFound(
                f"The paper {candidate.paper} of candidate {candidate.id} is not stored."
            )
        decision = _decision(candidate, verdicts, entry)
        return await asyncio.to_thread(_card, candidate, paper, knowledge, decision)


def _decision(
    candidate: Candidate, verdicts: Sequence[Verdict], entry: Entry | None
) -> Decision | None:
    """The verdict that brought the candidate where it is.

    The section is the one it stands in now.
    """
    for verdict in reversed(verdicts):
        if RESULT[verdict.action] is candidate.state:
            section = entry.section if entry else verdict.section
            return Decision(
                verdict.action, verdict.member_name, verdict.at, section, verdict.reason
            )
    return None


def _card(
    candidate: Candidate, paper: Paper, knowledge: Knowledge, decision: Decision | None
) -> Card:
    title = plain(paper.title)
    return Card(
        candidate=candidate.id,
        title=title,
        url=identify.abs_url(paper.id),
        authors=plain(citations.short_authors(paper.authors)),
        published=paper.published,
        categories=paper.categories,
        contribution=contribution(plain(paper.abstract)),
        section=candidate.section,
        like=tuple(found.title for found in relevance.nearest(knowledge.model, paper)),
        why=candidate.reasons,
        strength=relevance.strength(candidate.score),
        origin=candidate.origin,
        submitter=candidate.submitter,
        duplicate=relevance.likely_duplicate(paper, knowledge.known) or "",
        state=candidate.state,
        sections=knowledge.sections,
        decision=decision,
        why_withdrawn=plain(withdrawal.reason(paper)),
    )
