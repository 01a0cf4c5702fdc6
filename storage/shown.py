"""What a threshold shows: the scores of harvested papers, and what became of those proposed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, or_, select

from storage.history import DECIDED_BY
from storage.models import CandidateState, Origin
from storage.schema import candidates, entries, papers, scores, submissions, verdicts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.ext.asyncio import AsyncConnection


@dataclass(frozen=True, slots=True)
class Proposed:
    """A paper that has a score and was proposed, by the harvest or by hand.

    `score` is the one it had when the harvest looked at it; `asked` says whether a member asked for
    it; `reason` is what was given with the decision that stands, where there is one.
    """

    title: str
    score: float
    origin: Origin
    state: CandidateState
    asked: bool
    reason: str


class Shown:
    """What the harvest looked at, over one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def looked_at(self, since: datetime) -> int:
        """How many papers have a score of that instant or later."""
        statement = select(func.count()).select_from(scores).where(scores.c.at >= since)
        return int(await self._connection.scalar(statement) or 0)

    async def begun(self) -> tuple[datetime | None, datetime | None]:
        """Since when scores are known: of all that was looked at, and of what was queued."""
        first: datetime | None = await self._connection.scalar(select(func.min(scores.c.at)))
        found = select(func.min(candidates.c.queued_at)).where(
            candidates.c.origin == Origin.HARVEST
        )
        queued: datetime | None = await self._connection.scalar(found)
        return first, queued

    async def unproposed(self, since: datetime, least: Sequence[float]) -> tuple[int, ...]:
        """How many papers nobody proposed had at least each of these scores, from then on.

        Left out is what could not have been proposed: what is on the list, or withdrawn.
        """
        counts = [func.sum(case((scores.c.value >= one, 1), else_=0)) for one in least]
        row = (
            await self._connection.execute(
                select(*counts)
                .select_from(scores)
                .join(papers, papers.c.id == scores.c.paper)
                .where(scores.c.at >= since, scores.c.value >= min(least))
                .where(papers.c.title != "", ~papers.c.withdrawn)
                .where(
                    scores.c.paper.not_in(select(candidates.c.paper)),
                    scores.c.paper.not_in(
                        select(entries.c.paper).where(entries.c.paper.is_not(None))
                    ),
                )
            )
        ).one()
        return tuple(int(count or 0) for count in row)

    async def proposed(self, since: datetime) -> tuple[Proposed, ...]:
        """What the harvest looked at from then on and somebody proposed, the best first."""
        # What waits is judged anew; what the harvest queued before scores were kept has one only.
        score = func.coalesce(scores.c.value, candidates.c.score)
        reason = func.coalesce(_reason(), "")
        rows = await self._connection.execute(
            select(
                papers.c.title,
                score.label("score"),
                candidates.c.origin,
                candidates.c.state,
                _asked().label("asked"),
                reason.label("reason"),
            )
            .select_from(candidates)
            .join(papers, papers.c.id == candidates.c.paper)
            .outerjoin(scores, scores.c.paper == candidates.c.paper)
            .where(func.coalesce(scores.c.at, candidates.c.queued_at) >= since)
            .where(candidates.c.origin != Origin.LIST)
            .where(or_(candidates.c.origin == Origin.HARVEST, scores.c.paper.is_not(None)))
            .order_by(score.desc(), candidates.c.id)
        )
        return tuple(_proposed(row._asdict()) for row in rows)


def _reason() -> ColumnElement[str]:
    last = (
        select(func.max(verdicts.c.id))
        .where(verdicts.c.candidate == candidates.c.id, DECIDED_BY)
        .correlate(candidates)
        .scalar_subquery()
    )
    given = verdicts.alias()
    return select(given.c.reason).where(given.c.id == last).scalar_subquery()


def _asked() -> ColumnElement[bool]:
    asked = select(submissions.c.id).where(submissions.c.candidate == candidates.c.id)
    return asked.correlate(candidates).exists()


def _proposed(values: dict[str, Any]) -> Proposed:
    return Proposed(
        **{
            **values,
            "asked": bool(values["asked"]),
            "origin": Origin(values["origin"]),
            "state": CandidateState(values["state"]),
        }
    )
