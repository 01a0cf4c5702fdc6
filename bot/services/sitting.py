"""A maintainer goes through the queue, one paper after the other, as it was when that began."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.errors import NotAllowed, NotFound
from bot.domain.review import OPEN, tally
from bot.domain.sentences import sentence
from bot.services.case import Order
from bot.services.steps import Step, Sum, look, sum_of
from storage.history import History
from storage.models import VOTES, WAITING, Action, Via
from storage.sittings import Sittings

if TYPE_CHECKING:
    from bot.domain.cards import Card
    from bot.services.desk import Desk
    from bot.services.ports import Clock
    from bot.services.review import Review
    from storage.database import Database
    from storage.models import Candidate, Member, Sitting

BATCH = 50
"""Papers looked at in one read."""

MOST_NEWS = 3
"""Cards of which it is said that others decided them meanwhile; the rest is counted."""


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
        (step,) = await self._look(sitting, range(index, index + 1))
        left_open = action in VOTES and outcome.candidate.state in OPEN
        taken = step.own is not None and step.own.action is action
        news = (step.candidate,) if left_open or not taken else ()
        return await self._forward(sitting, index + 1, news)

    async def back(self, member: Member, sitting_id: int, index: int) -> Place:
        """The paper before `index` that is open or was decided by this member.

        Raises as `choose` does.
        """
        sitting = await self._own(member, sitting_id)
        last = min(index, len(sitting.candidates))
        for start in range(last, 0, -BATCH):
            for step in reversed(await self._look(sitting, range(max(0, start - BATCH), start))):
                if step.state in WAITING or step.own is not None:
                    return await self._at(sitting, step)
        return await self._forward(sitting, index)

    async def _own(self, member: Member, sitting_id: int) -> Sitting:
        self._review.rules.require(member)
        sitting = await self._database.read(lambda c: Sittings(c).get(sitting_id))
        if sitting is None:
            raise NotFound(sentence("This sitting is long over: /review next begins a new one."))
        if sitting.member_id != member.id:
            raise NotAllowed(
                sentence("This is somebody else's sitting: /review next begins your own.")
            )
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

    async def _look(self, sitting: Sitting, places: range) -> list[Step]:
        return await self._database.read(lambda c: look(c, sitting, places))

    async def _forward(self, sitting: Sitting, index: int, news: tuple[int, ...] = ()) -> Place:
        """The next paper from `index` on that is open and was not decided in this sitting."""
        length = len(sitting.candidates)
        for start in range(index, length, BATCH):
            for step in await self._look(sitting, range(start, min(length, start + BATCH))):
                if step.own is not None and step.own.at >= sitting.begun_at:
                    continue
                if step.state in WAITING:
                    return await self._at(sitting, step, news)
                if step.own is None:
                    news = (*news, step.candidate)
        return await self._end(sitting, news)

    async def _at(self, sitting: Sitting, step: Step, news: tuple[int, ...] = ()) -> Place:
        return Place(
            sitting.id,
            step.place,
            len(sitting.candidates),
            card=await self._card(step.candidate),
            own=step.own.action if step.own else None,
            news=await self._told(news),
            more_news=max(0, len(news) - MOST_NEWS),
        )

    async def _end(self, sitting: Sitting, news: tuple[int, ...]) -> Place:
        length = len(sitting.candidates)
        return Place(
            sitting.id,
            length,
            length,
            news=await self._told(news),
            more_news=max(0, len(news) - MOST_NEWS),
            sum=await self._sum(sitting),
        )

    async def _told(self, news: tuple[int, ...]) -> tuple[Card, ...]:
        return tuple([await self._card(number) for number in news[:MOST_NEWS]])

    async def _card(self, number: int) -> Card:
        return await self._desk.card(await self._review.find(str(number)))

    async def _sum(self, sitting: Sitting) -> Sum:
        steps = await self._look(sitting, range(len(sitting.candidates)))
        return sum_of(steps, waiting=len(await self._waiting(sitting.member_id)))
