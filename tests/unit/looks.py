"""What the harvest looked at, made up for tests of what is said about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert

from storage import schema
from storage.candidates import Candidates
from storage.models import Origin, PaperId
from storage.papers import Papers
from storage.scores import Scores
from tests.factories import paper

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from storage.models import Paper
    from tests.unit.maintaining import Desks


def numbered(number: int, **changes: object) -> Paper:
    """A paper of September 2024."""
    made = {"id": PaperId(f"arXiv:2409.{number:05}"), "title": f"Paper {number} on Data"}
    return paper(**{"aliases": (), **made, **changes})


async def look(desks: Desks, made: Paper, value: float, at: datetime | None = None) -> None:
    """The harvest looks at a paper and lets it go."""
    database, now = desks.office.database, desks.office.clock.now()

    async def work(connection: AsyncConnection) -> None:
        await Papers(connection).store([made], now)
        await Scores(connection).record({made.id: value}, 1, at or now)

    await database.write(work)


async def find(desks: Desks, made: Paper, value: float) -> int:
    """The harvest looks at a paper and queues it."""
    await look(desks, made, value)
    return (await desks.office.candidate(made, Origin.HARVEST, value)).id


async def bring(desks: Desks, made: Paper, value: float = 0.0) -> int:
    """Somebody brings a paper, be it queued or not; its candidate's number."""
    database, now = desks.office.database, desks.office.clock.now()
    known = await database.read(lambda c: Candidates(c).of_paper(made.id))
    if known is None:
        known = await desks.office.candidate(made, Origin.SUBMISSION, value)
    number = known.id
    values = {"member_id": 3, "member_name": "Eve", "channel_id": None, "at": now}
    await database.write(
        lambda c: c.execute(insert(schema.submissions).values(candidate=number, **values))
    )
    return number


async def approve(desks: Desks, *candidates: int) -> None:
    """Ana adds them to the list."""
    for number in candidates:
        await desks.type(f"/review approve {number}")


async def reject(desks: Desks, *candidates: int) -> None:
    """Ana turns them down."""
    for number in candidates:
        await desks.type(f"/review reject {number} too thin")
