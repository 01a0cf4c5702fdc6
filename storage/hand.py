"""What came by hand and was approved: an independent look at what belongs on the list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select

from storage.history import DECIDED_BY
from storage.models import CandidateState, Origin, PaperId
from storage.schema import aliases, candidates, papers, scores, submissions, verdicts

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

ARXIV = "arXiv:"


@dataclass(frozen=True, slots=True)
class Brought:
    """An approved paper that somebody brought, be it that the harvest had queued it too.

    `score` is the one it came in with. `looked_at` says when the harvest gave it the score `value`,
    None where it never did; `announced` is the day on which arXiv announced it, known of what the
    harvest has met. `asked_at` is when somebody asked for it first, `posted_at` when its card went
    out. An `arxiv` id may be an alias; it is empty where there is none.
    """

    paper: PaperId
    title: str
    categories: tuple[str, ...]
    arxiv: str
    origin: Origin
    score: float
    queued_at: datetime
    posted_at: datetime | None
    asked_at: datetime | None
    approved_at: datetime
    value: float | None
    looked_at: datetime | None
    announced: date | None


class Hand:
    """What was brought by hand, over one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def approved(self) -> tuple[Brought, ...]:
        """All that was brought and is approved, in the order in which it was.

        What was on the list before anybody proposed it is not among them.
        """
        approval = _approval().subquery()
        asked = _asked().subquery()
        arxiv = _arxiv().subquery()
        rows = await self._connection.execute(
            select(
                candidates.c.paper,
                papers.c.title,
                papers.c.categories,
                func.coalesce(arxiv.c.id, "").label("arxiv"),
                candidates.c.origin,
                candidates.c.score,
                candidates.c.queued_at,
                candidates.c.posted_at,
                asked.c.at.label("asked_at"),
                verdicts.c.at.label("approved_at"),
                scores.c.value,
                scores.c.at.label("looked_at"),
                papers.c.announced,
            )
            .select_from(candidates)
            .join(papers, papers.c.id == candidates.c.paper)
            .join(approval, approval.c.candidate == candidates.c.id)
            .join(verdicts, verdicts.c.id == approval.c.id)
            .outerjoin(asked, asked.c.candidate == candidates.c.id)
            .outerjoin(arxiv, arxiv.c.paper == candidates.c.paper)
            .outerjoin(scores, scores.c.paper == candidates.c.paper)
            .where(candidates.c.origin != Origin.LIST)
            .where(or_(candidates.c.origin != Origin.HARVEST, asked.c.at.is_not(None)))
            .order_by(verdicts.c.id)
        )
        return tuple(_brought(row._asdict()) for row in rows)


def _approval() -> Any:
    """The verdict by which each approved candidate was."""
    return (
        select(verdicts.c.candidate, func.max(verdicts.c.id).label("id"))
        .join(candidates, candidates.c.id == verdicts.c.candidate)
        .where(DECIDED_BY, candidates.c.state == CandidateState.APPROVED)
        .group_by(verdicts.c.candidate)
    )


def _asked() -> Any:
    """When each candidate was asked for first."""
    first = select(submissions.c.candidate, func.min(submissions.c.at).label("at"))
    return first.group_by(submissions.c.candidate)


def _arxiv() -> Any:
    """The first id at arXiv of each paper that was proposed."""
    proposed = select(candidates.c.paper)
    return (
        select(aliases.c.paper, func.min(aliases.c.alias).label("id"))
        .where(aliases.c.alias.startswith(ARXIV, autoescape=True), aliases.c.paper.in_(proposed))
        .group_by(aliases.c.paper)
    )


def _brought(values: dict[str, Any]) -> Brought:
    paper, origin = PaperId(values["paper"]), Origin(values["origin"])
    return Brought(**{**values, "paper": paper, "origin": origin})
