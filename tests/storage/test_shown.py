"""What the harvest looked at, as the preview of a threshold needs it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import insert, update

from storage import schema
from storage.models import Action, CandidateState, Origin, PaperId
from storage.papers import Papers
from storage.scores import Scores
from storage.shown import Proposed, Shown
from tests.factories import paper
from tests.storage.conftest import NOW
from tests.storage.test_history import decide, queue

if TYPE_CHECKING:
    from datetime import datetime

    from storage.database import Database

DAY = timedelta(days=1)


def id_of(number: int) -> PaperId:
    """The paper that `queue` queues under this number."""
    return PaperId(f"arXiv:2409.{number:05}")


async def look(database: Database, number: int, value: float, at: datetime = NOW) -> None:
    """The harvest looks at a paper, stored before or now."""
    made = paper(id=id_of(number), title=f"Paper {number}", aliases=())

    async def work(connection: object) -> None:
        await Papers(connection).store([made], NOW)  # type: ignore[arg-type]
        await Scores(connection).record({made.id: value}, 1, at)  # type: ignore[arg-type]

    await database.write(work)


async def test_nothing_was_looked_at_yet(database: Database) -> None:
    """Zeros, and no beginning."""
    assert await database.read(lambda c: Shown(c).looked_at(NOW)) == 0
    assert await database.read(lambda c: Shown(c).begun()) == (None, None)
    assert await database.read(lambda c: Shown(c).unproposed(NOW, [0.3, 0.5])) == (0, 0)
    assert await database.read(lambda c: Shown(c).proposed(NOW)) == ()


async def test_what_nobody_proposed_is_counted_by_score(database: Database) -> None:
    """In the period; not what was proposed, is on the list, is withdrawn or has no title."""
    for number, value in enumerate((0.1, 0.3, 0.45, 0.7, 0.9), 1):
        await look(database, number, value)
    await look(database, 6, 0.9, NOW - 40 * DAY)
    await queue(database, 5, 0.9)
    for number in (7, 8, 9):
        await look(database, number, 0.9)
    entry = {
        "ordinal": 0,
        "section": "A",
        "markdown": "x",
        "title": "x",
        "authors": (),
        "links": (),
        "added_by": "",
    }
    listed = insert(schema.entries).values(**entry, paper=id_of(7))
    gone = update(schema.papers).where(schema.papers.c.id == id_of(8)).values(withdrawn=True)
    bare = update(schema.papers).where(schema.papers.c.id == id_of(9)).values(title="")
    for statement in (listed, gone, bare):
        await database.write(lambda c, s=statement: c.execute(s))  # type: ignore[misc]
    found = await database.read(lambda c: Shown(c).unproposed(NOW - 30 * DAY, [0.3, 0.45, 0.8]))
    assert found == (3, 2, 0)
    assert await database.read(lambda c: Shown(c).looked_at(NOW - 30 * DAY)) == 8
    assert await database.read(lambda c: Shown(c).begun()) == (NOW - 40 * DAY, NOW)


async def test_what_was_proposed_comes_with_what_became_of_it(database: Database) -> None:
    """The decision that stands with its reason, and the first score, or the only one."""
    await look(database, 1, 0.7)
    await decide(database, await queue(database, 1, 0.9), Action.APPROVE)
    swept = await queue(database, 2, 0.6)
    await decide(database, swept, Action.REJECT, reason="below 0.7 in a sweep")
    await look(database, 3, 0.4)
    await queue(database, 3, 0.8, Origin.SUBMISSION)
    await queue(database, 4, 0.8, Origin.SUBMISSION)
    await look(database, 5, 0.95, NOW - 40 * DAY)
    await queue(database, 5, 0.95)
    await queue(database, 6, 0.0, Origin.LIST)
    await database.write(
        lambda c: c.execute(
            insert(schema.submissions).values(
                candidate=swept, member_id=3, member_name="eve", channel_id=None, at=NOW
            )
        )
    )
    found = await database.read(lambda c: Shown(c).proposed(NOW - 30 * DAY))
    harvest, approved = Origin.HARVEST, CandidateState.APPROVED
    assert found == (
        Proposed("Paper 1", 0.7, harvest, approved, False, ""),
        Proposed("Paper 2", 0.6, harvest, CandidateState.REJECTED, True, "below 0.7 in a sweep"),
        Proposed("Paper 3", 0.4, Origin.SUBMISSION, CandidateState.QUEUED, False, ""),
    )
