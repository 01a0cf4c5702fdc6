"""What changes after a digest went out is put right in the digest."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.services.corrections import Corrections
from bot.services.digest import Editor
from bot.services.pauses import Pauses
from bot.services.ports import Unreachable
from bot.services.review import Order
from storage.digests import Digests
from storage.models import Action, DigestChannel, PaperId, Via
from tests.factories import paper
from tests.unit.desk import ANA, Office, open_office

if TYPE_CHECKING:
    from storage.database import Database
    from tests.fakes import FakeClock

WHERE = 500
FIRST = paper(id=PaperId("arXiv:2409.11111"), title="A New Paper on Synthetic Data")
SECOND = paper(id=PaperId("arXiv:2409.22222"), title="Another Paper on Synthetic Data")


@pytest.fixture
async def office(sqlite: Database, clock: FakeClock) -> Office:
    """Two papers were approved, and the digest told of both."""
    office = await open_office(sqlite, clock)
    now = clock.now()
    channel = DigestChannel(WHERE, 1, now.hour, now.minute, "UTC", now - timedelta(days=1))
    await sqlite.write(lambda c: Digests(c).set_channel(channel))
    clock.advance(-600)
    for one in (FIRST, SECOND):
        candidate = await office.candidate(one)
        await order(office, candidate.id, Action.APPROVE)
    clock.advance(600)
    await office.digests.run()
    return office


async def order(office: Office, candidate_id: int, action: Action, **more: Any) -> None:
    """Ana orders something."""
    await office.review.decide(candidate_id, Order(action, ANA, Via.COMMAND, **more))


def corrections(office: Office) -> Corrections:
    """The service, with nothing in memory."""
    return Corrections(
        database=office.database,
        announcer=office.board,
        editor=Editor(database=office.database, sets=("cs.CL",)),
        clock=office.clock,
        pauses=Pauses(office.clock),
    )


def told(office: Office) -> list[tuple[str, str]]:
    """The (section, title) pairs of the one digest message."""
    ((post),) = [one.post for one in office.board.messages.values() if one.channel_id == WHERE]
    return [(section, item.title) for section, items in post.sections for item in items]  # type: ignore[attr-defined]


BOTH = [("Research Papers", FIRST.title), ("Research Papers", SECOND.title)]


async def test_a_digest_that_is_true_is_left_alone(office: Office) -> None:
    """Not even after a restart is it edited for nothing."""
    asked = office.board.asked
    await corrections(office).run()
    assert office.board.asked == asked
    assert told(office) == BOTH


async def test_an_undone_paper_leaves_the_digest(office: Office) -> None:
    """The other one stays; when it goes too, the digest says that nothing is left."""
    service = corrections(office)
    await service.run()
    await order(office, 1, Action.UNDO)
    await service.run()
    assert told(office) == BOTH[1:]
    await order(office, 2, Action.UNDO)
    await service.run()
    assert told(office) == []


async def test_a_move_and_a_new_title_reach_the_digest(office: Office) -> None:
    """What the digest says is what the list says."""
    await order(office, 1, Action.EDIT, title="A Better Title")
    await order(office, 2, Action.MOVE, section="survey")
    await corrections(office).run()
    assert told(office) == [
        ("Survey Papers", SECOND.title),
        ("Research Papers", "A Better Title"),
    ]


async def test_what_cannot_be_reached_is_put_right_later(office: Office) -> None:
    """After a lost answer, and after a closed channel; a deleted digest is let go."""
    service = corrections(office)
    await order(office, 1, Action.UNDO)
    office.board.fail_next = Unreachable("503", ambiguous=True)
    await service.run()
    assert told(office) == BOTH
    office.board.closed = {WHERE}
    for _ in range(5):
        await service.run()
    office.board.closed = set()
    office.clock.advance(61)
    await service.run()
    assert told(office) == BOTH[1:]
    office.board.messages.clear()
    await order(office, 2, Action.UNDO)
    await service.run()
    asked = office.board.asked
    await service.run()
    assert office.board.asked == asked


async def test_an_old_digest_is_history(office: Office) -> None:
    """After three days nobody reads it any more."""
    office.clock.advance(4 * 86_400)
    await order(office, 1, Action.UNDO)
    asked = office.board.asked
    await corrections(office).run()
    assert office.board.asked == asked
