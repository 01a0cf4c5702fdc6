"""Once a day, and no more: a word about the cards that have waited for longer than a week."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.services.plain_text import plain
from storage.candidates import Candidates
from storage.models import CandidateState
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
        old, papers = await self._database.read(lambda c: _due(c, now))
        if old:
            text = "\n".join(_words(old, papers, now))
            subject = f"{now:%Y-%m-%d}"
            await self._database.write(lambda c: Notices(c).add(KIND, subject, text, now))


async def _due(
    connection: AsyncConnection, now: datetime
) -> tuple[tuple[Candidate, ...], dict[PaperId, Paper]]:
    """The cards to name, the oldest first; none where the last reminder is young or unsaid."""
    notices = Notices(connection)
    last = await notices.last(KIND)
    young = last is not None and (last.created_at > now - DAY or last.subject == f"{now:%Y-%m-%d}")
    if young or any(notice.kind == KIND for notice in await notices.unsaid()):
        return (), {}
    waiting = await Candidates(connection).in_state(CandidateState.POSTED)
    old = sorted((one for one in waiting if _age(one, now) > OLD), key=lambda one: one.id)
    papers = await Papers(connection).get_many([one.paper for one in old[:NAMED]])
    return tuple(old), papers


def _age(candidate: Candidate, now: datetime) -> timedelta:
    return now - (candidate.posted_at or candidate.queued_at)


def _words(old: tuple[Candidate, ...], papers: dict[PaperId, Paper], now: datetime) -> list[str]:
    cards = "1 card waits" if len(old) == 1 else f"{len(old)} cards wait"
    lines = [f"{cards} for longer than a week. /review next goes through what waits."]
    for one in old[:NAMED]:
        paper = papers.get(one.paper)
        title = plain(paper.title) if paper and paper.title else one.paper
        lines.append(f"#{one.id} {title} · {_age(one, now).days} days")
    return [*lines, *([f"… and {len(old) - NAMED} more"] if len(old) > NAMED else [])]
