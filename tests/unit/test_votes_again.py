"""Votes that were given before and count now: again, after a slip, and after an undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.domain.errors import NotFound, UserError
from bot.domain.review import Sign, choose_section
from bot.services.ports import Reaction
from storage.models import Action, CandidateState
from tests.unit.desk import ANA, BEN, CHANNEL, open_office
from tests.unit.test_undo import NEW, UNDO, history, order, posted, state_of, take_back

if TYPE_CHECKING:
    from storage.database import Database
    from tests.fakes import FakeClock


async def test_who_was_contradicted_decides_by_the_same_vote_again(
    sqlite: Database, clock: FakeClock
) -> None:
    """Ana took her ✅ back, so Ben's ❌ suffices; without a word of his nothing is decided."""
    office = await open_office(sqlite, clock, approvals_needed=2)
    candidate, card = await posted(office)
    await office.cards.reactions.react(CHANNEL, card, Reaction(ANA, "✅"))
    await office.review.decide(candidate.id, order(Action.REJECT, BEN))
    await office.review.retract(candidate.id, ANA, Sign(Action.APPROVE), clock.now())
    assert await state_of(office, candidate) is CandidateState.POSTED
    outcome = await office.review.decide(candidate.id, order(Action.REJECT, BEN))
    assert (outcome.changed, outcome.candidate.state) == (True, CandidateState.REJECTED)


async def test_fewer_approvals_needed_now(sqlite: Database, clock: FakeClock) -> None:
    """One ✅ was given while two were needed: the same one again approves, and once only."""
    office = await open_office(sqlite, clock, approvals_needed=2)
    candidate = await office.candidate(NEW)
    yes = order(Action.APPROVE)
    await office.review.decide(candidate.id, yes)
    assert not (await office.review.decide(candidate.id, yes)).changed
    office = await open_office(sqlite, clock, approvals_needed=1)
    assert (await office.review.decide(candidate.id, yes)).changed
    assert not (await office.review.decide(candidate.id, yes)).changed
    assert await history(office, candidate) == [Action.APPROVE, Action.APPROVE]
    await office.review.decide(candidate.id, UNDO)
    assert NEW.title not in await office.text()


async def test_a_card_put_off_and_voted_on_is_undone_step_by_step(
    sqlite: Database, clock: FakeClock
) -> None:
    """First the vote that came later, then the week's rest."""
    office = await open_office(sqlite, clock, approvals_needed=2)
    candidate, _ = await posted(office)
    await office.review.decide(candidate.id, order(Action.SNOOZE))
    await office.review.decide(candidate.id, order(Action.APPROVE, BEN))
    await office.review.decide(candidate.id, UNDO)
    assert await state_of(office, candidate) is CandidateState.SNOOZED
    await office.review.decide(candidate.id, UNDO)
    assert await state_of(office, candidate) is CandidateState.POSTED


async def test_a_slip_of_the_thumb_is_mended_by_reactions_alone(
    sqlite: Database, clock: FakeClock
) -> None:
    """✅ by mistake, then ❌, then ✅ away: rejected; what Ben said too late is void."""
    office = await open_office(sqlite, clock)
    candidate, card = await posted(office)
    for member, emoji in ((ANA, "✅"), (BEN, "✅"), (ANA, "❌")):
        await office.cards.reactions.react(CHANNEL, card, Reaction(member, emoji))
    office.board.reacted[card] = [Reaction(ANA, "❌"), Reaction(BEN, "✅")]
    await take_back(office, card, ANA)
    assert await state_of(office, candidate) is CandidateState.REJECTED
    assert await history(office, candidate) == [Action.APPROVE, Action.RETRACT, Action.REJECT]


async def test_a_vote_taken_back_and_given_again_unheard_counts(
    sqlite: Database, clock: FakeClock
) -> None:
    """The removal was seen: so the ✅ under the card after a restart is another one."""
    office = await open_office(sqlite, clock)
    candidate, card = await posted(office)
    await office.cards.reactions.react(CHANNEL, card, Reaction(ANA, "✅"))
    await take_back(office, card, ANA)
    office.board.reacted[card] = [Reaction(ANA, "✅")]
    await office.cards.recover()
    assert await state_of(office, candidate) is CandidateState.APPROVED


def test_a_section_number_of_any_length_is_no_section() -> None:
    """Python refuses to read more than 4300 digits; a maintainer gets a sentence."""
    with pytest.raises(NotFound, match="No section"):
        choose_section("9" * 5000, ["Surveys", "Datasets"])


async def test_what_was_moved_and_then_taken_off_is_not_moved_back(
    sqlite: Database, clock: FakeClock
) -> None:
    """The ✅ is taken away after a move: entry and move are gone, so there is nothing to undo."""
    office = await open_office(sqlite, clock)
    candidate, card = await posted(office)
    await office.cards.reactions.react(CHANNEL, card, Reaction(ANA, "✅"))
    await office.review.decide(candidate.id, order(Action.MOVE, section="Survey Papers"))
    await take_back(office, card, ANA)
    assert NEW.title not in await office.text()
    with pytest.raises(UserError, match="nothing to take back"):
        await office.review.decide(candidate.id, UNDO)
    await office.review.decide(candidate.id, order(Action.APPROVE))
    await office.review.decide(candidate.id, UNDO)
    with pytest.raises(UserError, match="nothing to take back"):
        await office.review.decide(candidate.id, UNDO)
