"""Verdicts, cards and digests against a real database."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot.domain.errors import NotAllowed, NotFound
from bot.services.ports import Reaction, Unreachable
from bot.services.review import Order
from storage.candidates import Candidates
from storage.catalogue import Catalogue
from storage.digests import Digests
from storage.models import Action, Author, CandidateState, DigestChannel, Origin, PaperId, Via
from storage.submissions import Submissions
from tests.factories import paper
from tests.unit.desk import ANA, BEN, CHANNEL, EVE, Office, open_office

if TYPE_CHECKING:
    from storage.database import Database
    from tests.fakes import FakeClock

NEW = paper(id=PaperId("arXiv:2409.11111"), title="A New Paper on Synthetic Data")
OTHER = paper(id=PaperId("arXiv:2409.22222"), title="Another Paper on Synthetic Data")
YES = Order(Action.APPROVE, ANA, Via.COMMAND)
NO = Order(Action.REJECT, BEN, Via.COMMAND, reason="off topic")


@pytest.fixture
async def office(sqlite: Database, clock: FakeClock) -> Office:
    """The desk over the shipped list."""
    return await open_office(sqlite, clock)


async def test_an_approval_writes_the_entry_and_nothing_else(office: Office) -> None:
    """State, verdict and entry change together; the list grows by the entry's lines alone."""
    before = await office.text()
    candidate = await office.candidate(NEW)
    outcome = await office.review.decide(candidate.id, YES)
    assert outcome.changed
    assert outcome.candidate.state is CandidateState.APPROVED
    after = await office.text()
    added = [line for line in after.splitlines() if line not in before.splitlines()]
    assert added == [
        f"- Lupidi A, Gemmell C. {NEW.title}[J]. arXiv preprint arXiv:2409.11111, 2024.",
        "  [Paper](https://arxiv.org/abs/2409.11111)",
    ]
    (verdict,) = await office.database.read(lambda c: Candidates(c).verdicts(candidate.id))
    assert (verdict.member_name, verdict.section) == ("Ana", "Research Papers")


async def test_only_maintainers_decide(office: Office) -> None:
    """Anybody else is told so, and nothing changes."""
    candidate = await office.candidate(NEW)
    with pytest.raises(NotAllowed, match="Only maintainers decide"):
        await office.review.decide(candidate.id, Order(Action.APPROVE, EVE, Via.COMMAND))
    assert (await office.now_of(candidate)).state is CandidateState.QUEUED


async def test_of_two_verdicts_at_once_one_counts(office: Office) -> None:
    """Twenty decisions in the same instant end in one state with one entry at most."""
    candidate = await office.candidate(NEW)
    outcomes = await asyncio.gather(
        *(office.review.decide(candidate.id, order) for order in (YES, NO) * 10)
    )
    assert sum(outcome.changed for outcome in outcomes) == 1
    assert (await office.text()).count("2409.11111, 2024") <= 1
    assert len(office.decided) == 1


async def test_an_unknown_section_decides_nothing(office: Office) -> None:
    """The verdict is rolled back whole."""
    candidate = await office.candidate(NEW)
    with pytest.raises(NotFound, match="The sections are: 1 Survey Papers"):
        await office.review.decide(
            candidate.id, Order(Action.APPROVE, ANA, Via.COMMAND, section="Nonsense")
        )
    assert await office.database.read(lambda c: Candidates(c).verdicts(candidate.id)) == ()


async def test_a_paper_that_is_listed_already_gets_no_second_entry(office: Office) -> None:
    """Approving what came onto the list otherwise leaves the list as it is."""
    listed = paper(id=PaperId("arXiv:2406.18966"), title="UniGen")
    candidate = await office.candidate(listed)
    before = await office.text()
    assert (await office.review.decide(candidate.id, YES)).changed
    assert await office.text() == before


async def test_two_approvals_of_distinct_members_are_needed_where_two_are_asked(
    sqlite: Database, clock: FakeClock
) -> None:
    """One maintainer approving twice does not count twice."""
    office = await open_office(sqlite, clock, approvals_needed=2)
    candidate = await office.candidate(NEW)
    for _ in range(2):
        assert (await office.review.decide(candidate.id, YES)).missing == 1
    assert (
        await office.review.decide(candidate.id, Order(Action.APPROVE, BEN, Via.COMMAND))
    ).changed


async def test_a_card_is_posted_seeded_and_edited_when_decided(office: Office) -> None:
    """The board follows the database."""
    candidate = await office.candidate(NEW)
    await office.cards.follow()
    ((message_id, message),) = office.board.messages.items()
    assert (message.channel_id, message.key) == (CHANNEL, f"c{candidate.id}.0.0")
    assert message.signs == ["✅", "❌", "💤"]
    await office.cards.reactions.react(CHANNEL, message_id, Reaction(EVE, "✅"))
    await office.cards.reactions.react(CHANNEL, message_id, Reaction(ANA, "👍"))
    assert (await office.now_of(candidate)).state is CandidateState.POSTED
    await office.cards.reactions.react(CHANNEL, message_id, Reaction(ANA, "✅"))
    await office.cards.follow()
    assert message.post.decision.by == "Ana"  # type: ignore[attr-defined]
    await office.cards.follow()
    assert len(office.board.messages) == 1


@pytest.mark.parametrize("late", [True, False])
async def test_a_lost_answer_never_doubles_a_card(office: Office, *, late: bool) -> None:
    """Posted or not when the connection broke: afterwards there is one card."""
    await office.candidate(NEW)
    office.board.fail_next, office.board.late = Unreachable("dropped", ambiguous=True), late
    await office.cards.follow()
    await office.cards.follow()
    assert [message.key for message in office.board.messages.values()] == ["c1.0.0"]
    assert all(message.signs for message in office.board.messages.values())


async def test_cards_keep_to_the_days_ceiling_and_submissions_go_first(
    sqlite: Database, clock: FakeClock
) -> None:
    """Two machine cards a day here; what a member asked for is not counted and not held back."""
    office = await open_office(sqlite, clock, cards_per_day=2)
    for number in range(5):
        found = paper(id=PaperId(f"arXiv:2409.3000{number}"), title=f"P{number}")
        last = await office.candidate(found)
    await office.candidate(OTHER, Origin.SUBMISSION)
    # The harvest had found it, and a member asks for it.
    await sqlite.write(lambda c: Submissions(c).add(last.id, EVE, None, clock.now()))
    await office.cards.follow()
    await office.cards.follow()
    titles = [message.post.title for message in office.board.messages.values()]  # type: ignore[attr-defined]
    assert titles == ["P4", OTHER.title, "P0", "P1"]
    clock.advance(24 * 3600 + 1)
    await office.cards.follow()
    assert len(office.board.messages) == 6


async def test_a_forbidden_channel_is_no_catastrophe(office: Office) -> None:
    """Nothing is lost: the card goes out once the permission is back."""
    await office.candidate(NEW)
    office.board.forbidden = True
    await office.cards.follow()
    assert not office.board.messages
    office.board.forbidden = False
    office.clock.advance(60)
    await office.cards.follow()
    assert len(office.board.messages) == 1


async def test_a_card_deleted_by_hand_does_not_come_back_by_itself(office: Office) -> None:
    """Its candidate can still be decided by word."""
    candidate = await office.candidate(NEW)
    await office.cards.follow()
    office.board.messages.clear()
    await office.review.decide(candidate.id, NO)
    await office.cards.follow()
    await office.cards.follow()
    assert not office.board.messages


async def test_a_snoozed_card_is_open_again_after_a_week(office: Office) -> None:
    """💤 puts the same card off; it does not make a second one."""
    candidate = await office.candidate(NEW)
    await office.cards.follow()
    await office.review.decide(candidate.id, Order(Action.SNOOZE, ANA, Via.REACTION))
    await office.cards.follow()
    office.clock.advance(6 * 86_400)
    await office.review.wake()
    assert (await office.now_of(candidate)).state is CandidateState.SNOOZED
    office.clock.advance(86_401)
    await office.review.wake()
    await office.cards.follow()
    (message,) = office.board.messages.values()
    assert message.post.state is CandidateState.POSTED  # type: ignore[attr-defined]


async def test_recovery_reads_what_was_missed_and_leaves_conflicts_open(office: Office) -> None:
    """One maintainer's ❌ decides; ✅ against ❌ and outsiders do not."""
    first, second = await office.candidate(NEW), await office.candidate(OTHER)
    await office.cards.follow()
    one, two = office.board.messages
    office.board.reacted = {
        one: [Reaction(EVE, "✅"), Reaction(ANA, "❌")],
        two: [Reaction(ANA, "✅"), Reaction(BEN, "❌")],
    }
    await office.cards.recover()
    await office.cards.recover()
    assert (await office.now_of(first)).state is CandidateState.REJECTED
    assert (await office.now_of(second)).state is CandidateState.POSTED


async def test_what_was_heard_before_is_no_news_after_a_restart(office: Office) -> None:
    """Last week's 💤 still stands under a card that is back; a ✅ beside it is new."""
    candidate = await office.candidate(NEW)
    await office.cards.follow()
    (message_id,) = office.board.messages
    snooze = Reaction(ANA, "💤")
    await office.cards.reactions.react(CHANNEL, message_id, snooze)
    office.clock.advance(8 * 86_400)
    await office.review.wake()
    office.board.reacted = {message_id: [snooze]}
    await office.cards.recover()
    assert (await office.now_of(candidate)).state is CandidateState.POSTED
    office.board.reacted = {message_id: [snooze, Reaction(BEN, "✅")]}
    await office.cards.recover()
    assert (await office.now_of(candidate)).state is CandidateState.APPROVED


async def test_a_reaction_to_a_card_that_is_just_being_posted_counts(office: Office) -> None:
    """The card is in the channel before its id is in the database."""
    candidate = await office.candidate(NEW)
    post = office.board.post
    reacting: list[asyncio.Task[None]] = []

    async def post_and_react(channel_id: int, card: object, key: str) -> int:
        message_id = await post(channel_id, card, key)
        hurry = office.cards.reactions.react(CHANNEL, message_id, Reaction(ANA, "❌"))
        reacting.append(asyncio.create_task(hurry))
        await asyncio.sleep(0.05)
        return message_id

    office.board.post = post_and_react  # type: ignore[method-assign]
    await office.cards.follow()
    await asyncio.gather(*reacting)
    assert (await office.now_of(candidate)).state is CandidateState.REJECTED


async def follow_digest(office: Office) -> None:
    """A digest channel at 09:00 UTC, chosen yesterday."""
    since = office.clock.now().replace(day=15, hour=10)
    channel = DigestChannel(500, 1, 9, 0, "UTC", since)
    await office.database.write(lambda c: Digests(c).set_channel(channel))


async def test_a_digest_tells_of_an_approval_once(office: Office) -> None:
    """Approved before the hour and settled: in today's digest, and in no other."""
    await follow_digest(office)
    office.clock.advance(-600)
    candidate = await office.candidate(NEW)
    await office.review.decide(candidate.id, YES)
    await office.digests.run()
    assert not office.board.messages, "it is not nine yet"
    office.clock.advance(600)
    await office.digests.run()
    await office.digests.run()
    office.clock.advance(86_400)
    await office.digests.run()
    (message,) = office.board.messages.values()
    assert (message.channel_id, message.key) == (500, "d1.0.0")
    ((section, (item,)),) = message.post.sections  # type: ignore[attr-defined]
    assert (section, item.title) == ("Research Papers", NEW.title)


async def test_a_digest_interrupted_by_a_lost_answer_is_finished_once(office: Office) -> None:
    """The run stays open, the key is found, nothing goes out twice."""
    await follow_digest(office)
    office.clock.advance(-600)
    await office.review.decide((await office.candidate(NEW)).id, YES)
    office.clock.advance(600)
    office.board.fail_next, office.board.late = Unreachable("503", ambiguous=True), True
    await office.digests.run()
    await office.digests.run()
    assert len(office.board.messages) == 1
    assert await office.database.read(lambda c: Digests(c).open_runs()) == ()


async def test_importing_another_list_keeps_candidates_and_their_sections_sane(
    office: Office,
) -> None:
    """A section suggested under the old list gives way to one of the new list."""
    candidate = await office.candidate(NEW)
    content = b"## Only\n\n- [A Paper](https://arxiv.org/abs/2402.13446)\n"
    await office.listing.take("mine.md", content, replace=True)
    await office.review.decide(candidate.id, YES)
    entry = await office.database.read(lambda c: Catalogue(c).entry_of(NEW.id))
    assert entry is not None
    assert entry.section == "Only"
    assert (await office.text()).startswith(content.decode().rstrip("\n"))


async def test_a_card_names_another_one_that_waits_for_the_same_work(office: Office) -> None:
    """The Anthology's copy was suggested before arXiv's came: nobody should add both."""
    first = paper(id=PaperId("acl:2024.acl-long.999"), title="A new paper on synthetic data")
    waiting, candidate = await office.candidate(first), await office.candidate(NEW)
    card = await office.desk.card(candidate)
    assert card.duplicate == f"#{waiting.id} {first.title}, which waits too"
    await office.review.decide(waiting.id, NO)
    assert (await office.desk.card(candidate)).duplicate == ""
    stranger = paper(
        id=PaperId("acl:2024.acl-long.998"), title=NEW.title + "!", authors=(Author('A"%_[[', "B"),)
    )
    await office.candidate(stranger)
    assert (await office.desk.card(candidate)).duplicate == ""
