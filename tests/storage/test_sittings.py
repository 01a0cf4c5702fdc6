"""Walks through the queue: kept for a week, so that one can be gone on with after a restart."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from storage.models import Sitting
from storage.sittings import Sittings
from tests.storage.conftest import NOW

if TYPE_CHECKING:
    from storage.database import Database


async def test_a_sitting_remembers_whose_it_is_and_the_queue_it_began_with(
    database: Database,
) -> None:
    """In order, whatever becomes of the candidates."""
    begun = await database.write(lambda c: Sittings(c).begin(7, [3, 1, 2], NOW))
    assert begun == Sitting(begun.id, 7, NOW, (3, 1, 2))
    assert await database.read(lambda c: Sittings(c).get(begun.id)) == begun
    assert await database.read(lambda c: Sittings(c).get(begun.id + 1)) is None


async def test_old_sittings_go_when_a_new_one_begins(database: Database) -> None:
    """Everybody's, once they are more than a week old."""
    old, fresh = NOW - timedelta(days=7, seconds=1), NOW - timedelta(days=7)
    first = await database.write(lambda c: Sittings(c).begin(7, [1], old))
    second = await database.write(lambda c: Sittings(c).begin(8, [1], fresh))
    third = await database.write(lambda c: Sittings(c).begin(7, [1], NOW))
    assert await database.read(lambda c: Sittings(c).get(first.id)) is None
    for kept in (second, third):
        assert await database.read(lambda c, kept=kept: Sittings(c).get(kept.id)) == kept  # type: ignore[misc]
