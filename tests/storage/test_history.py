"""What was decided, as the log and the figures need it."""

from __future__ import annotations

import time
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert

from storage import schema
from storage.candidates import Candidates
from storage.history import History
from storage.models import Action, CandidateState, Origin, PaperId, Verdict, Via
from storage.papers import Papers
from tests.factories import paper
from tests.storage.conftest import NOW

if TYPE_CHECKING:
    from datetime import datetime

    from storage.database import Database

OPEN = frozenset({CandidateState.QUEUED, CandidateState.POSTED})


async def queue(
    database: Database, number: int, score: float = 0.9, origin: Origin = Origin.HARVEST
) -> int:
    """A paper before the maintainers; its candidate's id."""
    made = paper(id=PaperId(f"arXiv:2409.{number:05}"), title=f"Paper {number}", aliases=())

    async def work(connection: object) -> int:
        await Papers(connection).store([made], NOW, announced=date(2024, 9, 13))  # type: ignore[arg-type]
        queued = await Candidates(connection).queue(  # type: ignore[arg-type]
            made.id,
            score=score,
            reasons=(),
            section="",
            origin=origin,
            submitter=None,
            now=NOW,
        )
        assert queued is not None
        return queued.id

    return await database.write(work)


async def act(
    database: Database, candidate: int, action: Action, at: datetime = NOW, **more: object
) -> int:
    """Somebody does something."""
    verdict = Verdict(candidate, action, 1, "Ana", at, Via.COMMAND, **more)  # type: ignore[arg-type]
    return await database.write(lambda c: Candidates(c).record(verdict))


async def decide(
    database: Database, candidate: int, action: Action, at: datetime = NOW, reason: str = ""
) -> None:
    """A decision that stands."""
    states = {Action.APPROVE: CandidateState.APPROVED, Action.REJECT: CandidateState.REJECTED}
    await act(database, candidate, action, at, reason=reason)
    await database.write(lambda c: Candidates(c).change(candidate, OPEN, states[action], now=at))


async def test_the_last_acts_come_first_with_the_paper_they_are_about(database: Database) -> None:
    """On all candidates or on one; page by page."""
    one, two = await queue(database, 1), await queue(database, 2)
    for candidate, action in (
        (one, Action.APPROVE), (two, Action.REJECT), (one, Action.UNDO)
    ):  # fmt: skip
        await act(database, candidate, action)
    acts = await database.read(lambda c: History(c).acts(2))
    assert [(found.verdict.action, found.title) for found in acts] == [
        (Action.UNDO, "Paper 1"),
        (Action.REJECT, "Paper 2"),
    ]
    rest = await database.read(lambda c: History(c).acts(9, before=acts[-1].verdict.id))
    assert [found.verdict.action for found in rest] == [Action.APPROVE]
    of_one = await database.read(lambda c: History(c).acts(9, candidate=two))
    assert [found.paper for found in of_one] == ["arXiv:2409.00002"]


async def test_only_decisions_that_stand_are_counted(database: Database) -> None:
    """The last one of each candidate, by when it was made; votes and undone ones are none."""
    listed, refused, undone, old = [await queue(database, number) for number in range(1, 5)]
    await decide(database, old, Action.APPROVE, NOW - timedelta(days=40))
    await act(database, listed, Action.REJECT, NOW)
    await decide(database, listed, Action.APPROVE, NOW + timedelta(hours=1))
    await decide(database, refused, Action.REJECT, NOW, "too thin")
    await act(database, undone, Action.APPROVE)
    found = await database.read(lambda c: History(c).decided_since(NOW - timedelta(days=28)))
    assert [(one.state, one.at, one.reason, one.announced) for one in found] == [
        (CandidateState.REJECTED, NOW, "too thin", date(2024, 9, 13)),
        (CandidateState.APPROVED, NOW + timedelta(hours=1), "", date(2024, 9, 13)),
    ]


async def test_what_waits_is_counted_with_the_oldest(database: Database) -> None:
    """Decided ones wait no more."""
    assert await database.read(lambda c: History(c).waiting()) == (0, None)
    await queue(database, 1)
    await decide(database, await queue(database, 2), Action.REJECT)
    assert await database.read(lambda c: History(c).waiting()) == (1, NOW)


async def test_votes_and_states_of_many_candidates(database: Database) -> None:
    """Whoever has none is not among the keys."""
    one, two, three = [await queue(database, number) for number in range(1, 4)]
    await act(database, one, Action.APPROVE)
    await decide(database, two, Action.REJECT)
    found = await database.read(lambda c: History(c).of_candidates([one, two, three]))
    assert {number: [one.action for one in acts] for number, acts in found.items()} == {
        one: [Action.APPROVE],
        two: [Action.REJECT],
    }
    assert list(await database.read(lambda c: History(c).of_waiting())) == [one]
    assert await database.read(lambda c: History(c).states([one, two, 99])) == {
        one: CandidateState.QUEUED,
        two: CandidateState.REJECTED,
    }


async def test_a_clock_that_was_set_back_mixes_up_no_history(database: Database) -> None:
    """What came first is the verdict with the lower id, here as on the candidate's own."""
    one = await queue(database, 1)
    await act(database, one, Action.APPROVE)
    await act(database, one, Action.RETRACT, NOW - timedelta(hours=1))
    history = await database.read(lambda c: History(c).of_candidates([one]))
    assert [verdict.action for verdict in history[one]] == [Action.APPROVE, Action.RETRACT]
    assert history[one] == await database.read(lambda c: Candidates(c).verdicts(one))


@pytest.mark.long
async def test_twenty_thousand_verdicts_are_looked_through_quickly(database: Database) -> None:
    """The figures of twelve weeks and a page of the log, in a second both, a busy machine aside."""
    numbers = [await queue(database, number) for number in range(1, 11)]
    rows = [
        {
            "candidate": numbers[index % 10],
            "action": Action.REJECT,
            "member_id": 1,
            "member_name": "Ana",
            "at": NOW,
            "via": Via.COMMAND,
            "section": "",
            "reason": "",
        }
        for index in range(20_000)
    ]

    async def fill(connection: object) -> None:
        for start in range(0, len(rows), 1000):
            await connection.execute(insert(schema.verdicts), rows[start : start + 1000])  # type: ignore[attr-defined]

    await database.write(fill)
    begun = time.perf_counter()
    await database.read(lambda c: History(c).decided_since(NOW - timedelta(days=84)))
    assert len(await database.read(lambda c: History(c).acts(500, before=10_000))) == 500
    assert time.perf_counter() - begun < 3


async def test_finds_that_were_judged_one_by_one_teach_how_good_scores_are(
    database: Database,
) -> None:
    """The decisions that stand, the last first; no sweeps, nothing that was brought or undone."""
    assert await database.read(lambda c: History(c).last_verdict()) == 0
    assert await database.read(lambda c: History(c).judged_finds("%", 9)) == ()
    yes, no, swept, undone = [await queue(database, number, number / 10) for number in range(1, 5)]
    brought = await queue(database, 5, 0.5, Origin.SUBMISSION)
    await act(database, yes, Action.REJECT)
    await decide(database, no, Action.REJECT, reason="too thin")
    await decide(database, swept, Action.REJECT, reason="below 0.5 in a sweep")
    await decide(database, yes, Action.APPROVE)
    await decide(database, brought, Action.APPROVE)
    await act(database, undone, Action.APPROVE)
    found = await database.read(lambda c: History(c).judged_finds("below % in a sweep", 9))
    assert found == ((0.1, True), (0.2, False))
    last = await database.read(lambda c: History(c).judged_finds("below % in a sweep", 1))
    assert last == found[:1]
    acts = await database.read(lambda c: History(c).acts(1))
    assert await database.read(lambda c: History(c).last_verdict()) == acts[0].verdict.id
