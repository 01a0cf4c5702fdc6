"""Cards that wait for longer than a week: a word a day at most."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.services.reminder import KIND, Reminder
from bot.services.review import Order
from storage.messages import Messages
from storage.models import Action, PaperId, Via
from storage.notices import MESSAGE, Notices
from tests.factories import paper
from tests.unit.desk import ANA, CHANNEL, Office, open_office

if TYPE_CHECKING:
    from storage.database import Database
    from storage.models import Notice
    from tests.fakes import FakeClock

DAY = 86_400


@pytest.fixture
async def office(sqlite: Database, clock: FakeClock) -> Office:
    """Seven cards are up."""
    office = await open_office(sqlite, clock, cards_per_day=20)
    for number in range(1, 8):
        await office.candidate(paper(id=PaperId(f"arXiv:2409.0000{number}"), title=f"W{number}"))
    await office.cards.follow()
    return office


async def remind(office: Office) -> tuple[Notice, ...]:
    """The minute's round; gives the reminders that were not sent yet."""
    await Reminder(database=office.database, clock=office.clock).run()
    unsaid = await office.database.read(lambda c: Notices(c).unsaid())
    return tuple(notice for notice in unsaid if notice.kind == KIND)


async def say(office: Office, notice: Notice) -> None:
    """It went out."""
    now = office.clock.now()
    message, _ = await office.database.write(
        lambda c: Messages(c).prepare(MESSAGE, notice.id, 0, CHANNEL, now)
    )
    await office.database.write(lambda c: Messages(c).sent(message.key, 5000 + notice.id, now))


async def test_it_names_the_oldest_and_counts_the_rest(office: Office) -> None:
    """After a week and not before."""
    office.clock.advance(7 * DAY)
    assert await remind(office) == ()
    office.clock.advance(60)
    (notice,) = await remind(office)
    lines = notice.text.splitlines()
    assert lines[0].startswith("7 cards wait for longer than a week. /review next")
    assert lines[1:] == [*(f"#{n} W{n} · 7 days" for n in range(1, 6)), "… and 2 more"]


async def test_one_a_day_and_none_while_the_last_was_not_said(office: Office) -> None:
    """A channel out of reach for days gets one reminder afterwards, not one for each day."""
    office.clock.advance(8 * DAY)
    for _ in range(3):
        (notice,) = await remind(office)
        office.clock.advance(DAY)
    await say(office, notice)
    for _ in range(24):
        fresh = await remind(office)
        office.clock.advance(3600)
        if fresh:
            break
    assert len(fresh) == 1
    await say(office, fresh[0])
    office.clock.advance(DAY - 3600 - 60)
    assert await remind(office) == ()
    office.clock.advance(120)
    assert len(await remind(office)) == 1


async def test_what_is_decided_or_put_off_does_not_wait(office: Office) -> None:
    """Only cards that are open are named."""
    for number, action in ((1, Action.APPROVE), (2, Action.REJECT), (3, Action.SNOOZE)):
        await office.review.decide(number, Order(action, ANA, Via.COMMAND))
    office.clock.advance(7 * DAY + 60)
    (notice,) = await remind(office)
    assert notice.text.startswith("4 cards wait")
    assert "#4 W4" in notice.text.splitlines()[1]
