"""A digest says when a paper came out that is old news."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.services.review import Order
from storage.digests import Digests
from storage.models import Action, DigestChannel, PaperId, Via
from tests.factories import paper
from tests.unit.desk import ANA, open_office

if TYPE_CHECKING:
    from storage.database import Database
    from tests.fakes import FakeClock


@pytest.mark.parametrize(
    ("paper_id", "published", "announced", "late"),
    [
        ("arXiv:2408.11111", date(2024, 8, 16), date(2024, 8, 20), date(2024, 8, 20)),
        ("arXiv:2409.11111", date(2024, 8, 16), date(2024, 9, 12), None),
        ("arXiv:2301.11111", date(2023, 1, 30), date(2024, 9, 12), date(2023, 1, 30)),
        ("arXiv:2408.11111", date(2024, 8, 16), None, date(2024, 8, 16)),
    ],
)
async def test_late_is_told_by_the_announcement(
    sqlite: Database,
    clock: FakeClock,
    paper_id: str,
    published: date,
    announced: date | None,
    late: date | None,
) -> None:
    """Not by the submission, which moderation may hold back, nor by a late cross-list's record."""
    office = await open_office(sqlite, clock)
    since = clock.now() - timedelta(days=1)
    channel = DigestChannel(500, 1, 9, 0, "UTC", since)
    await sqlite.write(lambda c: Digests(c).set_channel(channel))
    clock.advance(-600)
    candidate = await office.candidate(
        paper(id=PaperId(paper_id), published=published, announced=announced)
    )
    await office.review.decide(candidate.id, Order(Action.APPROVE, ANA, Via.COMMAND))
    clock.advance(600)
    await office.digests.run()
    (message,) = office.board.messages.values()
    ((_, (item,)),) = message.post.sections  # type: ignore[attr-defined]
    assert item.late == late
