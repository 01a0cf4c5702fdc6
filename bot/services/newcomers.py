"""What comes from arXiv, by whichever way: stored, told apart, and left to be ranked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain import intake
from bot.services.withdrawals import withdraw
from storage.papers import Papers
from storage.unranked import Unranked

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from storage.models import Paper, PaperId


@dataclass(frozen=True, slots=True)
class Arrival:
    """Where papers came from: the announcement day they belong to, and who counts them.

    `proposed` says whether what is new among them is ranked, or only stored. The day is a guess
    unless it is `dated`: then a later record tells when they were announced.
    """

    day: date
    row: int
    proposed: bool
    dated: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """Ids unknown until now (of the day's month or the one before, or older) and known ones."""

    new: tuple[PaperId, ...] = ()
    late: tuple[PaperId, ...] = ()
    updated: tuple[PaperId, ...] = ()

    def __add__(self, more: Taken) -> Taken:
        """Both together."""
        return Taken(self.new + more.new, self.late + more.late, self.updated + more.updated)


async def take_in(
    connection: AsyncConnection, papers: Sequence[Paper], arrival: Arrival, now: datetime
) -> Taken:
    """Store papers within a transaction. What is late is never ranked: it floods nobody."""
    announced = arrival.day if arrival.dated else None
    stored = await Papers(connection).store(papers, now, announced)
    new, late = intake.split_news(stored.new, arrival.day)
    if arrival.proposed:
        await Unranked(connection).add(new, arrival.row)
    withdrawn = [paper.id for paper in papers if paper.withdrawn]
    await withdraw(connection, withdrawn, now)
    return Taken(new, late, stored.updated)
