"""Reactions, roles and states → verdicts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.commands.languages import catalog
from bot.domain import review
from bot.domain.errors import NotAllowed, NotFound, UserError
from bot.domain.review import Sign
from bot.domain.sentences import Language, Sentence
from storage.models import Action, CandidateState, Member, Verdict, Via

RULES = review.Rules(maintainer_roles=frozenset({10}), maintainers=frozenset({1}))
ANA = Member(1, "Ana")
BEN = Member(2, "Ben", frozenset({10, 11}))
EVE = Member(3, "Eve", frozenset({12}))
SECTIONS = ("Survey Papers", "Research Papers", "Analysis Papers")


@pytest.mark.parametrize(("member", "decides"), [(ANA, True), (BEN, True), (EVE, False)])
def test_maintainers_are_named_or_hold_a_role(member: Member, *, decides: bool) -> None:
    """An id or a role makes a maintainer; any other role does not."""
    assert RULES.is_maintainer(member) is decides


def test_who_decides_nothing_is_told_what_to_do_instead() -> None:
    """A maintainer passes; anybody else hears how papers are suggested, also in Chinese."""
    RULES.require(BEN)
    with pytest.raises(NotAllowed, match="suggest papers with /papers submit") as refused:
        RULES.require(EVE)
    said = refused.value.sentence
    assert isinstance(said, Sentence)
    assert "只有维护者" in said.said(catalog(Language.CHINESE))


@pytest.mark.parametrize(
    ("emoji", "sign"),
    [
        ("✅", Sign(Action.APPROVE)),
        ("❌", Sign(Action.REJECT)),
        ("💤", Sign(Action.SNOOZE)),
        ("✅\ufe0f", Sign(Action.APPROVE)),
        ("1\ufe0f\u20e3", Sign(Action.APPROVE, 1)),
        ("9\u20e3", Sign(Action.APPROVE, 9)),
        ("0\ufe0f\u20e3", None),
        ("🔟", None),
        ("1", None),
        ("\u20e3", None),
        ("👍", None),
        ("✔️", None),
        ("", None),
    ],
)
def test_only_these_emoji_decide(emoji: str, sign: Sign | None) -> None:
    """✅ ❌ 💤, the numbers of nine sections, and nothing that looks like them."""
    assert review.sign_of(emoji) == sign


def told(*acts: tuple[Member, Action], undoes: int | None = None) -> tuple[Verdict, ...]:
    """A history, the oldest first; the last verdict undoes the one named."""
    when = datetime(2026, 3, 2, tzinfo=UTC)
    history = [
        Verdict(1, action, member.id, member.name, when, Via.REACTION, id=number)
        for number, (member, action) in enumerate(acts, 1)
    ]
    history[-1] = replace(history[-1], undoes=undoes)
    return tuple(history)


def votes(history: tuple[Verdict, ...]) -> tuple[list[str], list[str]]:
    """Who approves and who rejects."""
    counted = review.tally(history)
    names = [[vote.member_name for vote in kind] for kind in counted]
    return names[0], names[1]


def test_of_each_member_the_latest_vote_counts() -> None:
    """Whoever changes their mind moves over; a snooze, a reason, an edit are no votes."""
    assert votes(told((ANA, Action.APPROVE), (ANA, Action.APPROVE))) == (["Ana"], [])
    assert votes(told((ANA, Action.APPROVE), (BEN, Action.REJECT))) == (["Ana"], ["Ben"])
    changed = told((ANA, Action.APPROVE), (BEN, Action.APPROVE), (ANA, Action.REJECT))
    assert votes(changed) == (["Ben"], ["Ana"])
    assert votes(told((ANA, Action.SNOOZE), (BEN, Action.EDIT), (BEN, Action.REASON))) == ([], [])
    assert votes(told((ANA, Action.APPROVE), (BEN, Action.APPROVE), (ANA, Action.RETRACT))) == (
        ["Ben"],
        [],
    )


@pytest.mark.parametrize("undone", [Action.APPROVE, Action.REJECT])
def test_an_undo_of_a_decision_and_a_reconsideration_begin_anew(undone: Action) -> None:
    """Votes from before are void."""
    assert votes(told((ANA, undone), (BEN, Action.UNDO), undoes=1)) == ([], [])
    assert votes(told((ANA, undone), (BEN, Action.RECONSIDER))) == ([], [])


@pytest.mark.parametrize("undone", [Action.MOVE, Action.EDIT, Action.SNOOZE])
def test_the_undo_of_anything_else_leaves_the_votes(undone: Action) -> None:
    """A move that is taken back takes no approval along."""
    history = told((ANA, Action.APPROVE), (BEN, undone), (BEN, Action.UNDO), undoes=2)
    assert votes(history) == (["Ana"], [])


@pytest.mark.parametrize(
    ("given", "needed", "state"),
    [
        ([Action.APPROVE], 1, CandidateState.APPROVED),
        ([Action.APPROVE], 2, None),
        ([Action.APPROVE, Action.APPROVE], 2, CandidateState.APPROVED),
        ([Action.REJECT], 2, CandidateState.REJECTED),
        ([Action.APPROVE, Action.REJECT], 1, None),
        ([], 1, None),
    ],
)
def test_what_votes_come_to(given: list[Action], needed: int, state: CandidateState | None) -> None:
    """So many approvals, or one rejection; where they contradict each other nothing."""
    members = (ANA, BEN)
    history = told(*zip(members, given, strict=False)) if given else ()
    assert review.decided_by(review.tally(history), needed) is state


def test_an_undo_takes_back_what_came_last() -> None:
    """Edits and moves before the decision, each once; after the decision's undo nothing is left."""
    acts = ((ANA, Action.APPROVE), (ANA, Action.MOVE), (BEN, Action.EDIT))
    approved = CandidateState.APPROVED
    last = review.last_change(told(*acts), approved)
    assert last is not None
    assert last.action is Action.EDIT
    last = review.last_change(told(*acts, (BEN, Action.UNDO), undoes=3), approved)
    assert last is not None
    assert last.action is Action.MOVE
    first = told((ANA, Action.APPROVE), (BEN, Action.UNDO), undoes=1)
    assert review.last_change(first, CandidateState.POSTED) is None
    woken = told((ANA, Action.SNOOZE))
    assert review.last_change(woken, CandidateState.POSTED) is None
    assert review.last_change(woken, CandidateState.SNOOZED) == woken[0]
    assert review.last_change((), approved) is None


def test_reactions_read_from_a_message_have_no_order() -> None:
    """A decision wins over a 💤; what one member says both ways says nothing."""
    yes, no, later = Sign(Action.APPROVE), Sign(Action.REJECT), Sign(Action.SNOOZE)
    second, third = Sign(Action.APPROVE, 2), Sign(Action.APPROVE, 3)
    assert review.from_reactions([(ANA, yes), (BEN, later)]) == ((ANA, yes),)
    assert review.from_reactions([(ANA, yes), (BEN, no)]) == ((ANA, yes), (BEN, no))
    assert review.from_reactions([(ANA, later), (BEN, later)]) == ((ANA, later), (BEN, later))
    assert review.from_reactions([(ANA, yes), (ANA, no), (BEN, yes)]) == ((BEN, yes),)
    assert review.from_reactions([(ANA, yes), (ANA, second)]) == ((ANA, second),)
    assert review.from_reactions([(ANA, second), (ANA, third)]) == ()
    assert review.from_reactions([(ANA, yes), (ANA, no)]) == ()


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


def test_a_long_list_is_told_its_first_sections_and_which_of_them_begin_so() -> None:
    """Nobody reads a hundred names; what begins several sections is told which."""
    sections = [f"Topic {number}" for number in range(1, 41)] + ["Data Sets", "Data Selection"]
    with pytest.raises(NotFound, match=r"1 Topic 1, .*12 Topic 12 and 30 more sections\.$"):
        review.choose_section("poems", sections)
    with pytest.raises(NotFound, match=r"“data” begins several .*: 41 Data Sets, 42 Data Sele"):
        review.choose_section("data", sections)
