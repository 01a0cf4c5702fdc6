"""The versions of the ranker: the newest is the one in use, older ones lose their model."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from storage.models import Ranker, Why
from storage.rankers import KEPT, Rankers
from storage.schema import rankers
from tests.storage.conftest import NOW

if TYPE_CHECKING:
    from storage.database import Database

FIRST = Ranker(
    made_at=NOW, why=Why.START, fingerprint="ab12", positives=8, negatives=2, background=24_000
)


async def test_a_new_database_has_no_version(database: Database) -> None:
    """Somebody has to train one."""
    assert await database.read(lambda c: Rankers(c).latest()) is None


async def test_the_newest_version_is_given_back_with_its_model(database: Database) -> None:
    """Whatever its bytes are, and though the clock was set back meanwhile."""
    content = bytes(range(256)) * 300
    earlier = Ranker(NOW - timedelta(days=1), Why.NIGHT, "cd34", 9, 3, 0)
    first = await database.write(lambda c: Rankers(c).add(FIRST, b"old"))
    second = await database.write(lambda c: Rankers(c).add(earlier, content))
    assert second.id > first.id
    assert await database.read(lambda c: Rankers(c).latest()) == (second, content)


async def test_the_last_ten_keep_their_models(database: Database) -> None:
    """Of older ones it stays known when, why and of what they were made."""
    for number in range(KEPT + 3):
        model = f"model {number}".encode()
        await database.write(lambda c, model=model: Rankers(c).add(FIRST, model))
    statement = select(rankers.c.content, rankers.c.positives).order_by(rankers.c.id)
    rows = (await database.read(lambda c: c.execute(statement))).all()
    assert [row.content for row in rows[:3]] == [None] * 3
    assert [row.content for row in rows[3:]] == [f"model {3 + n}".encode() for n in range(KEPT)]
    assert {row.positives for row in rows} == {8}
