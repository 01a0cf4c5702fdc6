"""What stands on a card, gathered from the stores and the model."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple

from bot.domain import citations, identify, outcomes, relevance, withdrawal
from bot.domain import review as rules_of_review
from bot.domain.cards import Card, Decision, Votes
from bot.domain.contribution import contribution
from bot.domain.duplicates import likely_duplicate
from bot.domain.errors import NotFound
from bot.domain.resources import resources
from bot.domain.review import OPEN, RESULT
from bot.domain.sentences import sentence
from bot.services.calibrating import Calibrating
from bot.services.plain_text import plain
from storage.candidates import Candidates
from storage.catalogue import Catalogue
from storage.models import CandidateState
from storage.papers import Papers
from storage.submissions import Submissions

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.domain.review import Rules
    from bot.services.knowledge import Knowledge
    from bot.services.ranking import Ranking
    from storage.database import Database
    from storage.models import Candidate, Entry, Paper, Submission, Verdict


class _File(NamedTuple):
    """What the stores know about a candidate; `rivals` wait too, and have its first author."""

    candidate: Candidate
    paper: Paper
    verdicts: tuple[Verdict, ...]
    entry: Entry | None
    asked: tuple[Submission, ...]
    rivals: tuple[tuple[int, str], ...]


class Desk:
    """Lays candidates before the maintainers as cards."""

    def __init__(self, *, database: Database, ranking: Ranking, rules: Rules) -> None:
        self._database = database
        self._ranking = ranking
        self._rules = rules
        self._calibrating = Calibrating(database)

    async def odds(self, candidate: Candidate) -> str:
        """How likely it is to be approved, in words; nothing where that cannot be said."""
        return await self._calibrating.odds(candidate)

    async def card(self, candidate: Candidate) -> Card:
        """The card of a candidate as it stands now."""
        # A decided card says nothing of the model, and approving has just changed the list.
        decided = candidate.state not in OPEN
        knowledge = await self._ranking.knowledge(of_any_list=decided)
        known = await self._database.read(lambda c: _gather(c, candidate))
        odds = "" if decided else await self.odds(candidate)
        return await asyncio.to_thread(_card, known, knowledge, self._rules, odds)


async def _gather(connection: AsyncConnection, candidate: Candidate) -> _File:
    paper = await Papers(connection).get(candidate.paper)
    if paper is None:
        raise NotFound(
            sentence(
                "The paper {paper} of candidate {number} is not stored.",
                paper=candidate.paper,
                number=candidate.id,
            )
        )
    return _File(
        candidate,
        paper,
        await Candidates(connection).verdicts(candidate.id),
        await Catalogue(connection).entry_of(candidate.paper),
        await Submissions(connection).of(candidate.id),
        await Candidates(connection).waiting_by(_first_author(paper), candidate.id),
    )


def _first_author(paper: Paper) -> str:
    return paper.authors[0].family if paper.authors else ""


def _duplicate(known: _File, knowledge: Knowledge) -> str:
    """The title of what this may repeat: an entry, or another candidate that waits."""
    author = _first_author(known.paper)
    waiting = {title: _rival(number, title) for number, title in known.rivals}
    titles = (*knowledge.known, *((title, author) for title in waiting))
    found = likely_duplicate(known.paper, titles) or ""
    return waiting.get(found) or plain(found)


def _rival(number: int, title: str) -> str:
    return sentence("#{number} {title}, which waits too", number=number, title=plain(title))


def _decision(known: _File, rules: Rules) -> Decision | None:
    """What brought the candidate where it is. The section is the one it stands in now."""
    state = known.candidate.state
    last = next((one for one in reversed(known.verdicts) if RESULT.get(one.action) is state), None)
    if last is None:
        return None
    votes = rules_of_review.tally(known.verdicts)
    # Votes stay while a card is put off, which one member does alone.
    voted = {
        CandidateState.APPROVED: votes.approvals,
        CandidateState.REJECTED: votes.rejections,
    }.get(state, ())
    names = tuple(dict.fromkeys(vote.member_name for vote in voted)) or (last.member_name,)
    listed = state is CandidateState.APPROVED
    return Decision(
        last.action,
        ", ".join(names),
        last.at,
        known.entry.section if known.entry else last.section,
        outcomes.reason(known.verdicts, last),
        public_at=last.at + rules.settle if listed else None,
        until=known.candidate.snoozed_until,
    )


def _section(known: _File) -> str:
    """Where it stands; of what is not on the list, where it would go."""
    if known.entry is not None and known.candidate.state is CandidateState.APPROVED:
        return known.entry.section
    return known.candidate.section


def _votes(known: _File, rules: Rules) -> Votes:
    votes = rules_of_review.tally(known.verdicts)
    return Votes(
        tuple(vote.member_name for vote in votes.approvals),
        tuple(vote.member_name for vote in votes.rejections),
        rules.approvals_needed,
    )


def _card(known: _File, knowledge: Knowledge, rules: Rules, odds: str) -> Card:
    candidate, paper = known.candidate, known.paper
    return Card(
        candidate=candidate.id,
        title=plain(paper.title),
        url=identify.abs_url(paper.id),
        authors=plain(citations.short_authors(paper.authors)),
        published=paper.published,
        categories=paper.categories,
        contribution=contribution(plain(paper.abstract)),
        section=_section(known),
        like=tuple(found.title for found in knowledge.neighbours.nearest(paper)),
        why=candidate.reasons,
        strength=relevance.strength(candidate.score),
        origin=candidate.origin,
        duplicate=_duplicate(known, knowledge),
        state=candidate.state,
        sections=knowledge.sections,
        resources=resources(paper),
        asked_by=tuple(one.member_name for one in known.asked if one.member_name),
        votes=_votes(known, rules),
        decision=_decision(known, rules),
        why_withdrawn=plain(withdrawal.reason(paper)),
        odds=odds,
    )
