"""Weak finds: which they are, and that they go all at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert

from storage import schema
from storage.candidates import Candidates
from storage.models import Action, CandidateState, Origin, Verdict, Via
from storage.sweeps import Sweeps, Weak
from tests.storage.conftest import NOW
from tests.storage.test_history import act, decide, queue

if TYPE_CHECKING:
    from storage.database import Database


async def test_a_sweep_sees_weak_finds_of_the_harvest_only(database: Database) -> None:
    """Nothing a member suggested, nothing anybody approved, nothing decided or newer."""
    weak, strong = await queue(database, 1, 0.5), await queue(database, 2, 0.55)
    weaker = await queue(database, 3, 0.1)
    await queue(database, 4, 0.1, Origin.SUBMISSION)
    asked = await queue(database, 5, 0.1)
    await database.write(
        lambda c: c.execute(
            insert(schema.submissions).values(
                candidate=asked, member_id=3, member_name="eve", channel_id=None, at=NOW
            )
        )
    )
    await act(database, await queue(database, 6, 0.1), Action.APPROVE)
    await decide(database, await queue(database, 7, 0.1), Action.REJECT)
    newest = await queue(database, 8, 0.2)
    found = await database.read(lambda c: Sweeps(c).below(0.55))
    assert found == (
        Weak(weak, "Paper 1", 0.5),
        Weak(newest, "Paper 8", 0.2),
        Weak(weaker, "Paper 3", 0.1),
    )
    before = await database.read(lambda c: Sweeps(c).below(0.55, up_to=newest - 1))
    assert [one.candidate for one in before] == [weak, weaker]
    assert strong not in {one.candidate for one in found}


async def test_a_sweep_rejects_all_with_a_verdict_each(database: Database) -> None:
    """More than fit one statement; their cards have to follow, others stay."""
    numbers = [await queue(database, number, 0.1) for number in range(1, 4)]
    verdict = Verdict(0, Action.REJECT, 1, "Ana", NOW, Via.BUTTON, reason="below 0.5 in a sweep")
    await database.write(lambda c: Sweeps(c).reject(numbers[:2], verdict))
    for number in numbers[:2]:
        found = await database.read(lambda c, number=number: Candidates(c).get(number))  # type: ignore[misc]
        assert found is not None
        assert (found.state, found.revision) == (CandidateState.REJECTED, 1)
        (given,) = await database.read(
            lambda c, number=number: Candidates(c).verdicts(number)  # type: ignore[misc]
        )
        assert (given.candidate, given.reason) == (number, "below 0.5 in a sweep")
    assert [one.candidate for one in await database.read(lambda c: Sweeps(c).below(0.5))] == [
        numbers[2]
    ]
