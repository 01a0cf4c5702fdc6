"""A maintainer goes through the queue, one paper after the other, as it was when that began."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.errors import NotAllowed, NotFound
from bot.domain.review import OPEN, VOTES, tally
from bot.services.case import Order
from bot.services.second_thoughts import own_choice
from storage.candidates import Candidates
from storage.history import WAITING, History
from storage.models import Action, CandidateState, Via
from storage.sittings import Sittings

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.domain.cards import Card
    from bot.services.desk import Desk
    from bot.services.ports import Clock
    from bot.services.review import Review
    from storage.database import Database
    from storage.models import Candidate, Member, Sitting, Verdict

MOST_NEWS = 3
"""Cards of which it is said that others decided them meanwhile; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Sum:
    """What a sitting came to.

    Papers voted on; of these, those added to the list and those that need others' votes too; those
    put off; and what waits for this member now.
    """

    decided: int
    added: int
    undecided: int
    put_off: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sitting stands: at the paper `index` (from 0) of `length`, or at its end.

    `own` is what the member chose about it before. `news` are cards that others closed meanwhile,
    or that the last choice left open; `more_news` counts those beyond. At the end there is no card
    but a sum.
    """

    sitting: int
    index: int
    length: int
    card: Card | None = None
    own: Action | None = None
    news: tuple[Card, ...] = ()
    more_news: int = 0
    sum: Sum | None = None


class SittingService:
    """Begins sittings and goes on with them; all that is remembered stands in the database."""

    def __init__(self, *, database: Database, review: Review, desk: Desk, clock: Clock) -> None:
        self._database = database
        self._review = review
        self._desk = desk
        self._clock = clock

    async def first(self, member: Member) -> Card | None:
        """The paper that waits for this member first, or None."""
        waiting = await self._waiting(member.id)
        return await self._desk.card(waiting[0]) if waiting else None

    async def begin(self, member: Member) -> Place | None:
        """Begin to go through what waits for this member; None where nothing does."""
        waiting = await self._waiting(member.id)
        if not waiting:
            return None
        ids, now = [one.id for one in waiting], self._clock.now()
        sitting = await self._database.write(lambda c: Sittings(c).begin(member.id, ids, now))
        return await self._forward(sitting, 0)

    async def choose(self, member: Member, sitting_id: int, index: int, action: Action) -> Place:
        """Decide the paper at `index`, and go on to the next that is open.

        Raises:
            NotFound: the sitting is gone.
            NotAllowed: it is somebody else's, or the member is no maintainer any more.
        """
        sitting = await self._own(member, sitting_id)
        if not 0 <= index < len(sitting.candidates):
            return await self._end(sitting, ())
        order = Order(action, member, Via.BUTTON)
        outcome = await self._review.choose(sitting.candidates[index], order)
        candidate = outcome.candidate
        left_open = action in VOTES and candidate.state in OPEN
        _, own = await self._look(sitting, index)
        taken = own is not None and own.action is action
        news = (candidate,) if left_open or not taken else ()
        return await self._forward(sitting, index + 1, news)

    async def back(self, member: Member, sitting_id: int, index: int) -> Place:
        """The paper before `index` that is open or was decided by this member.

        Raises as `choose` does.
        """
        sitting = await self._own(member, sitting_id)
        for before in range(min(index, len(sitting.candidates)) - 1, -1, -1):
            candidate, own = await self._look(sitting, before)
            if candidate.state in WAITING or own is not None:
                return await self._at(sitting, before, candidate, own)
        return await self._forward(sitting, index)

    async def _own(self, member: Member, sitting_id: int) -> Sitting:
        if not self._review.rules.is_maintainer(member):
            raise NotAllowed("Only maintainers decide. You can suggest papers with /papers submit.")
        sitting = await self._database.read(lambda c: Sittings(c).get(sitting_id))
        if sitting is None:
            raise NotFound("This sitting is long over: /review next begins a new one.")
        if sitting.member_id != member.id:
            raise NotAllowed("This is somebody else's sitting: /review next begins your own.")
        return sitting

    async def _waiting(self, member_id: int) -> tuple[Candidate, ...]:
        """What waits, less what this member has voted on and others have not contradicted."""
        voted = await self._database.read(lambda c: History(c).of_waiting())
        done = {
            number
            for number, verdicts in voted.items()
            if not (votes := tally(verdicts)).conflict
            and any(vote.member_id == member_id for vote in (*votes.approvals, *votes.rejections))
        }
        return tuple(one for one in await self._review.waiting() if one.id not in done)

    async def _look(self, sitting: Sitting, index: int) -> tuple[Candidate, Verdict | None]:
        """A candidate of the sitting, and what its member has chosen about it."""
        number = sitting.candidates[index]

        async def look(connection: AsyncConnection) -> tuple[Candidate, Verdict | None]:
            candidates = Candidates(connection)
            candidate = await candidates.get(number)
            if candidate is None:
                raise NotFound(f"#{number} is gone: /review next begins a new sitting.")
            verdicts = await candidates.verdicts(number)
            return candidate, own_choice(verdicts, candidate.state, sitting.member_id)

        return await self._database.read(look)

    async def _forward(
        self, sitting: Sitting, index: int, news: tuple[Candidate, ...] = ()
    ) -> Place:
        """The next paper from `index` on that is open and was not decided in this sitting."""
        for place in range(max(index, 0), len(sitting.candidates)):
            candidate, own = await self._look(sitting, place)
            if own is not None and own.at >= sitting.begun_at:
                continue
            if candidate.state in WAITING:
                return await self._at(sitting, place, candidate, own, news)
            if own is None:
                news = (*news, candidate)
        return await self._end(sitting, news)

    async def _at(
        self,
        sitting: Sitting,
        index: int,
        candidate: Candidate,
        own: Verdict | None,
        news: tuple[Candidate, ...] = (),
    ) -> Place:
        return Place(
            sitting.id,
            index,
            len(sitting.candidates),
            card=await self._desk.card(candidate),
            own=own.action if own else None,
            news=await self._told(news),
            more_news=max(0, len(news) - MOST_NEWS),
        )

    async def _end(self, sitting: Sitting, news: tuple[Candidate, ...]) -> Place:
        length = len(sitting.candidates)
        return Place(
            sitting.id,
            length,
            length,
            news=await self._told(news),
            more_news=max(0, len(news) - MOST_NEWS),
            sum=await self._sum(sitting),
        )

    async def _told(self, news: tuple[Candidate, ...]) -> tuple[Card, ...]:
        return tuple([await self._desk.card(candidate) for candidate in news[:MOST_NEWS]])

    async def _sum(self, sitting: Sitting) -> Sum:
        async def count(connection: AsyncConnection) -> list[tuple[Action, CandidateState]]:
            history = History(connection)
            states = await history.states(sitting.candidates)
            verdicts = await history.of_candidates(sitting.candidates)
            chosen = (
                (own_choice(acts, states[number], sitting.member_id), states[number])
                for number, acts in verdicts.items()
            )
            return [(own.action, state) for own, state in chosen if own is not None]

        chosen = await self._database.read(count)
        votes = [(action, state) for action, state in chosen if action in VOTES]
        return Sum(
            decided=len(votes),
            added=votes.count((Action.APPROVE, CandidateState.APPROVED)),
            put_off=sum(action is Action.SNOOZE for action, _ in chosen),
            undecided=sum(state in OPEN for _, state in votes),
            waiting=len(await self._waiting(sitting.member_id)),
        )
