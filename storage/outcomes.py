"""What whoever asked for a candidate has heard of it, and what they may have to hear."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, or_, select

from storage.messages import message_of, newest
from storage.models import CandidateState, Submission
from storage.schema import candidates, messages, submissions, verdicts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from storage.models import Message

MESSAGE = "o"
"""Message kind of outcomes: `o17.5.0` tells submission 5 what verdict 17 brought."""

WITHDRAWN = 0
"""Stands for the verdict where arXiv withdrew the paper."""

DROPPED = 0
"""The revision of a message that is not sent any more."""


class Outcomes:
    """Outcomes over one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def moved(self, since: datetime) -> tuple[Submission, ...]:
        """Submissions whose candidate was decided, undone or the like since then, or withdrawn.

        Those made at the console are left out, and those whose withdrawal was told.
        """
        told = select(messages.c.key).where(
            messages.c.kind == MESSAGE,
            messages.c.ref == WITHDRAWN,
            messages.c.part == submissions.c.id,
            or_(messages.c.message_id.is_not(None), messages.c.revision == DROPPED),
        )
        moved = select(verdicts.c.id).where(
            verdicts.c.candidate == submissions.c.candidate, verdicts.c.at >= since
        )
        withdrawn = and_(candidates.c.state == CandidateState.WITHDRAWN, ~told.exists())
        rows = await self._connection.execute(
            select(submissions)
            .join(candidates, candidates.c.id == submissions.c.candidate)
            .where(submissions.c.channel_id.is_not(None), or_(withdrawn, moved.exists()))
            .order_by(submissions.c.id)
        )
        return tuple(Submission(**row._asdict()) for row in rows)

    async def messages(self, submission_ids: Sequence[int]) -> dict[int, list[Message]]:
        """The current attempts at telling each of these submissions, the oldest first."""
        rows = await self._connection.execute(
            newest()
            .where(messages.c.kind == MESSAGE, messages.c.part.in_(submission_ids))
            .order_by(messages.c.prepared_at, messages.c.ref)
        )
        found: dict[int, list[Message]] = {}
        for row in rows:
            found.setdefault(row.part, []).append(message_of(row))
        return found
