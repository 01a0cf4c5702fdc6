"""The review channel follows the database.

Cards go out once, change when their candidate does, and are read.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from bot.domain import review as rules_of_review
from bot.services.ports import Unreachable
from bot.services.review import Order
from storage.candidates import Candidates
from storage.messages import Messages
from storage.models import CandidateState, Origin, Via
from storage.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.services.delivery import Delivery
    from bot.services.desk import Desk
    from bot.services.ports import Clock, Reaction, ReviewBoard
    from bot.services.review import Review
    from storage.database import Database
    from storage.models import Candidate, Message

KIND = "c"
"""Message kind of cards; `c17.0.0` is the first card of candidate 17."""

DAY = timedelta(days=1)

log = structlog.get_logger()


class ReviewChannel:
    """Which channel the cards go to: the configured one, else the one chosen with /review here."""

    KEY = "review_channel"

    def __init__(self, *, database: Database, configured: int | None) -> None:
        self.configured = configured
        self._database = database

    async def current(self) -> int | None:
        """The channel's id, or None where nobody has chosen one."""
        if self.configured is not None:
            return self.configured
        chosen = await self._database.read(lambda c: Settings(c).get(self.KEY))
        return int(chosen) if chosen else None

    async def choose(self, channel_id: int) -> None:
        """Send cards to this channel from now on."""
        await self._database.write(lambda c: Settings(c).put(self.KEY, str(channel_id)))


class Cards:
    """Posts, edits and reads cards."""

    def __init__(
        self,
        *,
        database: Database,
        board: ReviewBoard,
        delivery: Delivery,
        desk: Desk,
        review: Review,
        channel: ReviewChannel,
        clock: Clock,
    ) -> None:
        self._database = database
        self._board = board
        self._delivery = delivery
        self._desk = desk
        self._review = review
        self._channel = channel
        self._clock = clock
        self._one_at_a_time = asyncio.Lock()

    async def follow(self) -> None:
        """Bring the channel in line with the database: edit what has changed, post what waits.

        Stops at the first message that cannot be delivered; the next call goes on there.
        """
        async with self._one_at_a_time:
            try:
                await self._edit_changed()
                await self._post_waiting()
            except Unreachable as error:
                log.warning("review channel out of reach", reason=str(error))

    async def react(self, channel_id: int, message_id: int, reaction: Reaction) -> None:
        """Decide what a maintainer's reaction says; anybody else's changes nothing."""
        action = rules_of_review.action_of(reaction.emoji)
        if action is None or not self._review.rules.is_maintainer(reaction.member):
            return
        message = await self._known(channel_id, message_id)
        if message is not None and message.kind == KIND:
            order = Order(action, reaction.member, Via.REACTION)
            await self._review.decide(message.ref, order)

    async def _known(self, channel_id: int, message_id: int) -> Message | None:
        """The message with this id, also when it is just being posted and its id not yet noted."""

        async def look(connection: AsyncConnection) -> Message | None:
            return await Messages(connection).of_message(channel_id, message_id)

        found = await self._database.read(look)
        if found is None and self._one_at_a_time.locked():
            async with self._one_at_a_time:
                found = await self._database.read(look)
        return found

    async def recover(self) -> None:
        """Read the reactions on all open cards and decide what was missed meanwhile.

        A reaction that was heard before (a 💤 of last week) stands under the card still, and is
        no news.
        """
        for message in await self._database.read(_open_cards):
            try:
                await self._read_reactions(message)
            except Unreachable as error:
                log.warning("card could not be read", candidate=message.ref, reason=str(error))
                if not error.gone:
                    return

    async def _read_reactions(self, message: Message) -> None:
        if message.message_id is None:
            return
        found = await self._board.reactions(message.channel_id, message.message_id)
        verdicts = await self._database.read(lambda c: Candidates(c).verdicts(message.ref))
        heard = {(verdict.member_id, verdict.action) for verdict in verdicts}
        votes = [
            (reaction.member, action)
            for reaction in found
            if (action := rules_of_review.action_of(reaction.emoji))
            and (reaction.member.id, action) not in heard
        ]
        for member, action in rules_of_review.agreed(votes, self._review.rules):
            await self._review.decide(message.ref, Order(action, member, Via.REACTION))

    async def _post_waiting(self) -> None:
        channel_id = await self._channel.current()
        if channel_id is None:
            return
        for candidate in await self._database.read(self._next):
            await self._post(candidate, channel_id)

    async def _next(self, connection: AsyncConnection) -> tuple[Candidate, ...]:
        """What may go out now: all submissions, and machine candidates up to the day's ceiling."""
        candidates = Candidates(connection)
        waiting = await candidates.in_state(CandidateState.QUEUED)
        posted = await candidates.posted_since(self._clock.now() - DAY)
        room = max(0, self._review.rules.cards_per_day - posted)
        submitted = [one for one in waiting if one.origin is Origin.SUBMISSION]
        harvested = [one for one in waiting if one.origin is Origin.HARVEST]
        return (*submitted, *harvested[:room])

    async def _post(self, candidate: Candidate, channel_id: int) -> None:
        card = await self._desk.card(candidate)
        await self._delivery.deliver(
            self._board, card, kind=KIND, ref=candidate.id, part=0, channel_id=channel_id
        )
        now = self._clock.now()
        await self._database.write(
            lambda c: Candidates(c).change(
                candidate.id, frozenset({CandidateState.QUEUED}), CandidateState.POSTED, now=now
            )
        )
        await self._edit_changed()

    async def _edit_changed(self) -> None:
        """Seed new cards and edit those whose candidate moved on since they were last shown."""
        for message in await self._database.read(lambda c: Messages(c).behind(KIND)):
            candidate = await self._database.read(lambda c: Candidates(c).get(message.ref))  # noqa: B023 - awaited in this turn
            if candidate is not None and message.message_id is not None:
                await self._show(message, message.message_id, candidate)

    async def _show(self, message: Message, message_id: int, candidate: Candidate) -> None:
        try:
            if candidate.state is CandidateState.POSTED:
                await self._board.seed(message.channel_id, message_id)
            card = await self._desk.card(candidate)
            await self._board.update(message.channel_id, message_id, card, message.key)
        except Unreachable as error:
            if not error.gone:
                raise
            log.info("card was deleted by hand", candidate=candidate.id)
        await self._database.write(lambda c: Messages(c).show(message.key, candidate.state))


async def _open_cards(connection: AsyncConnection) -> tuple[Message, ...]:
    open_states = (CandidateState.POSTED, CandidateState.SNOOZED)
    waiting = await Candidates(connection).in_state(*open_states)
    found = await Messages(connection).of_kind(KIND, [candidate.id for candidate in waiting])
    return tuple(found.values())
