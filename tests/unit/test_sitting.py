"""/review next: ten minutes through the queue in one message."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.domain.errors import NotAllowed, NotFound
from bot.services.review import Order
from storage.candidates import Candidates
from storage.models import Action, CandidateState, PaperId, Via
from tests.factories import paper
from tests.unit.desk import BEN, EVE
from tests.unit.maintaining import Desks, button_of, open_desks, shown

if TYPE_CHECKING:
    from bot.commands.reply import Reply
    from storage.database import Database
    from storage.models import Candidate, Verdict
    from tests.fakes import FakeClock


@pytest.fixture
async def desks(sqlite: Database, clock: FakeClock) -> Desks:
    """Everything behind /review."""
    return await open_desks(sqlite, clock)


async def verdicts(desks: Desks, candidate: Candidate) -> list[Action]:
    """What was done about a candidate."""
    found: tuple[Verdict, ...] = await desks.office.database.read(
        lambda c: Candidates(c).verdicts(candidate.id)
    )
    return [verdict.action for verdict in found]


async def states(desks: Desks, candidates: list[Candidate]) -> list[str]:
    """Where they stand."""
    return [str((await desks.office.now_of(one)).state) for one in candidates]


async def walk(desks: Desks, *labels: str) -> Reply:
    """Begin, and press these buttons one after the other."""
    reply = await desks.type("/review next")
    for label in labels:
        reply = await desks.push(reply, label)
        assert reply.in_place
    return reply


async def test_a_sitting_goes_through_the_queue_in_one_message(desks: Desks) -> None:
    """Yes, No and Later each decide and show the next; at the end stands what was done."""
    candidates = await desks.papers(3)
    reply = await desks.type("/review next")
    assert not reply.in_place
    assert reply.title == "Paper 1 on Data"
    assert reply.footer == "1 of 3"
    assert [button.label for button in reply.buttons] == ["Yes", "No", "Later", "Back"]
    reply = await desks.push(reply, "Yes")
    assert (reply.title, reply.footer, reply.in_place) == ("Paper 2 on Data", "2 of 3", True)
    reply = await desks.push(reply, "No")
    reply = await desks.push(reply, "Later")
    assert shown(reply) == ["2 decided, 1 added, 1 put off, nothing waits"]
    assert [button.label for button in reply.buttons] == ["Back"]
    assert await states(desks, candidates) == ["approved", "rejected", "snoozed"]


async def test_nothing_waits(desks: Desks) -> None:
    """Then no sitting begins."""
    assert shown(await desks.type("/review next")) == ["Nothing waits."]


async def test_what_is_decided_meanwhile_is_told_and_passed_over(desks: Desks) -> None:
    """Whether it is the paper shown or one behind it."""
    candidates = await desks.papers(4)
    reply = await desks.type("/review next")
    no = Order(Action.REJECT, BEN, Via.REACTION, reason="too thin")
    for candidate in candidates[:2]:
        await desks.office.review.decide(candidate.id, no)
    reply = await desks.push(reply, "Yes")
    assert reply.footer == "3 of 4"
    assert [line for line in shown(reply) if "meanwhile" in line] == [
        "#1 was decided meanwhile by Ben: rejected, too thin.",
        "#2 was decided meanwhile by Ben: rejected, too thin.",
    ]
    assert await verdicts(desks, candidates[0]) == [Action.REJECT]


async def test_back_shows_what_one_decided_and_another_choice_changes_it(desks: Desks) -> None:
    """The history keeps both, and the walk goes on where it was."""
    candidates = await desks.papers(3)
    before = await desks.office.text()
    reply = await walk(desks, "Yes", "No", "Back", "Back")
    assert reply.footer == "1 of 3"
    assert shown(reply)[0] == (
        "You decided: on the list, under Research Papers. Another choice changes it."
    )
    reply = await desks.push(reply, "No")
    assert reply.footer == "3 of 3"
    assert await states(desks, candidates) == ["rejected", "rejected", "queued"]
    assert await verdicts(desks, candidates[0]) == [Action.APPROVE, Action.UNDO, Action.REJECT]
    assert await desks.office.text() == before


async def test_the_same_choice_again_changes_nothing(desks: Desks) -> None:
    """A button pressed twice, or Back and the same: one verdict, and on it goes."""
    (first, _) = await desks.papers(2)
    reply = await desks.type("/review next")
    once, again = await desks.push(reply, "Yes"), await desks.push(reply, "Yes")
    assert once == again
    reply = await desks.push(once, "Back")
    reply = await desks.push(reply, "Yes")
    assert reply.footer == "2 of 2"
    assert await verdicts(desks, first) == [Action.APPROVE]


@pytest.mark.parametrize("label", ["Yes", "No"])
async def test_what_others_changed_since_stays(desks: Desks, label: str) -> None:
    """Another choice about a decision that is not one's own alone is refused, and says so."""
    (first, _) = await desks.papers(2)
    reply = await walk(desks, "Yes", "Back")
    move = Order(Action.MOVE, BEN, Via.COMMAND, section="survey")
    await desks.office.review.decide(first.id, move)
    reply = await desks.push(reply, label)
    assert reply.footer == "2 of 2"
    assert await verdicts(desks, first) == [Action.APPROVE, Action.MOVE]
    assert (await desks.office.now_of(first)).state is CandidateState.APPROVED


async def test_back_at_the_beginning_stays_there(desks: Desks) -> None:
    """There is nothing before."""
    await desks.papers(2)
    assert (await walk(desks, "Back")).footer == "1 of 2"


async def test_what_came_meanwhile_waits_for_a_new_sitting(desks: Desks) -> None:
    """The queue is the one it began with; a button begins anew."""
    await desks.papers(1)
    reply = await desks.type("/review next")
    late = await desks.office.candidate(paper(id=PaperId("arXiv:2409.22222")))
    reply = await desks.push(reply, "Yes")
    assert shown(reply) == ["1 decided, 1 added, 1 waits still"]
    reply = await desks.push(reply, "Begin anew")
    assert (reply.footer, reply.in_place) == ("1 of 1", True)
    reply = await desks.push(reply, "No")
    assert shown(reply) == ["1 decided, 0 added, nothing waits"]
    assert (await desks.office.now_of(late)).state is CandidateState.REJECTED


async def test_a_sitting_is_its_members_alone(desks: Desks) -> None:
    """Whoever else presses its buttons is told so, maintainer or not."""
    candidates = await desks.papers(1)
    reply = await desks.type("/review next")
    with pytest.raises(NotAllowed, match="somebody else's sitting"):
        await desks.push(reply, "Yes", BEN)
    with pytest.raises(NotAllowed, match="Only maintainers"):
        await desks.push(reply, "Back", EVE)
    with pytest.raises(NotAllowed, match="for maintainers"):
        await desks.type("/review next", EVE)
    assert await states(desks, candidates) == ["queued"]


async def test_a_sitting_survives_a_restart_and_ends_after_a_week(
    desks: Desks, sqlite: Database, clock: FakeClock
) -> None:
    """All it is stands in the database and on its buttons, until a new one drops old ones."""
    await desks.papers(3)
    reply = await walk(desks, "Yes")
    reborn = await open_desks(sqlite, clock)
    assert (await reborn.push(reply, "No")).footer == "3 of 3"
    clock.advance(timedelta(days=7, seconds=1).total_seconds())
    await desks.type("/review next")
    with pytest.raises(NotFound, match="/review next begins a new one"):
        await reborn.push(reply, "No")


@pytest.mark.parametrize("argument", ["", "1", "x.y", "1.-1", "9" * 30 + ".1", "1.²"])
async def test_a_button_nobody_made_is_refused(desks: Desks, argument: str) -> None:
    """With a sentence."""
    with pytest.raises(NotFound):
        await desks.press("sit-yes", argument)


async def test_votes_that_do_not_decide_are_told_and_not_shown_again(
    sqlite: Database, clock: FakeClock
) -> None:
    """Where two have to agree, each goes through the queue once; the second one decides."""
    desks = await open_desks(sqlite, clock, approvals_needed=2)
    candidates = await desks.papers(2)
    reply = await walk(desks, "Yes")
    assert "#1 stays open: ✅ Ana · 1 more approval needed." in shown(reply)
    reply = await desks.push(reply, "No")
    assert shown(reply) == ["2 decided, 0 added, 1 needs others' votes, nothing waits"]
    assert shown(await desks.type("/review next")) == ["Nothing waits."]
    reply = await desks.type("/review next", BEN)
    assert (reply.title, reply.footer) == ("Paper 1 on Data", "1 of 1")
    reply = await desks.push(reply, "Yes", BEN)
    assert shown(reply) == ["1 decided, 1 added, nothing waits"]
    assert await states(desks, candidates) == ["approved", "rejected"]


async def test_a_contradiction_comes_back_to_both(sqlite: Database, clock: FakeClock) -> None:
    """Whoever disagrees is told at once, and the other sees it in the next sitting."""
    desks = await open_desks(sqlite, clock, approvals_needed=2)
    (candidate,) = await desks.papers(1)
    await walk(desks, "Yes")
    reply = await desks.push(await desks.type("/review next", BEN), "No", BEN)
    assert "✅ Ana · ❌ Ben: you disagree" in shown(reply)[0]
    clock.advance(60)
    reply = await desks.type("/review next")
    assert "You voted yes; you may change it." in shown(reply)
    reply = await desks.push(reply, "No")
    assert (await desks.office.now_of(candidate)).state is CandidateState.REJECTED


async def test_at_the_console_the_first_paper_and_the_words_that_decide_it(desks: Desks) -> None:
    """There are no buttons to press."""
    await desks.papers(2)
    lines = await desks.read("/review next")
    assert lines[0].startswith("Paper 1 on Data <")
    assert "/review approve 1" in lines[-1]
    await desks.read("/review approve 1")
    assert (await desks.read("/review next"))[0].startswith("Paper 2 on Data <")


async def test_a_sitting_of_many_ends_quickly(desks: Desks) -> None:
    """Of a hundred that others decided meanwhile three are named, the rest is counted."""
    candidates = await desks.papers(30)
    reply = await desks.type("/review next")
    for candidate in candidates:
        await desks.office.review.decide(candidate.id, Order(Action.REJECT, BEN, Via.COMMAND))
    reply = await desks.push(reply, "Later")
    assert shown(reply)[3:] == [
        "… and 27 more that others decided meanwhile.",
        "0 decided, 0 added, nothing waits",
    ]
    assert button_of(reply, "Back")
