"""What goes wrong around the review channel: nothing is lost, nothing doubled, nobody held up."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from structlog.testing import capture_logs

from bot.domain.errors import NotFound
from bot.services.delivery import Delivery
from bot.services.ports import Reaction, Unreachable
from bot.services.reactions import AGAIN
from bot.services.removals import COMPANY
from bot.services.review import Order
from storage.candidates import Candidates
from storage.errors import StorageError
from storage.messages import Messages
from storage.models import Action, CandidateState, PaperId, Via
from storage.notices import Notices
from tests.factories import paper
from tests.unit.desk import ANA, BEN, CHANNEL, Office, open_office

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.database import Database
    from tests.fakes import FakeClock

NEW_CHANNEL = 200
YES = Order(Action.APPROVE, ANA, Via.COMMAND)


def numbered(number: int) -> Any:
    """One of many papers."""
    return paper(id=PaperId(f"arXiv:2409.{number + 1:05}"), title=f"Work {number}")


@pytest.fixture
async def office(sqlite: Database, clock: FakeClock) -> Office:
    """The desk over the shipped list."""
    return await open_office(sqlite, clock)


def titles(office: Office, channel_id: int = CHANNEL) -> list[str]:
    """The cards in a channel."""
    posted = [one for one in office.board.messages.values() if one.channel_id == channel_id]
    return [one.post.title for one in posted]  # type: ignore[attr-defined]


@pytest.mark.parametrize("refused", ["by Discord", "by us"])
async def test_a_card_that_cannot_be_shown_does_not_keep_off_the_others(
    sqlite: Database, clock: FakeClock, refused: str
) -> None:
    """Whether Discord refuses it (400) or making it fails: it takes no other card's place."""
    office = await open_office(sqlite, clock, cards_per_day=2)
    for number in range(3):
        await office.candidate(numbered(number))
    if refused == "by Discord":
        office.board.refused = "Work 0"
    else:
        make = office.desk.card

        async def card(candidate: Any) -> Any:
            if candidate.id == 1:
                raise NotFound("the paper is not stored")
            return await make(candidate)

        office.desk.card = card  # type: ignore[method-assign]
    with capture_logs() as logs:
        for _ in range(3):
            await office.cards.follow()
    assert titles(office) == ["Work 1", "Work 2"]
    assert len(logs) == 1, "it is said once"


async def test_a_channel_that_is_closed_is_said_once_and_hardly_asked(office: Office) -> None:
    """After ever longer pauses, one request and not one a card; the end is said as well."""
    for number in range(5):
        await office.candidate(numbered(number))
    office.board.forbidden = True
    with capture_logs() as logs:
        for _ in range(6 * 12):
            await office.cards.follow()
            office.clock.advance(300)
        assert office.board.asked <= 7 + 6
        office.board.forbidden = False
        office.clock.advance(3600)
        await office.cards.follow()
    assert [log["log_level"] for log in logs] == ["warning", "info"]
    assert len(titles(office)) == 5


async def test_cards_move_to_another_channel_when_the_first_was_closed(office: Office) -> None:
    """Nobody can look into the old channel: that must hold up neither new cards nor old edits."""
    decided = await office.candidate(numbered(0))
    await office.cards.follow()
    office.board.closed = {CHANNEL}
    await office.candidate(numbered(1))
    await office.cards.follow()
    await office.review.decide(decided.id, YES)
    office.channel.configured = NEW_CHANNEL
    await office.candidate(numbered(2))
    await office.cards.follow()
    assert titles(office, NEW_CHANNEL) == ["Work 1", "Work 2"]
    office.board.closed = set()
    office.clock.advance(60)
    await office.cards.follow()
    assert office.board.messages[1000].post.decision.by == "Ana"  # type: ignore[attr-defined]
    assert len(office.board.messages) == 3


async def test_a_lost_answer_in_the_old_channel_is_looked_up_before_a_card_moves(
    office: Office,
) -> None:
    """The card that went out after all stays where it is; there is no second one."""
    await office.candidate(numbered(0))
    office.board.fail_next, office.board.late = Unreachable("503", ambiguous=True), True
    await office.cards.follow()
    office.channel.configured = NEW_CHANNEL
    office.board.fail_next, office.board.late = Unreachable("503", ambiguous=True), False
    await office.cards.follow()
    await office.cards.follow()
    assert (titles(office), titles(office, NEW_CHANNEL)) == (["Work 0"], [])


async def test_a_reaction_to_a_card_whose_answer_was_lost_counts(office: Office) -> None:
    """It was pressed when the bot did not know yet that the card is out."""
    candidate = await office.candidate(numbered(0))
    office.board.fail_next, office.board.late = Unreachable("503", ambiguous=True), True
    await office.cards.follow()
    (message_id,) = office.board.messages
    await office.cards.reactions.react(CHANNEL, message_id, Reaction(ANA, "❌"))
    office.board.reacted = {message_id: [Reaction(ANA, "❌")]}
    assert (await office.now_of(candidate)).state is CandidateState.QUEUED
    await office.cards.follow()
    assert (await office.now_of(candidate)).state is CandidateState.REJECTED


@pytest.mark.parametrize("noted", [True, False])
async def test_a_reaction_to_a_card_sent_just_before_a_crash_counts(
    office: Office, *, noted: bool
) -> None:
    """Killed after the message, with or without its id noted: the start reads what stands there."""
    candidate = await office.candidate(numbered(0))
    now = office.clock.now()
    message, _ = await office.database.write(
        lambda c: Messages(c).prepare("c", candidate.id, 0, CHANNEL, now)
    )
    message_id = await office.board.post(CHANNEL, await office.desk.card(candidate), message.key)
    if noted:
        await office.database.write(lambda c: Messages(c).sent(message.key, message_id, now))
    office.board.reacted = {message_id: [Reaction(ANA, "✅")]}
    await office.cards.recover()
    await office.cards.follow()
    assert (await office.now_of(candidate)).state is CandidateState.APPROVED
    assert len(office.board.messages) == 1


async def test_a_card_whose_candidate_was_decided_by_word_meanwhile_is_found_and_edited(
    office: Office,
) -> None:
    """Sent, its answer lost, then /review approve: no card stays open for ever."""
    candidate = await office.candidate(numbered(0))
    office.board.fail_next, office.board.late = Unreachable("503", ambiguous=True), True
    await office.cards.follow()
    await office.review.decide(candidate.id, YES)
    await office.cards.follow()
    (message,) = office.board.messages.values()
    assert message.post.decision.by == "Ana"  # type: ignore[attr-defined]
    asked = office.board.asked
    await office.cards.follow()
    assert office.board.asked == asked


async def test_a_card_that_never_went_out_and_is_not_needed_is_looked_for_once(
    office: Office,
) -> None:
    """Decided by word while the channel did not answer: no card is sent afterwards."""
    candidate = await office.candidate(numbered(0))
    office.board.fail_next = Unreachable("503", ambiguous=True)
    await office.cards.follow()
    await office.review.decide(candidate.id, YES)
    for _ in range(3):
        await office.cards.follow()
    assert not office.board.messages
    assert office.board.asked == 2


async def test_a_candidate_decided_while_others_are_posted_gets_no_card(office: Office) -> None:
    """What waits is looked at again before each card."""
    for number in range(2):
        await office.candidate(numbered(number))
    post = office.board.post

    async def post_and_decide(channel_id: int, card: Any, key: str) -> int:
        await office.review.decide(2, YES)
        return await post(channel_id, card, key)

    office.board.post = post_and_decide  # type: ignore[method-assign]
    await office.cards.follow()
    assert titles(office) == ["Work 0"]


async def test_recovery_goes_on_where_it_could_not_read(office: Office) -> None:
    """A failure at start is made good by the next round, and one channel does not hide another."""
    first = await office.candidate(numbered(0))
    await office.cards.follow()
    office.channel.configured = NEW_CHANNEL
    second = await office.candidate(numbered(1))
    await office.cards.follow()
    office.board.reacted = {one: [Reaction(ANA, "❌")] for one in office.board.messages}
    office.board.closed = {CHANNEL}
    await office.cards.recover()
    assert (await office.now_of(first)).state is CandidateState.POSTED
    assert (await office.now_of(second)).state is CandidateState.REJECTED
    office.board.closed = set()
    office.clock.advance(60)
    await office.cards.follow()
    assert (await office.now_of(first)).state is CandidateState.REJECTED
    asked = office.board.asked
    await office.cards.follow()
    assert office.board.asked == asked, "what is settled is not read again and again"


async def test_a_reaction_the_database_refused_is_read_from_the_card_later(office: Office) -> None:
    """“database is locked” loses no verdict."""
    candidate = await office.candidate(numbered(0))
    await office.cards.follow()
    (message_id,) = office.board.messages
    write = office.database.write

    async def locked(_work: object) -> None:
        raise StorageError("The database refused: database is locked")

    office.database.write = locked  # type: ignore[method-assign,assignment]
    with pytest.raises(StorageError):
        await office.cards.reactions.react(CHANNEL, message_id, Reaction(ANA, "✅"))
    office.board.reacted = {message_id: [Reaction(ANA, "✅")]}
    with capture_logs():
        await office.cards.follow()
    office.database.write = write  # type: ignore[method-assign]
    await office.cards.follow()
    assert (await office.now_of(candidate)).state is CandidateState.APPROVED


async def test_a_verdict_that_cannot_be_carried_out_does_not_stop_the_recovery(
    office: Office,
) -> None:
    """A list without sections takes no paper; the ❌ on the next card counts all the same."""
    first, second = await office.candidate(numbered(0)), await office.candidate(numbered(1))
    await office.cards.follow()
    one, two = office.board.messages
    await office.listing.take("empty.md", b"Nothing here.\n", replace=True)
    office.board.reacted = {one: [Reaction(ANA, "✅")], two: [Reaction(BEN, "❌")]}
    with capture_logs() as logs:
        await office.cards.recover()
    assert (await office.now_of(first)).state is CandidateState.POSTED
    assert (await office.now_of(second)).state is CandidateState.REJECTED
    assert [log["candidate"] for log in logs] == [first.id]


async def test_what_a_crash_interrupted_has_its_place_in_the_days_ceiling(
    sqlite: Database, clock: FakeClock
) -> None:
    """A card that is out and not yet counted is not overtaken by a better one."""
    office = await open_office(sqlite, clock, cards_per_day=1)
    candidate = await office.candidate(numbered(0))
    office.board.fail_next, office.board.late = Unreachable("503", ambiguous=True), True
    await office.cards.follow()
    await office.candidate(numbered(1), score=1.5)
    await office.cards.follow()
    assert titles(office) == ["Work 0"]
    assert (await office.now_of(candidate)).state is CandidateState.POSTED


async def test_the_same_approval_twice_is_kept_once(sqlite: Database, clock: FakeClock) -> None:
    """Where two must approve, one member pressing again and again adds nothing to the history."""
    office = await open_office(sqlite, clock, approvals_needed=2)
    candidate = await office.candidate(numbered(0))
    for _ in range(3):
        assert (await office.review.decide(candidate.id, YES)).missing == 1
    verdicts = await office.database.read(lambda c: Candidates(c).verdicts(candidate.id))
    assert [verdict.member_name for verdict in verdicts] == ["Ana"]


async def test_a_fresh_card_is_sent_and_seeded_and_not_edited(office: Office) -> None:
    """Discord marks an edited message: a card that is new is not."""
    edited: list[int] = []

    async def update(_channel: int, message_id: int, _card: object, _key: str) -> None:
        edited.append(message_id)

    office.board.update = update  # type: ignore[method-assign]
    await office.candidate(numbered(0))
    await office.cards.follow()
    (message,) = office.board.messages.values()
    assert len(message.signs) == 3
    assert not edited


@pytest.mark.parametrize("decided", [False, True])
async def test_a_card_that_was_not_seeded_before_a_crash_is_seeded_after_it(
    office: Office, *, decided: bool
) -> None:
    """Sent, its id noted, killed: it gets its signs, also where it was decided first."""
    candidate = await office.candidate(numbered(0))
    card = await office.desk.card(candidate)
    delivery = Delivery(database=office.database, clock=office.clock)
    sent = await delivery.deliver(
        office.board, card, kind="c", ref=candidate.id, part=0, channel_id=CHANNEL
    )
    if decided:
        await office.review.decide(candidate.id, YES)
    await office.cards.follow()
    assert len(office.board.messages[sent.message.message_id or 0].signs) == 3


async def test_a_removal_is_followed_though_discord_does_not_answer_at_once(
    office: Office,
) -> None:
    """Who it was is asked again; where no answer comes the channel is told what to do."""
    candidate = await office.candidate(numbered(1))
    await office.cards.follow()
    (card,) = office.board.messages
    await office.cards.reactions.react(CHANNEL, card, Reaction(ANA, "✅"))
    office.board.fail_next = Unreachable("503", ambiguous=True)
    await remove(office, card, (COMPANY, AGAIN[0]))
    assert (await office.now_of(candidate)).state is CandidateState.POSTED
    await office.cards.reactions.react(CHANNEL, card, Reaction(ANA, "❌"))
    office.board.forbidden = True
    await remove(office, card, (COMPANY,), "❌")
    assert (await office.now_of(candidate)).state is CandidateState.REJECTED
    (notice,) = await office.database.read(lambda c: Notices(c).unsaid())
    assert notice.text == (
        "Ana took a reaction to #1 away, which undid nothing: "
        "missing: Send Messages. Use /review undo 1."
    )


async def remove(office: Office, card: int, pauses: Sequence[float], emoji: str = "✅") -> None:
    """Ana takes a reaction away, and so many pauses go by."""
    gone = asyncio.create_task(office.cards.reactions.unreact(CHANNEL, card, ANA.id, emoji))
    for pause in pauses:
        while not office.clock.sleepers:  # noqa: ASYNC110 - the clock tells nobody who sleeps
            await asyncio.sleep(0.001)
        office.clock.advance(pause)
        await asyncio.sleep(0)
    await gone


async def test_what_a_missed_reaction_could_not_do_is_said_once(office: Office) -> None:
    """The paper has no title yet; the reaction is read anew at each start."""
    candidate = await office.candidate(replace(numbered(1), title=""))
    await office.cards.follow()
    (card,) = office.board.messages
    office.board.reacted[card] = [Reaction(ANA, "✅")]
    for _ in range(3):
        await office.cards.recover()
    (notice,) = await office.database.read(lambda c: Notices(c).unsaid())
    assert notice.text.startswith(
        f"A reaction to #{candidate.id} did nothing. {numbered(1).id} has no"
    )
