"""Cards say how likely a find is to be approved, once enough were judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.commands.cards import card_reply
from bot.services import calibrating
from bot.services.sweep import reason_of
from storage.candidates import Candidates
from storage.models import WAITING, Action, CandidateState, Origin, Verdict, Via
from storage.papers import Papers
from tests.unit.desk import ANA
from tests.unit.looks import numbered
from tests.unit.maintaining import Desks, open_desks, shown

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from storage.database import Database
    from storage.models import Candidate
    from tests.fakes import FakeClock

STATES = {Action.APPROVE: CandidateState.APPROVED, Action.REJECT: CandidateState.REJECTED}


@pytest.fixture
async def desks(sqlite: Database, clock: FakeClock) -> Desks:
    """Everything behind /review."""
    return await open_desks(sqlite, clock)


async def judge(
    desks: Desks,
    first: int,
    count: int,
    action: Action,
    score: float,
    reason: str = "",
    origin: Origin = Origin.HARVEST,
) -> None:
    """So many finds with this score were decided so."""
    now = desks.office.clock.now()

    async def work(connection: AsyncConnection) -> None:
        candidates = Candidates(connection)
        for number in range(first, first + count):
            made = numbered(number)
            await Papers(connection).store([made], now)
            queued = await candidates.queue(
                made.id, score=score, reasons=(), section="", origin=origin, submitter=None, now=now
            )
            assert queued is not None
            verdict = Verdict(queued.id, action, 1, "Ana", now, Via.COMMAND, reason=reason)
            await candidates.record(verdict)
            await candidates.change(queued.id, WAITING, STATES[action], now=now)

    await desks.office.database.write(work)


async def about(desks: Desks, candidate: Candidate) -> str:
    """The line of a card with its number."""
    reply = card_reply(await desks.office.desk.card(await desks.office.now_of(candidate)))
    (line,) = [one for one in shown(reply) if one.startswith(f"#{candidate.id} ")]
    return line


async def test_a_card_tells_the_chance_behind_the_word(desks: Desks) -> None:
    """From thirty verdicts on, five of each kind; also in the queue and where one is shown."""
    candidate = await desks.office.candidate(numbered(900), score=0.6)
    await judge(desks, 1, 8, Action.APPROVE, 0.6)
    await judge(desks, 101, 21, Action.REJECT, 0.6)
    assert await about(desks, candidate) == f"#{candidate.id} · likely · found by harvest"
    await judge(desks, 201, 1, Action.REJECT, 0.6)
    said = f"#{candidate.id} · likely, about 3 in 10 · found by harvest"
    assert await about(desks, candidate) == said
    assert said in shown(await desks.type(f"/review show {candidate.id}"))
    assert "Research Papers · likely (0.60), about 3 in 10 · 0 min" in shown(
        await desks.type("/review queue")
    )


async def test_higher_scores_have_better_chances(desks: Desks) -> None:
    """As the verdicts tell, and never worse ones."""
    await judge(desks, 1, 10, Action.APPROVE, 0.95)
    await judge(desks, 101, 20, Action.REJECT, 0.55)
    weak = await desks.office.candidate(numbered(900), score=0.4)
    strong = await desks.office.candidate(numbered(901), score=0.98)
    assert "about 1 in 20" in await about(desks, weak)
    assert "about 9 in 10" in await about(desks, strong)


async def test_only_finds_that_were_judged_one_by_one_teach(desks: Desks) -> None:
    """No sweeps, nothing that came by hand; however many of them there are."""
    await judge(desks, 1, 15, Action.APPROVE, 0.6)
    await judge(desks, 101, 15, Action.REJECT, 0.6)
    await judge(desks, 201, 40, Action.REJECT, 0.6, reason=reason_of(0.7))
    await judge(desks, 301, 40, Action.APPROVE, 0.6, origin=Origin.SUBMISSION)
    candidate = await desks.office.candidate(numbered(900), score=0.6)
    assert "about 5 in 10" in await about(desks, candidate)


async def test_a_paper_that_was_brought_has_no_chance_told(desks: Desks) -> None:
    """The verdicts are on finds: of what people bring they say nothing."""
    await judge(desks, 1, 15, Action.APPROVE, 0.6)
    await judge(desks, 101, 15, Action.REJECT, 0.6)
    candidate = await desks.office.candidate(numbered(900), Origin.SUBMISSION, 0.6)
    assert await about(desks, candidate) == f"#{candidate.id} · likely · suggested by a member"


async def test_the_last_verdicts_count(desks: Desks, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many as are read; those before them are forgotten."""
    monkeypatch.setattr(calibrating, "MOST", 50)
    await judge(desks, 1, 10, Action.APPROVE, 0.6)
    await judge(desks, 1001, 45, Action.REJECT, 0.6)
    await judge(desks, 101, 5, Action.APPROVE, 0.6)
    candidate = await desks.office.candidate(numbered(900), score=0.6)
    assert "about 1 in 10" in await about(desks, candidate)


async def test_a_card_that_stands_is_not_edited_when_chances_change(desks: Desks) -> None:
    """It follows its candidate alone; what comes later tells what is known then."""
    office = desks.office
    await judge(desks, 1, 15, Action.APPROVE, 0.6)
    await judge(desks, 101, 15, Action.REJECT, 0.6)
    candidate = await office.candidate(numbered(900), score=0.6)
    await office.cards.follow()
    (posted,) = office.board.messages.values()
    before = posted.post
    await judge(desks, 201, 60, Action.REJECT, 0.6)
    asked = office.board.asked
    await office.cards.follow()
    assert (posted.post, office.board.asked) == (before, asked)
    assert "about 2 in 10" in await about(desks, candidate)


async def test_a_decision_is_heard_of_at_once(desks: Desks) -> None:
    """Also one that is undone: what stands counts."""
    await judge(desks, 1, 15, Action.APPROVE, 0.6)
    await judge(desks, 101, 14, Action.REJECT, 0.6)
    candidate = await desks.office.candidate(numbered(900), score=0.6)
    last = await desks.office.candidate(numbered(901), score=0.6)
    assert " about " not in await about(desks, candidate)
    await desks.type(f"/review reject {last.id}", ANA)
    assert "about 5 in 10" in await about(desks, candidate)
    await desks.type(f"/review undo {last.id}", ANA)
    assert " about " not in await about(desks, candidate)
