"""Digests when something fails: each entry is told once, and no channel waits for another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from structlog.testing import capture_logs

from bot.services.ports import Unreachable
from bot.services.review import Order
from storage.digests import Digests
from storage.models import Action, DigestChannel, PaperId, Via
from tests.factories import paper
from tests.unit.desk import ANA, Office, open_office

if TYPE_CHECKING:
    from storage.database import Database
    from tests.fakes import FakeClock

DAY = 86_400
ONE, TWO = 500, 600
LONG = "On Synthetic Data of Very Many Kinds and for Very Many Uses in Large Language Models " * 4


@pytest.fixture
async def office(sqlite: Database, clock: FakeClock) -> Office:
    """The desk at nine on Monday; two channels have had their digest at nine since Sunday."""
    office = await open_office(sqlite, clock)
    since = clock.now().replace(day=15, hour=10)
    for channel_id in (ONE, TWO):
        channel = DigestChannel(channel_id, 1, 9, 0, "UTC", since)
        await sqlite.write(lambda c, channel=channel: Digests(c).set_channel(channel))  # type: ignore[misc]
    return office


async def approve(office: Office, *numbers: int, title: str = "Work") -> None:
    """Papers that came onto the list ten minutes ago."""
    office.clock.advance(-600)
    for number in numbers:
        made = paper(id=PaperId(f"arXiv:2409.{number:05}"), title=f"{title} {number}")
        candidate = await office.candidate(made)
        await office.review.decide(candidate.id, Order(Action.APPROVE, ANA, Via.COMMAND))
    office.clock.advance(600)


def told(office: Office, channel_id: int) -> list[list[str]]:
    """The titles each message of a channel holds, in order."""
    posts: list[Any] = [
        message.post
        for message in office.board.messages.values()
        if message.channel_id == channel_id
    ]
    return [[item.title for _, items in post.sections for item in items] for post in posts]


async def test_a_failure_between_two_parts_repeats_neither(office: Office) -> None:
    """Part one is out, the answer to part two is lost, with and without effect."""
    await approve(office, *range(1, 13), title=LONG)
    post, failing = office.board.post, [False, True, True, False]

    async def sometimes(channel_id: int, card: object, key: str) -> int:
        if key.startswith("d1.1") and failing:
            if failing.pop():
                await post(channel_id, card, key)
            raise Unreachable("503", ambiguous=True)
        return await post(channel_id, card, key)

    office.board.post = sometimes  # type: ignore[method-assign]
    with capture_logs():
        for _ in range(6):
            await office.digests.run()
    found = told(office, ONE)
    assert len(found) > 1
    titles = [title for message in found for title in message]
    assert len(titles) == len(set(titles)) == 12
    assert await office.database.read(lambda c: Digests(c).open_runs()) == ()


async def test_a_channel_closed_for_days_catches_up_with_two_messages_at_most(
    office: Office,
) -> None:
    """What it waited for, and one for all the days since; the other channel has one a day."""
    office.board.closed = {ONE}
    with capture_logs() as logs:
        for day in range(5):
            await approve(office, day + 1)
            for _ in range(3):
                await office.digests.run()
            office.clock.advance(DAY)
        office.clock.advance(-DAY)
        assert [log["log_level"] for log in logs] == ["warning"], "it is said once"
        assert office.board.asked < 30
        office.board.closed = set()
        office.clock.advance(3600)
        for _ in range(3):
            await office.digests.run()
    assert told(office, ONE) == [["Work 1"], ["Work 2", "Work 3", "Work 4", "Work 5"]]
    assert told(office, TWO) == [[f"Work {number}"] for number in range(1, 6)]


async def test_a_channel_that_gets_none_any_more_gets_no_rest_either(office: Office) -> None:
    """Removed while its digest could not be delivered: nothing follows, and nothing is tried."""
    await approve(office, 1)
    office.board.closed = {ONE}
    with capture_logs():
        await office.digests.run()
        office.board.closed = set()
        await office.database.write(lambda c: Digests(c).remove_channel(ONE))
        await office.digests.run()
    assert told(office, ONE) == []
    assert told(office, TWO) == [["Work 1"]]
    assert await office.database.read(lambda c: Digests(c).open_runs()) == ()


async def test_a_digest_that_cannot_be_written_keeps_off_no_other(office: Office) -> None:
    """Whatever breaks for one channel is logged once, and the next channel gets its digest."""
    await approve(office, 1)
    post = office.board.post

    async def broken(channel_id: int, card: object, key: str) -> int:
        if channel_id == ONE:
            raise ValueError("no such field")
        return await post(channel_id, card, key)

    office.board.post = broken  # type: ignore[method-assign]
    with capture_logs() as logs:
        for _ in range(3):
            await office.digests.run()
    assert told(office, TWO) == [["Work 1"]]
    assert len(logs) == 1


async def test_the_clock_set_back_repeats_no_digest(office: Office) -> None:
    """An hour or a day back: what was sent stays sent."""
    await approve(office, 1)
    await office.digests.run()
    for back in (3600, DAY):
        office.clock.advance(-back)
        await office.digests.run()
        office.clock.advance(back)
    await office.digests.run()
    assert told(office, ONE) == [["Work 1"]]


async def test_what_is_added_after_the_clock_was_set_back_is_told_all_the_same(
    office: Office,
) -> None:
    """The digest covered an hour that then came a second time."""
    await office.digests.run()
    office.clock.advance(-3600)
    await approve(office, 1)
    office.clock.advance(DAY + 3600)
    await office.digests.run()
    office.clock.advance(DAY)
    await office.digests.run()
    assert told(office, ONE) == [["Work 1"]]
