"""What the ranker thought of papers: one score each, forgotten when it is old."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from storage.errors import StorageError
from storage.models import PaperId
from storage.papers import Papers
from storage.schema import scores
from storage.scores import AT_ONCE, Scores
from tests.factories import paper
from tests.storage.conftest import NOW
from tests.storage.test_candidates import queue

if TYPE_CHECKING:
    from datetime import datetime

    from storage.database import Database

LATER = NOW + timedelta(days=1)


async def record(
    database: Database, values: dict[str, float], ranker: int = 1, now: datetime = NOW
) -> None:
    """Store papers, and what the ranker thinks of them."""
    ids = {PaperId(name): value for name, value in values.items()}
    await database.write(lambda c: Papers(c).store([paper(id=one, aliases=()) for one in ids], NOW))
    await database.write(lambda c: Scores(c).record(ids, ranker, now))


async def kept(database: Database) -> list[tuple[str, int, float, datetime]]:
    """All scores, by paper."""
    rows = await database.read(lambda c: c.execute(select(scores).order_by(scores.c.paper)))
    return [(row.paper, row.ranker, row.value, row.at) for row in rows]


async def test_the_last_look_at_a_paper_counts(database: Database) -> None:
    """A crash between ranking and queueing lets it be ranked again, perhaps by a newer version."""
    await record(database, {"arXiv:1": 0.25, "arXiv:2": 0.5})
    await record(database, {"arXiv:2": 0.75}, ranker=2, now=LATER)
    assert await kept(database) == [("arXiv:1", 1, 0.25, NOW), ("arXiv:2", 2, 0.75, LATER)]


async def test_nothing_to_record_and_a_whole_day_are_both_fine(database: Database) -> None:
    """However many papers a day has."""
    await record(database, {})
    await record(database, {f"arXiv:{n:04}": n / 2000 for n in range(2 * AT_ONCE + 1)})
    assert len(await kept(database)) == 2 * AT_ONCE + 1


async def test_a_paper_that_is_not_stored_has_no_score(database: Database) -> None:
    """A score of something nobody knows would be about nothing."""
    with pytest.raises(StorageError):
        await database.write(lambda c: Scores(c).record({PaperId("arXiv:9"): 0.5}, 1, NOW))


async def test_old_scores_are_forgotten_but_those_of_candidates(database: Database) -> None:
    """What maintainers saw is what precision and recall are counted from."""
    await queue(database, "arXiv:1")
    await record(database, {"arXiv:1": 0.9, "arXiv:2": 0.1})
    await record(database, {"arXiv:3": 0.2}, now=LATER)
    assert await database.write(lambda c: Scores(c).prune(LATER)) == 1
    assert [row[0] for row in await kept(database)] == ["arXiv:1", "arXiv:3"]
    assert await database.write(lambda c: Scores(c).prune(LATER)) == 0
