"""Where a suggested paper stands: told at once, and noted for those who asked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from statistics import median
from typing import TYPE_CHECKING

from bot.domain.outcomes import rejection
from bot.domain.review import OPEN
from storage import submissions as rows
from storage.candidates import Candidates
from storage.catalogue import Catalogue
from storage.models import CandidateState, Origin

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.services.ranking import Ranked
    from storage.models import Candidate, Entry, Member, Paper, Verdict

LATELY = timedelta(days=90)
FEWEST = 3
"""So many decisions it takes to say how long they usually take."""


class Standing(StrEnum):
    """Where a suggested paper stands."""

    LISTED = "listed"
    WAITING = "waiting"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    QUEUED = "queued"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a suggestion came to.

    `place` is the place in line from 1; `usual` how long a decision takes from when somebody asks,
    None where too few are known; `verdict` the one that turned it down, with its reason; `problem`
    says why it was refused; `noted` whether the member had not asked for it before. A paper that
    could not be read yet has no title.
    """

    standing: Standing
    paper: Paper
    entry: Entry | None = None
    candidate: Candidate | None = None
    verdict: Verdict | None = None
    place: int | None = None
    usual: timedelta | None = None
    problem: str = ""
    noted: bool = False


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and in which channel (None at the console), at what moment."""

    member: Member
    channel_id: int | None
    now: datetime


async def standing_of(connection: AsyncConnection, paper: Paper) -> Receipt | None:
    """Where a stored paper stands, or None where nobody has proposed it."""
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
    verdict = rejection(await candidates.verdicts(candidate.id))
    return Receipt(Standing.REJECTED, paper, candidate=candidate, verdict=verdict)


async def note(connection: AsyncConnection, receipt: Receipt, asker: Asker) -> Receipt:
    """Remember who asks for what waits, and say which in line it is."""
    candidate = receipt.candidate
    if candidate is None or candidate.state not in OPEN:
        return receipt
    submissions = rows.Submissions(connection)
    noted = await submissions.add(candidate.id, asker.member, asker.channel_id, asker.now)
    times = await submissions.times(asker.now - LATELY)
    return replace(
        receipt,
        place=await submissions.place(candidate.id),
        usual=_usual(times),
        noted=noted,
    )


def _usual(times: Sequence[timedelta]) -> timedelta | None:
    if len(times) < FEWEST:
        return None
    return timedelta(seconds=median(time.total_seconds() for time in times))


async def enter(connection: AsyncConnection, ranked: Ranked, asker: Asker) -> Receipt:
    """Queue a paper for the maintainers."""
    candidate = await Candidates(connection).queue(
        ranked.paper.id,
        score=ranked.score.value,
        reasons=ranked.score.reasons,
        section=ranked.section,
        origin=Origin.SUBMISSION,
        submitter=asker.member.id,
        now=asker.now,
    )
    receipt = Receipt(Standing.QUEUED, ranked.paper, candidate=candidate)
    return await note(connection, receipt, asker)
