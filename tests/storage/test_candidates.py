"""Candidates: one a paper, decided once, however many decide at once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from storage.candidates import Candidates
from storage.errors import StorageError
from storage.messages import Messages
from storage.models import (
    Action,
    Before,
    Candidate,
    CandidateState,
    Link,
    Member,
    Origin,
    PaperId,
    Verdict,
    Via,
)
from storage.papers import Papers
from storage.submissions import Submissions
from tests.factories import paper
from tests.storage.conftest import NOW

if TYPE_CHECKING:
    from storage.database import Database

QUEUED, POSTED = CandidateState.QUEUED, CandidateState.POSTED
APPROVED, REJECTED = CandidateState.APPROVED, CandidateState.REJECTED
SNOOZED = CandidateState.SNOOZED
HOUR = timedelta(hours=1)


async def queue(database: Database, paper_id: str = "arXiv:1", **changes: Any) -> Candidate | None:
    """Store a paper and queue it."""
    details: dict[str, Any] = {
        "score": 0.5,
        "reasons": ("synthetic data", "curation"),
        "section": "Research Papers",
        "origin": Origin.HARVEST,
        "submitter": None,
        "now": NOW,
    }
    id_ = PaperId(paper_id)
    await database.write(lambda c: Papers(c).store([paper(id=id_)], NOW))
    return await database.write(lambda c: Candidates(c).queue(id_, **(details | changes)))


async def queued(database: Database, paper_id: str = "arXiv:1", **changes: Any) -> Candidate:
    """Queue a paper that was no candidate yet."""
    candidate = await queue(database, paper_id, **changes)
    assert candidate is not None
    return candidate


async def change(
    database: Database,
    candidate: Candidate,
    expected: CandidateState,
    to: CandidateState,
    now: datetime = NOW,
    until: datetime | None = None,
) -> bool:
    """Compare and set a candidate's state."""
    return await database.write(
        lambda c: Candidates(c).change(
            candidate.id, frozenset({expected}), to, now=now, snoozed_until=until
        )
    )


async def get(database: Database, candidate: Candidate) -> Candidate | None:
    """The candidate as it is now."""
    return await database.read(lambda c: Candidates(c).get(candidate.id))


async def test_who_waits_without_a_card_may_be_judged_anew(database: Database) -> None:
    """A card that is begun, or stands, keeps what it says."""
    waits, begun, stands = [await queued(database, f"arXiv:{n}") for n in (1, 2, 3)]
    await database.write(lambda c: Messages(c).prepare("c", begun.id, 0, 100, NOW))
    await database.write(
        lambda c: Candidates(c).change(stands.id, frozenset({QUEUED}), POSTED, now=NOW)
    )
    for one, expected in ((waits, True), (begun, False), (stands, False)):
        judged = await database.write(
            lambda c, one=one: Candidates(c).judge_anew(one.id, 0.75, ("self-instruct",))
        )
        assert judged is expected
        after = await database.read(lambda c, one=one: Candidates(c).get(one.id))
        judged_as = {"score": 0.75, "reasons": ("self-instruct",)} if expected else {}
        assert after is not None
        assert (after.score, after.reasons, after.revision) == (
            judged_as.get("score", one.score),
            judged_as.get("reasons", one.reasons),
            one.revision + (one is stands),
        )


async def test_queue(database: Database) -> None:
    """A queued candidate comes back as it went in, by its id and by its paper's."""
    snowflake = 1_234_567_890_123_456_789
    candidate = await queued(database, origin=Origin.SUBMISSION, submitter=snowflake)
    assert candidate == Candidate(
        id=candidate.id,
        paper=PaperId("arXiv:1"),
        state=QUEUED,
        score=0.5,
        reasons=("synthetic data", "curation"),
        section="Research Papers",
        origin=Origin.SUBMISSION,
        queued_at=NOW,
        submitter=snowflake,
    )
    assert await get(database, candidate) == candidate
    of_paper = await database.read(lambda c: Candidates(c).of_paper(PaperId("arXiv:1")))
    assert of_paper == candidate
    assert await database.read(lambda c: Candidates(c).of_paper(PaperId("arXiv:9"))) is None
    assert await database.read(lambda c: Candidates(c).get(404)) is None


async def test_a_paper_is_a_candidate_once(database: Database) -> None:
    """Queued again, also under an alias and after it was decided, a paper makes no second one."""
    alias = PaperId("doi:10.1/1")
    known = paper(id=PaperId("arXiv:1"), aliases=(alias,))
    await database.write(lambda c: Papers(c).store([known], NOW))
    first = await queued(database)
    await change(database, first, QUEUED, REJECTED)
    assert await queue(database) is None
    assert await queue(database, alias) is None
    found = await database.read(lambda c: Candidates(c).of_paper(alias))
    assert found is not None
    assert (found.id, found.state) == (first.id, REJECTED)


async def test_an_unknown_paper_cannot_be_queued(database: Database) -> None:
    """A candidate without its paper is refused in plain words."""
    with pytest.raises(StorageError, match=r"arXiv:404 .* store the paper first"):
        await database.write(
            lambda c: Candidates(c).queue(
                PaperId("arXiv:404"),
                score=0,
                reasons=(),
                section="",
                origin=Origin.HARVEST,
                submitter=None,
                now=NOW,
            )
        )


async def test_the_order_of_the_queue(database: Database) -> None:
    """What is asked for comes first, then the best score, then the oldest."""
    await queued(database, "arXiv:1", score=0.5, now=NOW + HOUR)
    await queued(database, "arXiv:2", score=0.5, now=NOW)
    await queued(database, "arXiv:3", score=0.9)
    await queued(database, "arXiv:4", score=0.1, origin=Origin.SUBMISSION)
    asked = await queued(database, "arXiv:6", score=0.2)
    eve = Member(7, "Eve")
    await database.write(lambda c: Submissions(c).add(asked.id, eve, None, NOW))
    decided = await queued(database, "arXiv:5", score=1.0)
    await change(database, decided, QUEUED, REJECTED)
    waiting = await database.read(lambda c: Candidates(c).in_state(QUEUED))
    assert [one.paper for one in waiting] == [f"arXiv:{number}" for number in (6, 4, 3, 2, 1)]
    two = await database.read(lambda c: Candidates(c).in_state(QUEUED, REJECTED, limit=2))
    assert [one.paper for one in two] == ["arXiv:6", "arXiv:4"]
    assert await database.read(lambda c: Candidates(c).count(QUEUED, REJECTED)) == 6
    assert await database.read(lambda c: Candidates(c).count(APPROVED)) == 0


async def test_change_compares_and_sets(database: Database) -> None:
    """A change from another state than it is in, or of no candidate at all, does nothing."""
    candidate = await queued(database)
    assert not await change(database, candidate, POSTED, APPROVED)
    assert await get(database, candidate) == candidate
    assert await change(database, candidate, QUEUED, POSTED, now=NOW + HOUR)
    posted = replace(candidate, state=POSTED, posted_at=NOW + HOUR, revision=1)
    assert await get(database, candidate) == posted
    assert not await change(database, replace(candidate, id=404), QUEUED, POSTED)


async def test_posted_at_is_the_first_time(database: Database) -> None:
    """Back from a decision, a candidate keeps the instant of its first card."""
    candidate = await queued(database)
    await change(database, candidate, QUEUED, POSTED)
    await change(database, candidate, POSTED, APPROVED, now=NOW + HOUR)
    await change(database, candidate, APPROVED, POSTED, now=NOW + 2 * HOUR)
    again = replace(candidate, state=POSTED, posted_at=NOW, revision=3)
    assert await get(database, candidate) == again


async def test_two_decisions_at_once(database: Database) -> None:
    """Of many simultaneous decisions exactly one wins."""
    candidate = await queued(database)
    await change(database, candidate, QUEUED, POSTED)
    outcomes = [APPROVED, REJECTED] * 10
    won = await asyncio.gather(*(change(database, candidate, POSTED, to) for to in outcomes))
    assert won.count(True) == 1
    decided = await get(database, candidate)
    assert decided is not None
    assert decided.state is outcomes[won.index(True)]


async def test_snoozed_ones_come_due(database: Database) -> None:
    """A snoozed candidate is due at its time; decided later, it forgets that time."""
    candidate = await queued(database)
    until = NOW + HOUR
    await change(database, candidate, QUEUED, SNOOZED, until=until)
    assert await database.read(lambda c: Candidates(c).due(until - HOUR / 60)) == ()
    (due,) = await database.read(lambda c: Candidates(c).due(until))
    assert due == replace(candidate, state=SNOOZED, snoozed_until=until, revision=1)
    await change(database, candidate, SNOOZED, REJECTED)
    assert await get(database, candidate) == replace(candidate, state=REJECTED, revision=2)
    assert await database.read(lambda c: Candidates(c).due(until)) == ()


async def test_posted_since(database: Database) -> None:
    """Only cards of the harvest count towards a day's ceiling, from their first posting."""
    for number, origin in enumerate([Origin.HARVEST, Origin.HARVEST, Origin.SUBMISSION]):
        one = await queued(database, f"arXiv:{number}", origin=origin)
        await change(database, one, QUEUED, POSTED, now=NOW + number * HOUR)
    count = [
        await database.read(lambda c, at=NOW + n * HOUR: Candidates(c).posted_since(at))
        for n in range(3)
    ]
    assert count == [2, 1, 0]


async def test_verdicts(database: Database) -> None:
    """All verdicts on a candidate are kept as they came, whatever the clock said."""
    candidate = await queued(database)
    before = Before("Surveys", "Ti]tle\0", (Link("Code", "https://x.org/\0"),), ("title",))
    verdicts = [
        Verdict(candidate.id, Action.APPROVE, 2**62, "Ana\0", NOW + HOUR, Via.REACTION, "Surveys"),
        Verdict(candidate.id, Action.REJECT, 7, "Ben", NOW, Via.CONSOLE, reason="off topic"),
        Verdict(candidate.id, Action.EDIT, 7, "Ben", NOW, Via.CONSOLE, entry=3, before=before),
    ]
    ids = [await database.write(lambda c, v=one: Candidates(c).record(v)) for one in verdicts]
    kept = await database.read(lambda c: Candidates(c).verdicts(candidate.id))
    cleaned = replace(before, title="Ti]tle\ufffd", links=(Link("Code", "https://x.org/\ufffd"),))
    assert [replace(one, id=0) for one in kept] == [
        replace(verdicts[0], member_name="Ana\ufffd"),
        verdicts[1],
        replace(verdicts[2], before=cleaned),
    ]
    assert [one.id for one in kept] == ids
    decided = await get(database, candidate)
    assert decided is not None
    assert decided.revision == 3, "each is something its card has to follow"


async def test_cards_that_wait_for_long(database: Database) -> None:
    """Counted, and the first ones named; a card's age counts, not that of its place in line."""
    for number in range(4):
        one = await queued(database, f"arXiv:{number}")
        at = NOW + number * HOUR
        await database.write(
            lambda c, i=one.id, at=at: Candidates(c).change(i, frozenset({QUEUED}), POSTED, now=at)
        )
    await queued(database, "arXiv:9")
    before = NOW + 3 * HOUR
    count, old = await database.read(lambda c: Candidates(c).posted_before(before, 2))
    assert (count, [one.paper for one in old]) == (3, ["arXiv:0", "arXiv:1"])


async def test_who_is_in_line_for_a_card(database: Database) -> None:
    """Apart from the rest: what somebody asked for, and what a failure interrupted."""
    begun = await queued(database, "arXiv:1", score=0.2)
    await queued(database, "arXiv:2", score=0.9)
    await queued(database, "arXiv:3", score=0.8)
    await queued(database, "arXiv:4", origin=Origin.SUBMISSION)
    asked = await queued(database, "arXiv:5", score=0.1)
    posted = await queued(database, "arXiv:6")
    await change(database, posted, QUEUED, POSTED)
    await database.write(lambda c: Messages(c).prepare("c", begun.id, 0, 7, NOW))
    await database.write(lambda c: Submissions(c).add(asked.id, Member(7, "Eve"), None, NOW))
    certain = await database.read(lambda c: Candidates(c).unposted("c", certain=True))
    assert {one.paper for one in certain} == {"arXiv:1", "arXiv:4", "arXiv:5"}
    assert certain[-1].paper == "arXiv:1"
    others = await database.read(lambda c: Candidates(c).unposted("c", certain=False))
    assert [one.paper for one in others] == ["arXiv:2", "arXiv:3"]
    one = await database.read(lambda c: Candidates(c).unposted("c", certain=False, limit=1))
    assert one == others[:1]
