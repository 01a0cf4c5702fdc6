"""Once a day, and no more: a word about the cards that have waited for longer than a week."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.services.plain_text import plain
from storage.candidates import Candidates
from storage.notices import Notices
from storage.papers import Papers

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.services.ports import Clock
    from storage.database import Database
    from storage.models import Candidate, Paper, PaperId

KIND = "old cards"
"""Kind of the reminder's notices; their subject is the UTC day."""

OLD = timedelta(days=7)
DAY = timedelta(days=1)
NAMED = 5


class Reminder:
    """Has the maintainers reminded in the review channel."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def run(self) -> None:
        """Write the notice that is due, if any; the notices send it."""
        now = self._clock.now()
        count, old, papers = await self._database.read(lambda c: _due(c, now))
        if count:
            text = "\n".join(_words(count, old, papers, now))
            subject = f"{now:%Y-%m-%d}"
            await self._database.write(lambda c: Notices(c).add(KIND, subject, text, now))


async def _due(
    connection: AsyncConnection, now: datetime
) -> tuple[int, tuple[Candidate, ...], dict[PaperId, Paper]]:
    """How many cards are old, and the ones to name with their papers, the oldest first.

    None where the last reminder is young or unsaid.
    """
    notices = Notices(connection)
    last = await notices.last(KIND)
    young = last is not None and (last.created_at > now - DAY or last.subject == f"{now:%Y-%m-%d}")
    if young or any(notice.kind == KIND for notice in await notices.unsaid()):
        return 0, (), {}
    count, old = await Candidates(connection).posted_before(now - OLD, NAMED)
    papers = await Papers(connection).get_many([one.paper for one in old])
    return count, old, papers


def _age(candidate: Candidate, now: datetime) -> timedelta:
    return now - (candidate.posted_at or candidate.queued_at)


def _words(
    count: int, old: tuple[Candidate, ...], papers: dict[PaperId, Paper], now: datetime
) -> list[str]:
    cards = "1 card waits" if count == 1 else f"{count} cards wait"
    lines = [f"{cards} for longer than a week. /review next goes through what waits."]
    for one in old:
        paper = papers.get(one.paper)
        title = plain(paper.title) if paper and paper.title else one.paper
        lines.append(f"#{one.id} {title} · {_age(one, now).days} days")
    return [*lines, *([f"… and {count - NAMED} more"] if count > NAMED else [])]
