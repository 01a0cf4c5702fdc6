"""What was brought by hand and approved."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import insert

from storage import schema
from storage.hand import Brought, Hand
from storage.models import Action, Origin, PaperId
from storage.papers import Papers
from tests.factories import paper
from tests.storage.conftest import NOW
from tests.storage.test_history import act, decide, queue
from tests.storage.test_shown import look

if TYPE_CHECKING:
    from storage.database import Database

HOUR = timedelta(hours=1)


async def ask(database: Database, candidate: int, member: int) -> None:
    """A member asks for a candidate, an hour later than the one before."""
    at = NOW + member * HOUR
    values = {"member_id": member, "member_name": "eve", "channel_id": None, "at": at}
    await database.write(
        lambda c: c.execute(insert(schema.submissions).values(candidate=candidate, **values))
    )


async def test_only_what_was_brought_and_is_approved(database: Database) -> None:
    """Also what the harvest had queued, if somebody asked for it; the last approval counts."""
    assert await database.read(lambda c: Hand(c).approved()) == ()
    plain, asked, brought, refused, listed = [
        await queue(database, number, origin=origin)
        for number, origin in enumerate(
            (
                Origin.HARVEST,
                Origin.HARVEST,
                Origin.SUBMISSION,
                Origin.SUBMISSION,
                Origin.LIST,
            ),
            1,
        )
    ]
    await look(database, 3, 0.31)
    for member in (2, 1):
        await ask(database, asked, member)
    await act(database, asked, Action.APPROVE, NOW - HOUR)
    for candidate in (plain, asked, brought, listed):
        await decide(database, candidate, Action.APPROVE, NOW + 3 * HOUR)
    await decide(database, refused, Action.REJECT)
    found = await database.read(lambda c: Hand(c).approved())
    assert found[0] == Brought(
        paper=PaperId("arXiv:2409.00002"),
        title="Paper 2",
        categories=("cs.CL", "cs.AI"),
        arxiv="arXiv:2409.00002",
        origin=Origin.HARVEST,
        score=0.9,
        queued_at=NOW,
        posted_at=None,
        asked_at=NOW + HOUR,
        approved_at=NOW + 3 * HOUR,
        value=None,
        looked_at=None,
        announced=date(2024, 9, 13),
    )
    (other,) = found[1:]
    assert (other.origin, other.asked_at) == (Origin.SUBMISSION, None)
    assert (other.value, other.looked_at) == (0.31, NOW)


async def test_a_paper_that_arxiv_has_under_another_id_is_known_to_be_there(
    database: Database,
) -> None:
    """One that it has not is known not to be."""
    candidate = await queue(database, 1, origin=Origin.SUBMISSION)
    made = paper(id=PaperId("acl:2024.acl-long.1"), aliases=(PaperId("arXiv:2406.00001"),))
    alone = paper(id=PaperId("openreview:x"), aliases=())
    await database.write(lambda c: Papers(c).store([made, alone], NOW))
    for one in (made, alone):
        await database.write(
            lambda c, one=one: c.execute(  # type: ignore[misc]
                insert(schema.candidates).values(
                    paper=one.id, state="posted", score=0.1, reasons=(), section="",
                    origin=Origin.SUBMISSION, queued_at=NOW,
                )
            )
        )  # fmt: skip
    for number in (candidate, candidate + 1, candidate + 2):
        await decide(database, number, Action.APPROVE)
    found = await database.read(lambda c: Hand(c).approved())
    assert [one.arxiv for one in found] == ["arXiv:2409.00001", "arXiv:2406.00001", ""]
