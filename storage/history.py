"""What was decided: the acts one by one, and what the figures are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, or_, select

from storage.candidates import verdict_of
from storage.models import WAITING, Action, CandidateState, Origin, PaperId, Verdict
from storage.schema import candidates, papers, verdicts
from storage.statements import chunks

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy import Row, Select
    from sqlalchemy.ext.asyncio import AsyncConnection

DECIDED_BY = or_(
    and_(candidates.c.state == CandidateState.APPROVED, verdicts.c.action == Action.APPROVE),
    and_(candidates.c.state == CandidateState.REJECTED, verdicts.c.action == Action.REJECT),
)
"""The verdicts that may have brought a candidate where it is; the last of them did."""

_VERDICT = [verdicts.c[name] for name in Verdict.__slots__]


@dataclass(frozen=True, slots=True)
class Act:
    """A verdict, and the paper it is about; `undone` is what it took back, where it did."""

    verdict: Verdict
    paper: PaperId
    title: str
    undone: Action | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that stands, and the moments on the way to it.

    `announced` is the day on which arXiv announced the paper, where that is known; `reason` what
    was given with the decision.
    """

    state: CandidateState
    origin: Origin
    at: datetime
    reason: str
    queued_at: datetime
    posted_at: datetime | None
    announced: date | None


class History:
    """All that was decided, over one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def acts(
        self, limit: int, *, before: int | None = None, candidate: int | None = None
    ) -> tuple[Act, ...]:
        """The last acts, the newest first: on one candidate or on all, with ids below `before`."""
        before_it = verdicts.alias()
        statement: Select[Any] = (
            select(
                *_VERDICT, candidates.c.paper, papers.c.title, before_it.c.action.label("undone")
            )
            .join(candidates, candidates.c.id == verdicts.c.candidate)
            .join(papers, papers.c.id == candidates.c.paper)
            .outerjoin(before_it, before_it.c.id == verdicts.c.undoes)
            .order_by(verdicts.c.id.desc())
            .limit(limit)
        )
        if before is not None:
            statement = statement.where(verdicts.c.id < before)
        if candidate is not None:
            statement = statement.where(verdicts.c.candidate == candidate)
        return tuple(_act(row) for row in await self._connection.execute(statement))

    async def decided_since(self, since: datetime) -> tuple[Decided, ...]:
        """The decisions that stand and were made at `since` or later, the oldest first."""
        last = (
            select(func.max(verdicts.c.id).label("id"))
            .join(candidates, candidates.c.id == verdicts.c.candidate)
            .where(DECIDED_BY)
            .group_by(verdicts.c.candidate)
            .having(func.max(verdicts.c.at) >= since)
            .subquery()
        )
        statement: Select[Any] = (
            select(
                candidates.c.state,
                candidates.c.origin,
                verdicts.c.at,
                verdicts.c.reason,
                candidates.c.queued_at,
                candidates.c.posted_at,
                papers.c.announced,
            )
            .join(last, last.c.id == verdicts.c.id)
            .join(candidates, candidates.c.id == verdicts.c.candidate)
            .join(papers, papers.c.id == candidates.c.paper)
            .order_by(verdicts.c.at, verdicts.c.id)
        )
        return tuple(_decided(row) for row in await self._connection.execute(statement))

    async def last_verdict(self) -> int:
        """The id of the verdict given last, 0 before the first."""
        return int(await self._connection.scalar(select(func.max(verdicts.c.id))) or 0)

    async def judged_finds(self, but: str, limit: int) -> tuple[tuple[float, bool], ...]:
        """Score and whether it was approved, of the finds of the harvest that were decided last.

        Only decisions that stand, but those with a reason like `but` (`%` is any text).
        """
        last = (
            select(func.max(verdicts.c.id).label("id"))
            .join(candidates, candidates.c.id == verdicts.c.candidate)
            .where(DECIDED_BY, candidates.c.origin == Origin.HARVEST)
            .group_by(verdicts.c.candidate)
            .subquery()
        )
        rows = await self._connection.execute(
            select(candidates.c.score, candidates.c.state)
            .join(verdicts, verdicts.c.candidate == candidates.c.id)
            .join(last, last.c.id == verdicts.c.id)
            .where(verdicts.c.reason.not_like(but))
            .order_by(verdicts.c.id.desc())
            .limit(limit)
        )
        return tuple((row.score, row.state == CandidateState.APPROVED) for row in rows)

    async def of_candidates(self, ids: Sequence[int]) -> dict[int, tuple[Verdict, ...]]:
        """The verdicts on each of these candidates that has any, the oldest first."""
        found: dict[int, list[Verdict]] = {}
        for some in chunks(ids, 500):
            statement = select(*_VERDICT).where(verdicts.c.candidate.in_(some))
            for row in await self._connection.execute(statement.order_by(verdicts.c.id)):
                found.setdefault(row.candidate, []).append(verdict_of(row._asdict()))
        return {number: tuple(history) for number, history in found.items()}

    async def of_waiting(self) -> dict[int, tuple[Verdict, ...]]:
        """The verdicts on each candidate that waits and has any, the oldest first."""
        waiting = select(candidates.c.id).where(candidates.c.state.in_(WAITING))
        statement = select(verdicts.c.candidate).where(verdicts.c.candidate.in_(waiting))
        rows = await self._connection.execute(statement.distinct())
        return await self.of_candidates([row.candidate for row in rows])

    async def states(self, ids: Sequence[int]) -> dict[int, CandidateState]:
        """Where each of these candidates stands."""
        found: dict[int, CandidateState] = {}
        for some in chunks(ids, 500):
            statement = select(candidates.c.id, candidates.c.state)
            rows = await self._connection.execute(statement.where(candidates.c.id.in_(some)))
            found |= {row.id: CandidateState(row.state) for row in rows}
        return found

    async def waiting(self) -> tuple[int, datetime | None]:
        """How many candidates wait, and since when the oldest of them does."""
        statement = select(func.count(), func.min(candidates.c.queued_at))
        row = (
            await self._connection.execute(statement.where(candidates.c.state.in_(WAITING)))
        ).one()
        return int(row[0]), row[1]


def _act(row: Row[Any]) -> Act:
    values = row._asdict()
    paper, title, undone = PaperId(values.pop("paper")), values.pop("title"), values.pop("undone")
    return Act(verdict_of(values), paper, title, None if undone is None else Action(undone))


def _decided(row: Row[Any]) -> Decided:
    values = row._asdict()
    return Decided(**{**values, "state": CandidateState(row.state), "origin": Origin(row.origin)})
