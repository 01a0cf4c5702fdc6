"""Who asked for which candidate, and what they have heard of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from storage.candidates import Candidates
from storage.messages import Messages
from storage.models import Action, CandidateState, Member, Origin, PaperId, Verdict, Via
from storage.outcomes import DROPPED, MESSAGE, WITHDRAWN, Outcomes
from storage.papers import Papers
from storage.rejections import Rejections
from storage.submissions import UNJUDGED, Submissions
from tests.factories import paper
from tests.storage.conftest import NOW

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from storage.database import Database

EVE = Member(7, "Eve")
ZOE = Member(2**60, "Zoe")
HERE = 2**61
HOUR = timedelta(hours=1)


async def queue(
    connection: AsyncConnection,
    number: int,
    *,
    title: str = "A Paper",
    origin: Origin = Origin.SUBMISSION,
    now: datetime = NOW,
    score: float = 0.5,
) -> int:
    """A candidate."""
    one = paper(id=PaperId(f"arXiv:2409.{number:05}"), title=title)
    await Papers(connection).store([one], now)
    added = await Candidates(connection).queue(
        one.id,
        score=score,
        reasons=(),
        section="",
        origin=origin,
        submitter=EVE.id if origin is Origin.SUBMISSION else None,
        now=now,
    )
    assert added is not None
    return added.id


async def decide(
    connection: AsyncConnection, candidate: int, action: Action, at: datetime, to: CandidateState
) -> int:
    """A verdict that brings a candidate from any state into another one."""
    await Candidates(connection).change(candidate, frozenset(CandidateState), to, now=at)
    return await Candidates(connection).record(
        Verdict(candidate, action, member_id=1, member_name="Ana", at=at, via=Via.BUTTON)
    )


async def test_a_member_asks_once_for_a_candidate(database: Database) -> None:
    """Who asks again, elsewhere, stays where they asked first; others are noted beside them."""

    async def work(connection: AsyncConnection) -> None:
        candidate = await queue(connection, 1)
        submissions = Submissions(connection)
        assert await submissions.add(candidate, EVE, HERE, NOW)
        assert not await submissions.add(candidate, EVE, None, NOW + HOUR)
        posted = CandidateState.POSTED
        await Candidates(connection).change(candidate, frozenset(CandidateState), posted, now=NOW)
        assert await submissions.add(candidate, ZOE, None, NOW)
        shown = await Candidates(connection).get(candidate)
        assert shown is not None
        assert shown.revision == 2, "the card does not follow"
        asked = await submissions.of(candidate)
        assert [(one.member_id, one.channel_id) for one in asked] == [(7, HERE), (2**60, None)]
        assert asked[0].at == NOW

    await database.write(work)


async def test_place_in_line_and_what_a_member_brought(database: Database) -> None:
    """Suggestions stand before what a harvest found; what is decided stands nowhere."""

    async def work(connection: AsyncConnection) -> None:
        harvested = await queue(connection, 1, origin=Origin.HARVEST)
        first = await queue(connection, 2)
        second = await queue(connection, 3, now=NOW + HOUR)
        submissions = Submissions(connection)
        places = [await submissions.place(one) for one in (first, second, harvested)]
        assert places == [1, 2, 3]
        assert await submissions.brought(EVE.id, NOW - HOUR) == 2
        assert await submissions.brought(EVE.id, NOW) == 1
        assert await submissions.brought(ZOE.id, NOW - HOUR) == 0
        await decide(connection, first, Action.REJECT, NOW, CandidateState.REJECTED)
        assert await submissions.place(first) is None
        assert await submissions.place(second) == 1

    await database.write(work)


async def test_times_count_from_asking_to_the_last_decision(database: Database) -> None:
    """Of the first who asked; what was decided long ago, or is open again, says nothing."""

    async def work(connection: AsyncConnection) -> None:
        submissions = Submissions(connection)
        candidates = [await queue(connection, number) for number in range(1, 5)]
        for candidate in candidates:
            await submissions.add(candidate, ZOE, HERE, NOW)
            await submissions.add(candidate, EVE, HERE, NOW + HOUR)
        rejected, again, old, reopened = candidates
        await decide(connection, rejected, Action.REJECT, NOW + 5 * HOUR, CandidateState.REJECTED)
        await decide(connection, again, Action.REJECT, NOW + HOUR, CandidateState.REJECTED)
        await decide(connection, again, Action.APPROVE, NOW + 9 * HOUR, CandidateState.APPROVED)
        await decide(connection, old, Action.APPROVE, NOW + HOUR, CandidateState.APPROVED)
        await decide(connection, reopened, Action.REJECT, NOW + 5 * HOUR, CandidateState.REJECTED)
        await decide(connection, reopened, Action.UNDO, NOW + 6 * HOUR, CandidateState.POSTED)
        assert sorted(await submissions.times(NOW + 2 * HOUR)) == [5 * HOUR, 9 * HOUR]

    await database.write(work)


async def test_what_waits_unjudged_is_found_and_filled_in(database: Database) -> None:
    """The card of a candidate that got its score has one more revision to follow."""

    async def work(connection: AsyncConnection) -> None:
        await queue(connection, 1)
        bare = await queue(connection, 2, score=UNJUDGED)
        decided = await queue(connection, 3, score=UNJUDGED)
        await queue(connection, 4, score=UNJUDGED, origin=Origin.HARVEST)
        await decide(connection, decided, Action.REJECT, NOW, CandidateState.REJECTED)
        submissions = Submissions(connection)
        assert await submissions.unread(NOW) == ((bare, "arXiv:2409.00002"),)
        assert await submissions.unread(NOW + HOUR) == ()
        await submissions.judged(bare, 0.75, ["synthetic"], "Survey Papers")
        found = await Candidates(connection).get(bare)
        assert found is not None
        assert (found.score, found.reasons, found.section) == (
            0.75,
            ("synthetic",),
            "Survey Papers",
        )
        assert found.revision == 1
        assert await submissions.unread(NOW) == ()

    await database.write(work)


async def test_rejected_titles(database: Database) -> None:
    """Only what is rejected now, and has a title, is told by it."""

    async def work(connection: AsyncConnection) -> None:
        first, second, bare = [
            await queue(connection, 1, title="One"),
            await queue(connection, 2, title="Two"),
            await queue(connection, 3, title=""),
        ]
        for candidate in (first, second, bare):
            await decide(connection, candidate, Action.REJECT, NOW, CandidateState.REJECTED)
        await decide(connection, second, Action.RECONSIDER, NOW, CandidateState.POSTED)
        assert await Rejections(connection).titles() == ((first, "One", "Lupidi"),)

    await database.write(work)


async def test_what_may_have_to_be_told(database: Database) -> None:
    """Recent verdicts and withdrawals; nothing of the console, of old times, or told already."""

    async def work(connection: AsyncConnection) -> None:
        submissions, outcomes = Submissions(connection), Outcomes(connection)
        decided, old, withdrawn = [await queue(connection, number) for number in (1, 2, 3)]
        for candidate in (decided, old, withdrawn):
            await submissions.add(candidate, EVE, HERE, NOW)
            await submissions.add(candidate, ZOE, None, NOW)
        await decide(connection, decided, Action.REJECT, NOW + HOUR, CandidateState.REJECTED)
        await decide(connection, old, Action.REJECT, NOW - HOUR, CandidateState.REJECTED)
        gone = CandidateState.WITHDRAWN
        await Candidates(connection).change(withdrawn, frozenset(CandidateState), gone, now=NOW)
        moved = await outcomes.moved(NOW)
        assert [(one.candidate, one.member_id) for one in moved] == [(decided, 7), (withdrawn, 7)]
        message, _ = await Messages(connection).prepare(MESSAGE, WITHDRAWN, moved[1].id, HERE, NOW)
        assert len(await outcomes.moved(NOW)) == 2
        await Messages(connection).show(message.key, DROPPED)
        assert [one.candidate for one in await outcomes.moved(NOW)] == [decided]

    await database.write(work)


async def test_the_last_attempts_at_telling(database: Database) -> None:
    """Of each verdict the current one, by submission, the oldest first."""

    async def work(connection: AsyncConnection) -> None:
        messages = Messages(connection)
        first, _ = await messages.prepare(MESSAGE, 5, 1, HERE, NOW)
        again = await messages.renew(first.key, HERE + 1, NOW)
        later, _ = await messages.prepare(MESSAGE, 4, 1, HERE, NOW + HOUR)
        await messages.prepare(MESSAGE, 5, 2, HERE, NOW)
        await messages.prepare("c", 5, 1, HERE, NOW)
        found = await Outcomes(connection).messages([1])
        assert [one.key for one in found[1]] == [again.key, later.key]
        assert set(found) == {1}
        assert await Outcomes(connection).messages([]) == {}

    await database.write(work)
