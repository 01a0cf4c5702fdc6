"""Weak finds that wait, and their rejection all at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from storage.models import WAITING, Action, CandidateState, Origin, Verdict
from storage.schema import candidates, papers, submissions, verdicts
from storage.statements import chunks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Weak:
    """A waiting candidate with a low score."""

    candidate: int
    title: str
    score: float


class Sweeps:
    """Sweeps over one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def below(self, score: float, up_to: int | None = None) -> tuple[Weak, ...]:
        """Candidates found by harvest that wait with less than `score`, the best first.

        Left out is what a member asked for and what somebody has approved, be it undone since;
        `up_to` is the greatest id looked at.
        """
        asked = select(submissions.c.candidate)
        approved = select(verdicts.c.candidate).where(verdicts.c.action == Action.APPROVE)
        statement = (
            select(candidates.c.id, papers.c.title, candidates.c.score)
            .join(papers, papers.c.id == candidates.c.paper)
            .where(candidates.c.state.in_(WAITING), candidates.c.origin == Origin.HARVEST)
            .where(candidates.c.score < score)
            .where(candidates.c.id.not_in(asked), candidates.c.id.not_in(approved))
            .order_by(candidates.c.score.desc(), candidates.c.id)
        )
        if up_to is not None:
            statement = statement.where(candidates.c.id <= up_to)
        rows = await self._connection.execute(statement)
        return tuple(Weak(row.id, row.title, row.score) for row in rows)

    async def reject(self, ids: Sequence[int], verdict: Verdict) -> None:
        """Reject these waiting candidates, each with a verdict like `verdict`.

        Whether they wait still is for the caller to see, in the same transaction.
        """
        for some in chunks(ids, AT_ONCE):
            given = (replace(verdict, candidate=number) for number in some)
            values = [
                {name: getattr(one, name) for name in Verdict.__slots__ if name != "id"}
                for one in given
            ]
            await self._connection.execute(insert(verdicts), values)
            await self._connection.execute(
                update(candidates)
                .where(candidates.c.id.in_(some))
                .values(
                    state=CandidateState.REJECTED,
                    snoozed_until=None,
                    revision=candidates.c.revision + 1,
                )
            )
