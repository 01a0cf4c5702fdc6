"""A made-up month of a review desk, for the README's pictures of what it looks back on."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import insert, update

from storage import schema
from storage.candidates import Candidates
from storage.database import Database
from storage.models import WAITING, Action, CandidateState, Origin, PaperId, Verdict, Via
from storage.papers import Papers
from storage.scores import Scores
from tests.factories import paper

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from tests.wire.lab import Lab

DAYS = 30
LET_GO = 40  # a day
FOUND = 60
BROUGHT = 6  # which the harvest had let go
ASKED = 14  # which it had queued

TOPICS = ("Reasoning", "Code", "Dialogue", "Tables", "Preferences", "Exams", "Translation")

MISSED = (
    "Generating Exam Questions from Lecture Notes",
    "Can a Model Write Its Own Homework?",
    "Dialogues That Nobody Held",
)


async def live_a_month(lab: Lab) -> None:
    """Fill the database of a lab whose bot does not run."""
    data = lab.folder / "data"
    data.mkdir(exist_ok=True)
    url = f"sqlite+aiosqlite:///{data}/papers.db"
    async with Database.open(url, data=data, now=lab.now) as database:
        await database.write(lambda c: _Month(c, lab.now()).live())


class _Month:
    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._candidates = Candidates(connection)
        self._now = now
        self._chance = random.Random(11)  # the same month each time
        self._number = 0

    async def live(self) -> None:
        """What was let go, what was found and decided, and what came by hand."""
        for number in range(DAYS * LET_GO):
            await self._look(self._chance.random() ** 3 * 0.49, number // LET_GO, "Another Matter")
        for number in range(FOUND):
            value = 0.5 + 0.47 * self._chance.random()
            good = self._chance.random() < value * value
            title = f"{TOPICS[number % len(TOPICS)]} from Synthetic Data, Part {number + 1}"
            at, name = await self._look(value, number * DAYS // FOUND, title)
            found = await self._queue(name, value, Origin.HARVEST, at)
            await self._decide(found, at, good=good)
            if good and number < 2 * ASKED:
                await self._ask(found, at)
        for number in range(BROUGHT):
            value = 0.07 + 0.06 * number
            at, name = await self._look(value, 4 * number, MISSED[number % len(MISSED)])
            brought = await self._queue(name, value, Origin.SUBMISSION, at + timedelta(days=2))
            await self._ask(brought, at + timedelta(days=2))
            await self._decide(brought, at + timedelta(days=2), good=True)

    async def _look(self, value: float, day: int, title: str) -> tuple[datetime, PaperId]:
        self._number += 1
        at = self._now - timedelta(days=DAYS) + timedelta(days=day, hours=1)
        name = PaperId(f"arXiv:2408.{self._number:05}")
        made = paper(id=name, title=title, aliases=())
        await Papers(self._connection).store([made], at)
        await Scores(self._connection).record({name: value}, 1, at)
        return at, name

    async def _queue(self, name: PaperId, value: float, origin: Origin, at: datetime) -> int:
        queued = await self._candidates.queue(
            name, score=value, reasons=(), section="", origin=origin, submitter=None, now=at
        )
        assert queued is not None
        cards = schema.candidates
        sent = update(cards).where(cards.c.id == queued.id).values(posted_at=at)
        await self._connection.execute(sent)
        return queued.id

    async def _decide(self, candidate: int, at: datetime, *, good: bool) -> None:
        at += timedelta(hours=self._chance.randint(1, 40))
        action = Action.APPROVE if good else Action.REJECT
        state = CandidateState.APPROVED if good else CandidateState.REJECTED
        await self._candidates.record(Verdict(candidate, action, 1, "ana", at, Via.BUTTON))
        await self._candidates.change(candidate, WAITING, state, now=at)

    async def _ask(self, candidate: int, at: datetime) -> None:
        values = {"candidate": candidate, "member_id": 3, "member_name": "eve", "at": at}
        await self._connection.execute(insert(schema.submissions).values(values))
