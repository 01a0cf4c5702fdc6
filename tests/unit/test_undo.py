"""Undo, moves, edits and removed reactions: the list and the desk go back, the history stays."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot.domain.errors import NotFound, UserError
from bot.services.ports import Reaction
from bot.services.removals import COMPANY
from bot.services.review import Order
from storage.candidates import Candidates
from storage.catalogue import Catalogue
from storage.models import Action, CandidateState, Link, Member, Origin, PaperId, Via
from storage.notices import Notices
from storage.papers import Papers
from tests.factories import paper
from tests.unit.desk import ANA, BEN, CHANNEL, EVE, Office, open_office

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.database import Database
    from storage.models import Candidate, Entry, Verdict
    from tests.fakes import FakeClock

NEW = paper(id=PaperId("arXiv:2409.11111"), title="A New Paper on Synthetic Data")
OTHER = paper(id=PaperId("arXiv:2409.22222"), title="Another Paper on Synthetic Data")
SHIPPED = "arXiv:2406.18966"


def order(action: Action, member: Member = ANA, **more: object) -> Order:
    """What somebody types."""
    return Order(action, member, Via.COMMAND, **more)  # type: ignore[arg-type]


YES, NO, UNDO = order(Action.APPROVE), order(Action.REJECT), order(Action.UNDO, BEN)


@pytest.fixture
async def office(sqlite: Database, clock: FakeClock) -> Office:
    """The desk over the shipped list."""
    return await open_office(sqlite, clock)


async def history(office: Office, candidate: Candidate) -> list[Action]:
    """What was done to a candidate."""
    verdicts: tuple[Verdict, ...] = await office.database.read(
        lambda c: Candidates(c).verdicts(candidate.id)
    )
    return [verdict.action for verdict in verdicts]


async def entry_of(office: Office, paper_id: str) -> Entry | None:
    """The paper's entry."""
    return await office.database.read(lambda c: Catalogue(c).entry_of(PaperId(paper_id)))


async def state_of(office: Office, candidate: Candidate) -> CandidateState:
    """Where a candidate stands."""
    return (await office.now_of(candidate)).state


@pytest.mark.parametrize("given", [YES, NO, order(Action.SNOOZE)])
async def test_an_undo_puts_everything_back_and_keeps_the_history(
    office: Office, given: Order
) -> None:
    """List, state and card are as before, whoever undoes it; it can be decided anew."""
    candidate, before = await office.candidate(NEW), await office.text()
    await office.cards.follow()
    await office.review.decide(candidate.id, given)
    await office.review.decide(candidate.id, UNDO)
    await office.cards.follow()
    assert await office.text() == before
    assert await state_of(office, candidate) is CandidateState.POSTED
    (message,) = office.board.messages.values()
    assert message.post.decision is None  # type: ignore[attr-defined]
    assert await history(office, candidate) == [given.action, Action.UNDO]
    with pytest.raises(UserError, match="nothing to take back"):
        await office.review.decide(candidate.id, UNDO)
    assert (await office.review.decide(candidate.id, YES)).changed
    assert (await office.text()).count(NEW.title) == 1


async def test_an_undo_of_an_undecided_paper_says_so(office: Office) -> None:
    """There is nothing to take back, and nothing changes."""
    candidate = await office.candidate(NEW)
    with pytest.raises(UserError, match="Nothing was decided about #1 yet"):
        await office.review.decide(candidate.id, UNDO)
    assert await history(office, candidate) == []


async def test_an_undo_after_others_came_takes_only_its_own_entry(office: Office) -> None:
    """The file has changed since: the entry goes, the later one stays."""
    first, second = await office.candidate(NEW), await office.candidate(OTHER)
    await office.review.decide(first.id, YES)
    await office.review.decide(second.id, YES)
    await office.review.decide(first.id, UNDO)
    text = await office.text()
    assert (text.count(NEW.title), text.count(OTHER.title)) == (0, 1)
    await office.review.decide(second.id, UNDO)
    assert OTHER.title not in await office.text()


async def test_an_entry_that_stood_before_is_not_taken_off(office: Office) -> None:
    """Approving what was listed wrote nothing; so its undo takes nothing."""
    listed = paper(id=PaperId(SHIPPED), title="UniGen")
    candidate, before = await office.candidate(listed), await office.text()
    await office.review.decide(candidate.id, YES)
    await office.review.decide(candidate.id, UNDO)
    assert await office.text() == before


async def test_an_undo_survives_another_list(office: Office) -> None:
    """The list was replaced since and does not hold the entry: only the decision is taken back."""
    candidate = await office.candidate(NEW)
    await office.review.decide(candidate.id, YES)
    content = b"## Only\n\n- [A Paper](https://arxiv.org/abs/2402.13446)\n"
    await office.listing.take("mine.md", content, replace=True)
    await office.review.decide(candidate.id, UNDO)
    assert await office.text() == content.decode()
    assert await state_of(office, candidate) is CandidateState.QUEUED


async def test_a_reconsidered_paper_is_open_again(office: Office) -> None:
    """Only what was rejected can be; its old votes are void."""
    candidate = await office.candidate(NEW)
    again = order(Action.RECONSIDER)
    with pytest.raises(UserError, match="#1 is not rejected: it is queued"):
        await office.review.decide(candidate.id, again)
    await office.review.decide(candidate.id, NO)
    await office.review.decide(candidate.id, again)
    assert await state_of(office, candidate) is CandidateState.QUEUED
    assert (
        await office.review.decide(candidate.id, YES)
    ).candidate.state is CandidateState.APPROVED


async def test_a_move_and_its_undo(office: Office) -> None:
    """The entry stands in the other section, once; undone, the file is byte for byte as before."""
    candidate = await office.candidate(NEW)
    await office.review.decide(candidate.id, YES)
    before, entry = await office.text(), await entry_of(office, NEW.id)
    await office.review.decide(candidate.id, order(Action.MOVE, section="analysis"))
    moved = await entry_of(office, NEW.id)
    assert entry is not None
    assert moved is not None
    assert (moved.section, moved.id, moved.added_at) == (
        "Analysis Papers",
        entry.id,
        entry.added_at,
    )
    assert (await office.text()).count(NEW.title) == 1
    await office.review.decide(candidate.id, UNDO)
    assert await office.text() == before
    assert await entry_of(office, NEW.id) == entry
    await office.review.decide(candidate.id, UNDO)
    assert NEW.title not in await office.text()
    assert await state_of(office, candidate) is CandidateState.QUEUED


async def test_a_move_that_cannot_be_undone_byte_for_byte_goes_back_by_meaning(
    office: Office,
) -> None:
    """Something was added since: the entry goes to its old section, the other one stays."""
    candidate, other = await office.candidate(NEW), await office.candidate(OTHER)
    await office.review.decide(candidate.id, YES)
    await office.review.decide(candidate.id, order(Action.MOVE, section="1"))
    await office.review.decide(other.id, YES)
    await office.review.decide(candidate.id, UNDO)
    entry = await entry_of(office, NEW.id)
    assert entry is not None
    assert entry.section == "Research Papers"
    text = await office.text()
    assert (text.count(NEW.title), text.count(OTHER.title)) == (1, 1)


@pytest.mark.parametrize(
    ("section", "said"),
    [("research", "stands under Research Papers already"), ("nonsense", "The sections are: 1")],
)
async def test_a_move_to_nowhere_is_answered(office: Office, section: str, said: str) -> None:
    """To where it stands, or to a section nobody knows: nothing changes."""
    candidate = await office.candidate(NEW)
    with pytest.raises((UserError, NotFound), match="not on the list"):
        await office.review.decide(candidate.id, order(Action.MOVE, section="1"))
    await office.review.decide(candidate.id, YES)
    before = await office.text()
    with pytest.raises(UserError, match=said):
        await office.review.decide(candidate.id, order(Action.MOVE, section=section))
    assert await office.text() == before


async def test_a_listed_paper_that_nobody_proposed_can_be_moved(office: Office) -> None:
    """It gets a candidate for its history; an undo moves it back, and takes it off never."""
    before = await office.text()
    candidate = await office.review.find_listed(SHIPPED)
    assert (candidate.state, candidate.origin) == (CandidateState.APPROVED, Origin.LIST)
    assert await office.review.find_listed(SHIPPED) == candidate
    await office.review.decide(candidate.id, order(Action.MOVE, section="survey"))
    entry = await entry_of(office, SHIPPED)
    assert entry is not None
    assert entry.section == "Survey Papers"
    await office.review.decide(candidate.id, UNDO)
    assert await office.text() == before
    with pytest.raises(UserError, match="on the list before anybody decided"):
        await office.review.decide(candidate.id, UNDO)
    with pytest.raises(NotFound, match="No candidate"):
        await office.review.find_listed("2409.99999")
    with pytest.raises(NotFound, match="is on the list, under Analysis Papers, and was never"):
        await office.review.find("2410.01720")


async def test_an_edit_changes_paper_list_and_card_and_can_be_undone(office: Office) -> None:
    """Title and links, here and in the file; a later record of arXiv does not bring them back."""
    candidate = await office.candidate(NEW)
    await office.review.decide(candidate.id, YES)
    before = await office.text()
    links = (Link("Code", "https://github.com/a/b"),)
    change = order(Action.EDIT, title="A  Better\nTitle", links=links)
    await office.review.decide(candidate.id, change)
    entry = await entry_of(office, NEW.id)
    assert entry is not None
    assert entry.title == "A Better Title"
    assert "[Code](https://github.com/a/b)" in await office.text()
    await office.database.write(lambda c: Papers(c).store([NEW], office.clock.now()))
    card = await office.desk.card(await office.now_of(candidate))
    assert card.title == "A Better Title"
    await office.review.decide(candidate.id, UNDO)
    assert await office.text() == before
    kept = await office.database.read(lambda c: Papers(c).get(NEW.id))
    assert kept is not None
    assert (kept.title, kept.links, kept.edited) == (NEW.title, NEW.links, ())


async def test_an_edit_of_what_waits_changes_its_card(office: Office) -> None:
    """It is not on the list yet: the entry will be written with the new title."""
    candidate = await office.candidate(NEW)
    await office.review.decide(candidate.id, order(Action.EDIT, title="Corrected"))
    with pytest.raises(UserError, match="Nothing to change"):
        await office.review.decide(candidate.id, order(Action.EDIT, title="Corrected"))
    await office.review.decide(candidate.id, YES)
    text = await office.text()
    assert "Corrected" in text
    assert NEW.title not in text


async def test_a_paper_without_a_title_is_not_listed(office: Office) -> None:
    """An entry without one would be a riddle; it is said what to do."""
    candidate = await office.candidate(paper(id=PaperId("openreview:abc"), title=""))
    with pytest.raises(UserError, match="give it one first with /review edit"):
        await office.review.decide(candidate.id, YES)
    await office.review.decide(candidate.id, order(Action.EDIT, title="Named at Last"))
    await office.review.decide(candidate.id, YES)
    assert "Named at Last" in await office.text()


async def test_the_reason_of_a_rejection_can_be_given_later(office: Office) -> None:
    """The card says the last one; of what is not rejected there is none."""
    candidate = await office.candidate(NEW)
    why = order(Action.REASON, reason="too thin")
    with pytest.raises(UserError, match="is not rejected"):
        await office.review.decide(candidate.id, why)
    await office.review.decide(candidate.id, NO)
    await office.review.decide(candidate.id, why)
    card = await office.desk.card(await office.now_of(candidate))
    assert card.decision is not None
    assert (card.decision.reason, card.decision.by) == ("too thin", "Ana")


async def posted(office: Office) -> tuple[Candidate, int]:
    """A card with its message."""
    candidate = await office.candidate(NEW)
    await office.cards.follow()
    return candidate, next(iter(office.board.messages))


async def come_to_rest(
    office: Office, tasks: Sequence[asyncio.Task[None]], behind: int = 0
) -> None:
    """Until each task is done or waits for the clock; `behind` of them wait for another."""
    wanted = len(tasks) - behind
    # The clock of tests tells nobody who sleeps.
    while office.clock.sleepers + sum(task.done() for task in tasks) < wanted:  # noqa: ASYNC110
        await asyncio.sleep(0.001)


async def take_back(office: Office, message_id: int, member: Member, emoji: str = "✅") -> None:
    """Somebody's reaction vanishes, and so much time passes that others would be seen as well."""
    gone = asyncio.create_task(
        office.cards.reactions.unreact(CHANNEL, message_id, member.id, emoji)
    )
    await come_to_rest(office, [gone])
    office.clock.advance(COMPANY)
    await gone


async def test_removing_the_own_reaction_soon_undoes_it(office: Office) -> None:
    """Within the settle time; nobody outside has heard of it yet."""
    candidate, message_id = await posted(office)
    await office.cards.reactions.react(CHANNEL, message_id, Reaction(ANA, "✅"))
    await take_back(office, message_id, ANA)
    assert await state_of(office, candidate) is CandidateState.POSTED
    assert NEW.title not in await office.text()
    assert await history(office, candidate) == [Action.APPROVE, Action.RETRACT]


async def test_removing_it_at_the_last_moment_undoes_it(office: Office) -> None:
    """What counts is when it vanished, not when that was looked into."""
    candidate, message_id = await posted(office)
    await office.cards.reactions.react(CHANNEL, message_id, Reaction(ANA, "✅"))
    office.clock.advance(179)
    await take_back(office, message_id, ANA)
    assert await state_of(office, candidate) is CandidateState.POSTED


async def test_removing_it_late_undoes_nothing(office: Office) -> None:
    """The settle time is over."""
    candidate, message_id = await posted(office)
    await office.cards.reactions.react(CHANNEL, message_id, Reaction(ANA, "✅"))
    office.clock.advance(200)
    asked = office.board.asked
    await take_back(office, message_id, ANA)
    assert await state_of(office, candidate) is CandidateState.APPROVED
    assert office.board.asked == asked, "Discord is not asked for nothing"


@pytest.mark.parametrize("emoji", ["❌", "💤", "👍", "3\ufe0f\u20e3"])
async def test_removing_another_reaction_undoes_nothing(office: Office, emoji: str) -> None:
    """Only the one that decided."""
    candidate, message_id = await posted(office)
    await office.cards.reactions.react(CHANNEL, message_id, Reaction(ANA, "✅"))
    await take_back(office, message_id, ANA, emoji)
    assert await state_of(office, candidate) is CandidateState.APPROVED


@pytest.mark.parametrize("bots_first", [True, False])
async def test_a_clean_up_undoes_nothing(office: Office, *, bots_first: bool) -> None:
    """A moderator takes reactions away one by one, the bot's among them: no change of mind."""
    candidate, message_id = await posted(office)
    await office.cards.reactions.react(CHANNEL, message_id, Reaction(ANA, "✅"))
    owners = (999, ANA.id) if bots_first else (ANA.id, 999)
    gone = [
        asyncio.create_task(office.cards.reactions.unreact(CHANNEL, message_id, owner, "✅"))
        for owner in owners
    ]
    await come_to_rest(office, gone)
    office.clock.advance(COMPANY)
    await asyncio.gather(*gone)
    assert await state_of(office, candidate) is CandidateState.APPROVED


async def test_who_is_no_maintainer_any_more_takes_nothing_back(office: Office) -> None:
    """The role counts at the moment the bot handles it."""
    candidate, message_id = await posted(office)
    await office.cards.reactions.react(CHANNEL, message_id, Reaction(ANA, "✅"))
    office.board.members[ANA.id] = Member(EVE.id, "Ana")
    await take_back(office, message_id, ANA)
    assert await state_of(office, candidate) is CandidateState.APPROVED


async def test_of_two_approvals_one_taken_back_leaves_the_other(
    sqlite: Database, clock: FakeClock
) -> None:
    """Two are needed: the card is open again and shows who still approves."""
    office = await open_office(sqlite, clock, approvals_needed=2)
    candidate, message_id = await posted(office)
    for member in (ANA, BEN):
        await office.cards.reactions.react(CHANNEL, message_id, Reaction(member, "✅"))
    assert await state_of(office, candidate) is CandidateState.APPROVED
    await take_back(office, message_id, BEN)
    card = await office.desk.card(await office.now_of(candidate))
    assert (card.state, card.votes.approvals) == (CandidateState.POSTED, ("Ana",))
    assert NEW.title not in await office.text()


async def test_contradicting_maintainers_leave_the_card_open_until_they_agree(
    sqlite: Database, clock: FakeClock
) -> None:
    """Two approvals are needed: ✅ and ❌ contradict, the card says so, and an undo clears both."""
    office = await open_office(sqlite, clock, approvals_needed=2)
    candidate, message_id = await posted(office)
    await office.cards.reactions.react(CHANNEL, message_id, Reaction(ANA, "✅"))
    await office.cards.reactions.react(CHANNEL, message_id, Reaction(BEN, "❌"))
    await office.cards.follow()
    shown = office.board.messages[message_id].post
    assert (shown.votes.approvals, shown.votes.rejections) == (("Ana",), ("Ben",))  # type: ignore[attr-defined]
    assert await state_of(office, candidate) is CandidateState.POSTED
    await office.review.decide(candidate.id, UNDO)
    await office.cards.reactions.react(CHANNEL, message_id, Reaction(BEN, "❌"))
    assert await state_of(office, candidate) is CandidateState.REJECTED


async def test_a_number_approves_into_that_section(office: Office) -> None:
    """3️⃣ is the third section; a number without a section changes nothing."""
    candidate, message_id = await posted(office)
    await office.cards.reactions.react(CHANNEL, message_id, Reaction(ANA, "7\ufe0f\u20e3"))
    assert await state_of(office, candidate) is CandidateState.POSTED
    await office.cards.reactions.react(CHANNEL, message_id, Reaction(ANA, "3\ufe0f\u20e3"))
    entry = await entry_of(office, NEW.id)
    assert entry is not None
    assert entry.section == "Analysis Papers"


async def test_a_card_deleted_by_hand_comes_again_on_request(office: Office) -> None:
    """Asked for it is posted anew; where it stands it is not."""
    candidate, message_id = await posted(office)
    assert not await office.cards.repost(candidate.id)
    del office.board.messages[message_id]
    await office.cards.follow()
    assert not office.board.messages
    assert await office.cards.repost(candidate.id)
    await office.cards.follow()
    await office.cards.follow()
    assert [one.key for one in office.board.messages.values()] == [f"c{candidate.id}.0.1"]
    await office.cards.reactions.react(
        CHANNEL, next(iter(office.board.messages)), Reaction(ANA, "❌")
    )
    assert await state_of(office, candidate) is CandidateState.REJECTED


async def test_a_reaction_that_cannot_be_carried_out_is_said(office: Office) -> None:
    """It cannot be answered in private, and must not seem to have been heard."""
    candidate = await office.candidate(paper(id=PaperId("openreview:abc"), title=""))
    await office.cards.follow()
    (message_id,) = office.board.messages
    await office.cards.reactions.react(CHANNEL, message_id, Reaction(ANA, "✅"))
    assert await state_of(office, candidate) is CandidateState.POSTED
    (notice,) = await office.database.read(lambda c: Notices(c).unsaid())
    assert notice.text.startswith("Ana's reaction to #1 did nothing. openreview:abc has no title")


async def test_a_slip_of_the_thumb_and_the_right_reaction_at_once(office: Office) -> None:
    """✅, taken back, ❌ a moment later: what was meant counts."""
    candidate, message_id = await posted(office)
    await office.cards.reactions.react(CHANNEL, message_id, Reaction(ANA, "✅"))
    tasks = [
        asyncio.create_task(office.cards.reactions.unreact(CHANNEL, message_id, ANA.id, "✅")),
        asyncio.create_task(office.cards.reactions.react(CHANNEL, message_id, Reaction(ANA, "❌"))),
    ]
    await come_to_rest(office, tasks, behind=1)
    office.clock.advance(COMPANY)
    await asyncio.gather(*tasks)
    assert await state_of(office, candidate) is CandidateState.REJECTED
    assert await history(office, candidate) == [Action.APPROVE, Action.RETRACT, Action.REJECT]


async def test_a_reaction_after_the_verdict_counts_neither_now_nor_later(office: Office) -> None:
    """Ben's ✅ came too late; it stands there when the card is open again, and at a restart."""
    candidate, message_id = await posted(office)
    await office.cards.reactions.react(CHANNEL, message_id, Reaction(ANA, "❌"))
    await office.cards.reactions.react(CHANNEL, message_id, Reaction(BEN, "✅"))
    await office.review.decide(candidate.id, UNDO)
    office.board.reacted = {message_id: [Reaction(ANA, "❌"), Reaction(BEN, "✅")]}
    await office.cards.recover()
    assert await state_of(office, candidate) is CandidateState.POSTED
