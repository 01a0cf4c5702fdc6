"""Whoever asked for a paper hears what became of it, once and only when it has settled."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from bot.commands.outcomes import outcome_reply
from bot.console import render as in_terminal
from bot.domain.cards import OutcomePost
from bot.domain.errors import SourceError
from bot.domain.outcomes import reason
from bot.services import withdrawals
from bot.services.case import Order
from bot.services.delivery import Delivery
from bot.services.outcomes import OutcomeService
from bot.services.ports import Unreachable
from bot.services.submit import Submissions
from storage.models import Action, CandidateState, Member, Paper, PaperId, Verdict, Via
from storage.papers import Papers
from tests.factories import paper
from tests.unit.desk import ANA, BEN, EVE, Office, StrictBoard, open_office
from tests.unit.test_submit import Shelf

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.database import Database
    from storage.models import Candidate
    from tests.fakes import FakeClock

NEW = paper(id=PaperId("arXiv:2409.11111"), title="A New Paper on Synthetic Data")
ZOE = Member(9, "Zoe")
ASKED_IN = 555
SETTLE = timedelta(minutes=3)
NOW = datetime(2024, 9, 17, 12, tzinfo=UTC)
DIRECT = 10_000
"""What is added to a member's id for the channel of their direct messages."""


@dataclass
class Postman(StrictBoard):
    """Discord's direct messages and channels; `shut` are those of members who take none."""

    shut: set[int] = field(default_factory=set)

    async def open(self, member_id: int) -> int:
        return DIRECT + member_id

    async def post(self, channel_id: int, post: object, key: str) -> int:
        if channel_id in self.shut:
            raise Unreachable("Cannot send messages to this user", closed=True)
        return await super().post(channel_id, post, key)

    def to(self, channel_id: int) -> list[OutcomePost]:
        """What stands in a channel, the oldest first."""
        found = [one.post for one in self.messages.values() if one.channel_id == channel_id]
        return [post for post in found if isinstance(post, OutcomePost)]


@dataclass
class Scene:
    """The desk, with a way to the members."""

    office: Office
    postman: Postman
    service: OutcomeService
    submissions: Submissions

    async def ask(self, who: Member = EVE, channel: int | None = ASKED_IN) -> Candidate:
        """Somebody suggests the paper."""
        receipt = await self.submissions.submit(who, NEW.id, channel)
        assert receipt.candidate is not None
        return receipt.candidate

    async def order(self, action: Action, who: Member = ANA, **more: str) -> None:
        """A maintainer does something with the first candidate."""
        await self.office.review.decide(1, Order(action, who, Via.BUTTON, **more))

    async def later(self, minutes: float = 4) -> None:
        """Time goes by, and the minute tick comes."""
        self.office.clock.advance(60 * minutes)
        await self.service.run()

    def heard(self, who: Member = EVE) -> list[CandidateState]:
        """What a member was told by direct message."""
        return [post.state for post in self.postman.to(DIRECT + who.id)]


def service(office: Office, postman: Postman) -> OutcomeService:
    """As after a start."""
    delivery = Delivery(database=office.database, clock=office.clock)
    return OutcomeService(
        database=office.database,
        courier=postman,
        delivery=delivery,
        clock=office.clock,
        settle=SETTLE,
    )


@pytest.fixture
async def scene(sqlite: Database, clock: FakeClock) -> Scene:
    """The desk over the shipped list; Ana and Ben are maintainers."""
    office, postman = await open_office(sqlite, clock), Postman()

    async def queued() -> None:
        """Nobody listens."""

    submissions = Submissions(
        database=sqlite,
        sources={"arXiv": Shelf((NEW,))},
        ranking=office.ranking,
        rules=office.review.rules,
        clock=clock,
        queued=queued,
    )
    return Scene(office, postman, service(office, postman), submissions)


async def test_an_approval_is_told_once_and_only_when_it_has_settled(scene: Scene) -> None:
    """Everybody who asked hears where it stands, however often the minute comes round."""
    await scene.ask()
    await scene.ask(ZOE)
    await scene.order(Action.APPROVE)
    await scene.later(2)
    assert not scene.postman.messages
    for _ in range(3):
        await scene.later(2)
    (post,) = scene.postman.to(DIRECT + EVE.id)
    assert (post.state, post.section, post.mention) == (
        CandidateState.APPROVED,
        "Research Papers",
        None,
    )
    assert post.title == NEW.title
    assert scene.heard(ZOE) == [CandidateState.APPROVED]
    assert len(scene.postman.messages) == 2


async def test_a_rejection_is_told_with_the_reason_given_by_then(scene: Scene) -> None:
    """The why that is chosen after the verdict counts."""
    await scene.ask()
    await scene.order(Action.REJECT)
    await scene.order(Action.REASON, reason="too thin")
    await scene.later()
    (post,) = scene.postman.to(DIRECT + EVE.id)
    assert (post.state, post.reason) == (CandidateState.REJECTED, "too thin")
    assert "said no: too thin" in in_terminal(outcome_reply(post))


def test_a_reason_given_by_a_clock_that_was_set_back_is_told() -> None:
    """A reason belongs to the decision before it, whatever the clock said then."""
    rejected = Verdict(1, Action.REJECT, 1, "Ana", NOW, Via.BUTTON, reason="", id=5)
    earlier = Verdict(1, Action.REASON, 1, "Ana", NOW, Via.BUTTON, reason="too old", id=4)
    why = replace(earlier, reason="too thin", at=NOW - timedelta(hours=1), id=6)
    assert reason([earlier, rejected, why], rejected) == "too thin"
    assert reason([earlier, rejected], rejected) == ""


async def test_what_was_undone_in_time_is_never_told(scene: Scene) -> None:
    """A slip of the thumb is undone unseen."""
    await scene.ask()
    await scene.order(Action.APPROVE)
    await scene.later(1)
    await scene.order(Action.UNDO)
    await scene.later(60)
    assert not scene.postman.messages


async def test_a_told_outcome_that_is_undone_is_taken_back_and_the_next_one_told(
    scene: Scene,
) -> None:
    """Approved, waits again, rejected: each once, when it has settled."""
    await scene.ask()
    await scene.order(Action.APPROVE)
    await scene.later()
    await scene.order(Action.UNDO)
    await scene.later(1)
    assert scene.heard() == [CandidateState.APPROVED]
    await scene.later()
    await scene.order(Action.REJECT)
    await scene.later()
    await scene.later()
    assert scene.heard() == [
        CandidateState.APPROVED,
        CandidateState.POSTED,
        CandidateState.REJECTED,
    ]


async def test_a_decision_changed_in_between_is_told_only_where_it_differs(scene: Scene) -> None:
    """Undone and approved again within minutes is no news; undone and rejected is."""
    await scene.ask()
    await scene.order(Action.APPROVE)
    await scene.later()
    await scene.order(Action.UNDO)
    await scene.order(Action.APPROVE)
    await scene.later()
    assert scene.heard() == [CandidateState.APPROVED]
    await scene.order(Action.UNDO)
    await scene.order(Action.REJECT)
    await scene.later()
    assert scene.heard() == [CandidateState.APPROVED, CandidateState.REJECTED]


async def test_nobody_hears_what_they_decided_themselves(scene: Scene) -> None:
    """A maintainer who asked and decides knows; when another decides, they hear it."""
    await scene.ask(ANA)
    await scene.order(Action.REJECT, ANA)
    await scene.later()
    assert not scene.postman.messages
    await scene.order(Action.RECONSIDER, BEN)
    await scene.later()
    assert not scene.postman.messages
    await scene.order(Action.APPROVE, BEN)
    await scene.later()
    assert scene.heard(ANA) == [CandidateState.APPROVED]


async def test_a_withdrawn_paper_is_told_once(scene: Scene) -> None:
    """There is no verdict of anybody; the next harvest says the same again."""
    candidate = await scene.ask()
    gone = paper(id=NEW.id, title=NEW.title, withdrawn=True)
    await withdraw(scene.office, gone)
    for _ in range(3):
        await scene.later()
    assert scene.heard() == [CandidateState.WITHDRAWN]
    assert (await scene.office.now_of(candidate)).state is CandidateState.WITHDRAWN


async def test_closed_direct_messages_are_answered_in_the_channel(scene: Scene) -> None:
    """It names who asked, in the channel where they did; after a restart nothing comes again."""
    await scene.ask()
    scene.postman.shut.add(DIRECT + EVE.id)
    await scene.order(Action.APPROVE)
    await scene.later()
    await service(scene.office, scene.postman).run()
    (post,) = scene.postman.to(ASKED_IN)
    assert (post.state, post.mention) == (CandidateState.APPROVED, EVE.id)
    assert len(scene.postman.messages) == 1


async def test_where_nobody_can_be_told_it_is_given_up_with_one_line(scene: Scene) -> None:
    """A closed channel beside closed messages is not asked again; the next decision is tried."""
    await scene.ask()
    scene.postman.shut.add(DIRECT + EVE.id)
    scene.postman.closed.add(ASKED_IN)
    await scene.order(Action.REJECT)
    with capture_logs() as logs:
        await scene.later()
        asked = scene.postman.asked
        await scene.later(600)
        await service(scene.office, scene.postman).run()
    assert [line["event"] for line in logs] == ["outcome told nobody"]
    assert scene.postman.asked == asked
    scene.postman.shut.clear()
    await scene.order(Action.UNDO)
    await scene.order(Action.APPROVE)
    await scene.later()
    assert scene.heard() == [CandidateState.APPROVED]


@pytest.mark.parametrize("late", [True, False])
async def test_after_a_lost_answer_it_is_looked_for_first(scene: Scene, *, late: bool) -> None:
    """Whether or not the message stood when the connection broke, it stands once in the end."""
    await scene.ask()
    await scene.order(Action.APPROVE)
    scene.postman.fail_next = Unreachable("no answer", ambiguous=True)
    scene.postman.late = late
    await scene.later()
    for _ in range(3):
        await scene.later()
    assert scene.heard() == [CandidateState.APPROVED]


@pytest.mark.parametrize("late", [True, False])
async def test_a_lost_answer_and_then_an_undo(scene: Scene, *, late: bool) -> None:
    """Whoever may have heard of the approval hears that it waits again; nobody else does."""
    await scene.ask()
    await scene.order(Action.APPROVE)
    scene.postman.fail_next = Unreachable("no answer", ambiguous=True)
    scene.postman.late = late
    await scene.later()
    await scene.order(Action.UNDO)
    for _ in range(4):
        await scene.later()
    told = [CandidateState.APPROVED, CandidateState.POSTED] if late else []
    assert scene.heard() == told


async def test_what_fails_for_long_is_asked_ever_more_rarely(scene: Scene) -> None:
    """A Discord that answers 500 for two hours is not asked every minute."""
    await scene.ask()
    await scene.order(Action.APPROVE)
    scene.postman.forbidden = True
    for _ in range(2 * 60):
        await scene.later(1)
    assert scene.postman.asked < 12
    scene.postman.forbidden = False
    await scene.later(61)
    assert scene.heard() == [CandidateState.APPROVED]


async def test_old_decisions_are_not_told_any_more(scene: Scene) -> None:
    """After a week away the bot does not dig up what everybody knows."""
    await scene.ask()
    await scene.order(Action.APPROVE)
    await scene.later(8 * 24 * 60)
    assert not scene.postman.messages


async def test_what_was_asked_at_the_console_is_told_nobody(scene: Scene) -> None:
    """Nobody on Discord asked."""
    await scene.ask(Member(0, "console"), None)
    await scene.order(Action.APPROVE)
    await scene.later()
    assert not scene.postman.messages


async def test_one_that_fails_does_not_keep_off_the_others(scene: Scene) -> None:
    """Eve's messages are out of reach; Zoe hears."""
    await scene.ask()
    await scene.ask(ZOE)
    scene.postman.closed.add(DIRECT + EVE.id)
    await scene.order(Action.APPROVE)
    await scene.later()
    assert (scene.heard(), scene.heard(ZOE)) == ([], [CandidateState.APPROVED])


async def test_a_paper_without_a_title_goes_by_its_link(scene: Scene) -> None:
    """Its source could not be read, and it was turned down all the same."""
    scene.submissions = submissions_without(scene.office)
    await scene.ask()
    await scene.order(Action.REJECT)
    await scene.later()
    (post,) = scene.postman.to(DIRECT + EVE.id)
    assert post.title == post.url == "https://arxiv.org/abs/2409.11111"


def submissions_without(office: Office) -> Submissions:
    """Suggestions while arXiv is silent."""

    async def queued() -> None:
        """Nobody listens."""

    return Submissions(
        database=office.database,
        sources={"arXiv": Silent()},
        ranking=office.ranking,
        rules=office.review.rules,
        clock=office.clock,
        queued=queued,
    )


class Silent:
    """A source that does not answer."""

    async def lookup(self, ids: Sequence[PaperId]) -> tuple[Paper, ...]:
        raise SourceError(f"arXiv did not answer for {ids[0]}")


async def withdraw(office: Office, gone: Paper) -> None:
    """As a harvest finds it."""
    now = office.clock.now()
    await office.database.write(lambda c: Papers(c).store([gone], now))
    await office.database.write(lambda c: withdrawals.withdraw(c, [gone.id], now))
