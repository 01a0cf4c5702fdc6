"""Reactions, roles and states → verdicts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain import review
from bot.domain.errors import NotFound, UserError
from storage.models import (
    Action,
    Candidate,
    CandidateState,
    Member,
    Origin,
    PaperId,
    Verdict,
    Via,
)

RULES = review.Rules(maintainer_roles=frozenset({10}), maintainers=frozenset({1}))
ANA = Member(1, "Ana")
BEN = Member(2, "Ben", frozenset({10, 11}))
EVE = Member(3, "Eve", frozenset({12}))
SECTIONS = ("Survey Papers", "Research Papers", "Analysis Papers")


def candidate(state: CandidateState) -> Candidate:
    """A candidate in a state."""
    when = datetime(2026, 3, 2, tzinfo=UTC)
    paper = PaperId("arXiv:2410.01720")
    return Candidate(1, paper, state, 0.5, (), "", Origin.HARVEST, when)


@pytest.mark.parametrize(("member", "decides"), [(ANA, True), (BEN, True), (EVE, False)])
def test_maintainers_are_named_or_hold_a_role(member: Member, *, decides: bool) -> None:
    """An id or a role makes a maintainer; any other role does not."""
    assert RULES.is_maintainer(member) is decides


@pytest.mark.parametrize(
    ("emoji", "action"),
    [
        ("✅", Action.APPROVE),
        ("❌", Action.REJECT),
        ("💤", Action.SNOOZE),
        ("✅\ufe0f", Action.APPROVE),
        ("👍", None),
        ("✔️", None),
        ("", None),
    ],
)
def test_only_three_emoji_decide(emoji: str, action: Action | None) -> None:
    """✅ ❌ 💤 and nothing that looks like them."""
    assert review.action_of(emoji) is action


@pytest.mark.parametrize("state", CandidateState)
@pytest.mark.parametrize("action", Action)
def test_a_decided_candidate_stays_decided(state: CandidateState, action: Action) -> None:
    """Only queued, posted and snoozed candidates change."""
    changes = review.result_of(candidate(state), action) is not None
    assert changes is (state in review.OPEN)


def test_contradicting_maintainers_decide_nothing() -> None:
    """✅ and ❌ of two maintainers leave the card open; an outsider's ❌ does not count."""
    yes, no = (ANA, Action.APPROVE), (BEN, Action.REJECT)
    assert review.agreed([yes, no], RULES) == ()
    assert review.agreed([yes, (EVE, Action.REJECT)], RULES) == (yes,)
    assert review.agreed([(EVE, Action.APPROVE)], RULES) == ()


@pytest.mark.parametrize("wanted", ["Research Papers", "research papers", "2", "res", " Research "])
def test_a_section_is_named_as_people_name_it(wanted: str) -> None:
    """By title in any case, by number, or by how it begins."""
    assert review.choose_section(wanted, SECTIONS) == "Research Papers"


@pytest.mark.parametrize("wanted", ["", "4", "0", "Papers", "x" * 5000])
def test_an_unknown_section_is_answered_with_the_known_ones(wanted: str) -> None:
    """The error names every section with its number."""
    with pytest.raises(NotFound, match="1 Survey Papers, 2 Research Papers, 3 Analysis Papers"):
        review.choose_section(wanted, SECTIONS)


def test_a_suggested_section_that_is_gone_gives_way_to_the_last() -> None:
    """A list replaced meanwhile may not know the section that was suggested."""
    assert review.default_section("Research Papers", SECTIONS) == "Research Papers"
    assert review.default_section("Gone", SECTIONS) == "Analysis Papers"
    with pytest.raises(UserError, match="no sections yet"):
        review.default_section("Gone", ())


def test_one_maintainer_counts_once_however_often_they_approve() -> None:
    """Approvals are counted by distinct members."""
    when = datetime(2026, 3, 2, tzinfo=UTC)
    yes = Verdict(1, Action.APPROVE, 1, "Ana", when, Via.REACTION)
    no = replace(yes, member_id=2, action=Action.REJECT)
    assert review.approvals([yes, yes, no]) == {1}
