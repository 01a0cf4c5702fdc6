"""Who asked for a candidate: one row a candidate and member."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, update

from storage.candidates import SUBMISSIONS_FIRST
from storage.models import DECIDED, VOTES, WAITING, CandidateState, Origin, Submission
from storage.schema import candidates, submissions, verdicts
from storage.statements import upsert

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    from sqlalchemy import Select
    from sqlalchemy.ext.asyncio import AsyncConnection

    from storage.models import Member, PaperId

UNJUDGED = 0.0
"""The score of a candidate of whose paper nothing is known but its link."""


class Submissions:
    """Submissions over one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(
        self, candidate_id: int, member: Member, channel_id: int | None, now: datetime
    ) -> bool:
        """Note that a member asked for a candidate, whose card follows; False where that was known.

        The first time they did so counts.
        """
        statement = upsert(self._connection, submissions).values(
            candidate=candidate_id,
            member_id=member.id,
            member_name=member.name,
            channel_id=channel_id,
            at=now,
        )
        statement = statement.on_conflict_do_nothing(index_elements=["candidate", "member_id"])
        added = await self._connection.scalar(statement.returning(submissions.c.id))
        if added is not None:
            await self._connection.execute(
                update(candidates)
                .where(candidates.c.id == candidate_id, candidates.c.posted_at.is_not(None))
                .values(revision=candidates.c.revision + 1)
            )
        return added is not None

    async def of(self, candidate_id: int) -> tuple[Submission, ...]:
        """Who asked for a candidate, the first first."""
        statement = select(submissions).where(submissions.c.candidate == candidate_id)
        return await self._all(statement.order_by(submissions.c.id))

    async def asked_for(self, state: CandidateState) -> frozenset[int]:
        """The candidates in this state that somebody asked for, wherever they came from."""
        asked = select(submissions.c.candidate).join(
            candidates, candidates.c.id == submissions.c.candidate
        )
        return frozenset(await self._connection.scalars(asked.where(candidates.c.state == state)))

    async def brought(self, member_id: int, since: datetime) -> int:
        """How many new candidates a member brought since an instant."""
        statement = select(func.count()).where(
            candidates.c.origin == Origin.SUBMISSION,
            candidates.c.submitter == member_id,
            candidates.c.queued_at > since,
        )
        return int(await self._connection.scalar(statement) or 0)

    async def place(self, candidate_id: int) -> int | None:
        """The place in line of what waits for a decision, from 1; None for what does not."""
        statement = select(candidates.c.id).where(candidates.c.state.in_(WAITING))
        line = (await self._connection.scalars(statement.order_by(*SUBMISSIONS_FIRST))).all()
        return line.index(candidate_id) + 1 if candidate_id in line else None

    async def times(self, since: datetime) -> tuple[timedelta, ...]:
        """How long each that was asked for and decided since an instant took, in any order."""
        asked = select(submissions.c.candidate, func.min(submissions.c.at).label("at"))
        first = asked.group_by(submissions.c.candidate).subquery()
        decided = select(verdicts.c.candidate, func.max(verdicts.c.at).label("at"))
        voted = decided.where(verdicts.c.action.in_(VOTES), verdicts.c.at >= since)
        last = voted.group_by(verdicts.c.candidate).subquery()
        rows = await self._connection.execute(
            select(first.c.at.label("asked"), last.c.at.label("decided"))
            .join_from(first, last, first.c.candidate == last.c.candidate)
            .join(candidates, candidates.c.id == first.c.candidate)
            .where(candidates.c.state.in_(DECIDED))
        )
        return tuple(row.decided - row.asked for row in rows)

    async def unread(self, since: datetime) -> tuple[tuple[int, PaperId], ...]:
        """Candidates that wait unjudged since then, with their papers, the oldest first.

        Their papers could not be read when they were asked for.
        """
        rows = await self._connection.execute(
            select(candidates.c.id, candidates.c.paper)
            .where(candidates.c.origin == Origin.SUBMISSION, candidates.c.queued_at >= since)
            .where(candidates.c.score == UNJUDGED, candidates.c.section == "")
            .where(candidates.c.state.in_((*WAITING, CandidateState.SNOOZED)))
            .order_by(candidates.c.id)
        )
        return tuple((row.id, row.paper) for row in rows)

    async def judged(
        self, candidate_id: int, score: float, reasons: Sequence[str], section: str
    ) -> None:
        """Give a candidate, whose paper could be read at last, its score; its card follows."""
        await self._connection.execute(
            update(candidates)
            .where(candidates.c.id == candidate_id)
            .values(
                score=score,
                reasons=tuple(reasons),
                section=section,
                revision=candidates.c.revision + 1,
            )
        )

    async def _all(self, statement: Select[Any]) -> tuple[Submission, ...]:
        rows = await self._connection.execute(statement)
        return tuple(Submission(**row._asdict()) for row in rows)
