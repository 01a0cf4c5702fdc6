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

    `proposed` says whether what is new among them is ranked, or only stored.
    """

    day: date
    row: int
    proposed: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """Ids unknown until now (of the day's month or the one before, or older) and known ones."""

    new: tuple[PaperId, ...]
    late: tuple[PaperId, ...]
    updated: tuple[PaperId, ...]


async def take_in(
    connection: AsyncConnection, papers: Sequence[Paper], arrival: Arrival, now: datetime
) -> Taken:
    """Store papers within a transaction. What is late is never ranked: it floods nobody."""
    stored = await Papers(connection).store(papers, now, arrival.day)
    new, late = intake.split_news(stored.new, arrival.day)
    if arrival.proposed:
        await Unranked(connection).add(new, arrival.row)
    withdrawn = [paper.id for paper in papers if paper.withdrawn]
    await withdraw(connection, withdrawn, now)
    return Taken(new, late, stored.updated)
