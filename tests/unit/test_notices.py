"""What the maintainers are told beside the cards: each thing once, and whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from bot.chat import render
from bot.commands.notices import notice_reply
from bot.console import render as in_terminal
from bot.services.delivery import Delivery
from bot.services.notices import NoticeService
from bot.services.pauses import Pauses
from bot.services.ports import Unreachable
from bot.services.review_channel import ReviewChannel
from storage.models import Notice
from storage.notices import Notices
from tests.fakes import START
from tests.unit.desk import CHANNEL, StrictBoard

if TYPE_CHECKING:
    from storage.database import Database
    from tests.fakes import FakeClock


class Room:
    """The review channel and what sends notices there; `restart` is a new process."""

    def __init__(self, database: Database, clock: FakeClock, channel: int | None = CHANNEL) -> None:
        self.database, self.clock = database, clock
        self.board = StrictBoard()
        self.channel = ReviewChannel(database=database, configured=channel)
        self.restart()

    def restart(self) -> None:
        """Forget what is only in memory."""
        self.service = NoticeService(
            database=self.database,
            board=self.board,
            delivery=Delivery(database=self.database, clock=self.clock),
            channel=self.channel,
            pauses=Pauses(self.clock),
        )

    async def add(self, subject: str, kind: str = "quiet") -> bool:
        """Have something said."""
        now = self.clock.now()
        return await self.database.write(lambda c: Notices(c).add(kind, subject, subject, now))

    def said(self) -> list[tuple[int, str, str]]:
        """Channel, key and text of what stands there."""
        return [
            (one.channel_id, one.key, one.post.text)  # type: ignore[attr-defined]
            for one in self.board.messages.values()
        ]


@pytest.fixture
def room(sqlite: Database, clock: FakeClock) -> Room:
    """A review channel in which nothing was said."""
    return Room(sqlite, clock)


async def test_a_notice_goes_out_once(room: Room) -> None:
    """However often it is asked for, over any restart."""
    assert await room.add("2024-09-16")
    assert not await room.add("2024-09-16")
    for _ in range(3):
        await room.service.run()
        room.restart()
    assert room.said() == [(CHANNEL, "n1.0.0", "2024-09-16")]


async def test_notices_of_different_kinds_and_subjects_go_out_in_order(room: Room) -> None:
    """The oldest first."""
    for kind, subject in (("quiet", "b"), ("quiet", "a"), ("withdrawn", "a")):
        await room.add(subject, kind)
    await room.service.run()
    assert [text for _, _, text in room.said()] == ["b", "a", "a"]


@pytest.mark.parametrize("late", [True, False])
async def test_a_lost_answer_never_doubles_a_notice(room: Room, *, late: bool) -> None:
    """Sent or not when the connection broke: afterwards there is one, and the next one too."""
    await room.add("one")
    await room.add("two")
    room.board.fail_next, room.board.late = Unreachable("503", ambiguous=True), late
    await room.service.run()
    room.restart()
    await room.service.run()
    await room.service.run()
    assert [(key, text) for _, key, text in room.said()] == [("n1.0.0", "one"), ("n2.0.0", "two")]


async def test_without_a_channel_notices_wait(sqlite: Database, clock: FakeClock) -> None:
    """They go out once somebody says where, with /review here."""
    room = Room(sqlite, clock, channel=None)
    await room.add("one")
    await room.service.run()
    assert room.board.asked == 0
    await room.channel.choose(300)
    await room.service.run()
    assert room.said() == [(300, "n1.0.0", "one")]


async def test_a_closed_channel_is_asked_ever_more_rarely_and_said_once(room: Room) -> None:
    """Nothing is lost meanwhile."""
    await room.add("one")
    await room.add("two")
    room.board.forbidden = True
    with capture_logs() as logs:
        for _ in range(60):
            await room.service.run()
            room.clock.advance(60)
    assert room.board.asked == 6, "after 0, 1, 3, 7, 15 and 31 minutes"
    assert len(logs) == 1
    room.board.forbidden = False
    room.clock.advance(3600)
    await room.service.run()
    assert len(room.said()) == 2


async def test_a_notice_discord_does_not_take_keeps_off_no_other(room: Room) -> None:
    """It is tried again, and the next one is sent."""

    class Odd(StrictBoard):
        async def post(self, channel_id: int, post: object, key: str) -> int:
            if key.startswith("n1."):
                raise Unreachable("400 Bad Request", refused=True)
            return await super().post(channel_id, post, key)

    room.board = Odd()
    room.restart()
    await room.add("one")
    await room.add("two")
    await room.service.run()
    await room.service.run()
    assert [text for _, _, text in room.said()] == ["two"]


async def test_a_notice_that_moves_to_another_channel_is_sent_there_once(room: Room) -> None:
    """The old channel was closed, a new one was chosen."""
    await room.add("one")
    room.board.closed.add(CHANNEL)
    await room.service.run()
    room.channel.configured = 200
    await room.service.run()
    await room.service.run()
    assert room.said() == [(200, "n1.0.1", "one")]


def test_a_notice_about_a_paper_leads_to_it() -> None:
    """A heading, the title as a link, the rest as plain lines."""
    notice = Notice(1, "withdrawn", "arXiv:2406.18966", "UniGen\nOn the list.\nReason: x", START)
    assert in_terminal(notice_reply(notice)).splitlines() == [
        "Withdrawn on arXiv, and on the list",
        "UniGen <https://arxiv.org/abs/2406.18966>",
        "On the list.",
        "Reason: x",
    ]


def test_a_notice_about_a_quiet_day_is_a_sentence() -> None:
    """Under a heading of its own."""
    notice = Notice(1, "quiet", "2024-09-16", "arXiv brought no new paper.", START)
    assert in_terminal(notice_reply(notice)).splitlines() == [
        "Nothing new from arXiv?",
        "arXiv brought no new paper.",
    ]


def test_a_hostile_notice_is_escaped_and_cut() -> None:
    """A title is text: no mention, no markup, no link of its own, and Discord's limits hold."""
    title = "**Free** [x](http://y.example) <@1> @everyone http://z.example `c`"
    notice = Notice(1, "withdrawn", "arXiv:2406.18966", f"{title}\n{title * 300}", START)
    embed = render.embed(notice_reply(notice), key="n1.0.0")
    assert len(embed) <= 6000
    assert embed.footer.text == "n1.0.0"
    shown = embed.description or ""
    assert shown.startswith("[\\*\\*Free\\*\\* ")
    for trap in (" <@1", " @everyone", "](http://y", " http://z", "[x]"):
        assert trap not in shown
