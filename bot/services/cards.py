"""The review channel follows the database.

Cards go out once, change when their candidate does, and are read.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import structlog

from bot.domain import review as rules_of_review
from bot.domain.errors import UserError
from bot.services.missed import KIND, Missed, order_of
from bot.services.ports import Unreachable
from bot.services.removals import Removals
from bot.services.rounds import Rounds
from storage.candidates import Candidates
from storage.errors import StorageError
from storage.messages import Messages
from storage.models import CandidateState, Origin, Via
from storage.notices import Notices
from storage.submissions import Submissions

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.domain.review import Sign
    from bot.services.case import Order
    from bot.services.delivery import Delivery
    from bot.services.desk import Desk
    from bot.services.pauses import Pauses
    from bot.services.ports import Clock, Reaction, ReviewBoard
    from bot.services.review import Review
    from bot.services.review_channel import ReviewChannel
    from storage.database import Database
    from storage.models import Action, Candidate, Message

DAY = timedelta(days=1)

NOT_DONE = "not done"
"""Kind of the notices about reactions that could not be carried out."""

log = structlog.get_logger()


class _Waiting(NamedTuple):
    """Who may have a card: these in any case, and of those as many as there is room for today."""

    certain: tuple[Candidate, ...]
    harvested: tuple[Candidate, ...]
    room: int


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
        pauses: Pauses,
    ) -> None:
        self._database = database
        self._board = board
        self._delivery = delivery
        self._desk = desk
        self._review = review
        self._channel = channel
        self._clock = clock
        self._pauses = pauses
        self._missed = Missed(database=database, board=board, review=review, pauses=pauses)
        self._removals = Removals(clock)
        self._one_at_a_time = asyncio.Lock()
        self._posting = asyncio.Lock()
        self._rounds = Rounds(pauses)

    async def follow(self) -> bool:
        """Bring the channel in line with the database: edit what has changed, post what waits.

        What cannot be done now is done by a later call: a channel out of reach is left at the
        first failure, a card that fails by itself does not keep off the others. False where Discord
        did not answer, so that another call soon may do better.
        """
        async with self._one_at_a_time, self._rounds.begin():
            await self._missed.read()
            await self._find_lost()
            await self._edit_changed()
            await self._post_waiting()
            return not (self._rounds.hiccup or self._missed.hiccup)

    async def react(self, channel_id: int, message_id: int, reaction: Reaction) -> None:
        """Decide what a maintainer's reaction says; anybody else's changes nothing."""
        sign = rules_of_review.sign_of(reaction.emoji)
        if sign is None or not self._review.rules.is_maintainer(reaction.member):
            return
        try:
            await self._removals.handled(message_id, reaction.member.id)
            message = await self._known(channel_id, message_id)
            if message is not None and message.kind == KIND:
                await self._decide(message.ref, order_of(reaction.member, sign))
        except StorageError:
            # The reaction stands under the card still: it is read there at the next round.
            self._missed.owe_all()
            raise

    async def _decide(self, candidate_id: int, order: Order) -> None:
        """Carry out what a reaction orders; what cannot be done is said in the channel.

        A reaction cannot be answered in private, and must not seem to have been heard.
        """
        try:
            await self._review.decide(candidate_id, order)
        except UserError as error:
            now = self._clock.now()
            text = f"{order.member.name}'s reaction to #{candidate_id} did nothing. {error}"
            subject = f"{candidate_id} {now.isoformat()}"
            await self._database.write(lambda c: Notices(c).add(NOT_DONE, subject, text, now))

    async def unreact(self, channel_id: int, message_id: int, member_id: int, emoji: str) -> None:
        """A reaction was taken away: a maintainer's own, soon enough, takes the vote along."""
        async with self._removals.handling(message_id, member_id):
            sign = rules_of_review.sign_of(emoji)
            message = await self._known(channel_id, message_id) if sign else None
            if sign is None or message is None or message.kind != KIND:
                return
            if await self._is_recent(message.ref, member_id, sign.action):
                await self._retract(message, member_id, sign)

    async def _retract(self, message: Message, member_id: int, sign: Sign) -> None:
        if message.message_id is None:
            return
        if not await self._removals.alone(message.message_id, member_id):
            log.info("reactions cleaned up: nothing is undone", candidate=message.ref)
            return
        member = await self._board.member(message.channel_id, member_id)
        if member is not None and self._review.rules.is_maintainer(member):
            outcome = await self._review.retract(message.ref, member, sign)
            if outcome.changed and outcome.candidate.state in rules_of_review.OPEN:
                # ✅ by a slip, then ❌, then ✅ taken away: the ❌ came too late, and is meant.
                self._missed.owe(message)
                await self._missed.read()

    async def _is_recent(self, candidate_id: int, member_id: int, action: Action) -> bool:
        """Whether such a vote by reaction has not settled yet; asked before Discord is."""
        verdicts = await self._database.read(lambda c: Candidates(c).verdicts(candidate_id))
        since = self._clock.now() - self._review.rules.settle
        return any(
            (one.member_id, one.action, one.via) == (member_id, action, Via.REACTION)
            and one.at >= since
            for one in verdicts
        )

    async def recover(self) -> None:
        """Read the reactions on all open cards and decide what was missed meanwhile.

        What cannot be read now is read by a later `follow`. Whatever was out of reach is tried
        anew.
        """
        self._pauses.forget()
        self._missed.owe_all()
        await self._missed.read()

    async def repost(self, candidate_id: int) -> bool:
        """Post the card of a waiting candidate anew if it was deleted; False where it stands.

        Raises:
            Unreachable: the channel cannot be looked at.
        """
        found = await self._database.read(lambda c: Messages(c).of_kind(KIND, [candidate_id]))
        message = found.get(candidate_id)
        if message is None or message.message_id is None:
            return True
        if await self._board.stands(message.channel_id, message.message_id):
            return False
        now, channel_id = self._clock.now(), await self._channel.current() or message.channel_id

        async def work(connection: AsyncConnection) -> None:
            posted = frozenset({CandidateState.POSTED})
            queued = CandidateState.QUEUED
            if await Candidates(connection).change(candidate_id, posted, queued, now=now):
                await Messages(connection).renew(message.key, channel_id, now)

        await self._database.write(work)
        return True

    async def _known(self, channel_id: int, message_id: int) -> Message | None:
        """The message with this id, also when it is just being posted and its id not yet noted."""

        async def look(connection: AsyncConnection) -> Message | None:
            return await Messages(connection).of_message(channel_id, message_id)

        found = await self._database.read(look)
        if found is None and self._posting.locked():
            async with self._posting:
                found = await self._database.read(look)
        return found

    async def _post_waiting(self) -> None:
        channel_id = await self._channel.current()
        if channel_id is None:
            return
        certain, harvested, room = await self._database.read(self._waiting)
        for candidate in certain:
            await self._post(candidate, channel_id)
        for candidate in harvested:
            if room <= 0:
                return
            room -= await self._post(candidate, channel_id)

    async def _waiting(self, connection: AsyncConnection) -> _Waiting:
        """What is asked for and what a failure interrupted goes first; others up to the ceiling."""
        candidates = Candidates(connection)
        waiting = await candidates.in_state(CandidateState.QUEUED)
        begun = await Messages(connection).of_kind(KIND, [one.id for one in waiting])
        asked = await Submissions(connection).asked_for(CandidateState.QUEUED)
        found = {one.id for one in waiting if one.origin is Origin.HARVEST} - asked
        posted = await candidates.posted_since(self._clock.now() - DAY)
        posted += len(found & begun.keys())
        certain = {one.id: one for one in waiting if one.id in begun or one.id not in found}
        harvested = tuple(one for one in waiting if one.id not in certain)
        room = self._review.rules.cards_per_day - posted
        return _Waiting(tuple(certain.values()), harvested, room)

    async def _post(self, candidate: Candidate, channel_id: int) -> bool:
        """Whether the candidate has a card now."""
        work = partial(self._send, candidate.id, channel_id)
        return await self._rounds.attempt(channel_id, candidate.id, work)

    async def _send(self, candidate_id: int, channel_id: int) -> None:
        candidate = await self._database.read(lambda c: Candidates(c).get(candidate_id))
        if candidate is None or candidate.state is not CandidateState.QUEUED:
            return
        card = await self._desk.card(candidate)
        async with self._posting:
            sent = await self._delivery.deliver(
                self._board, card, kind=KIND, ref=candidate_id, part=0, channel_id=channel_id
            )
        posted = await self._posted(candidate_id)
        if sent.before:
            self._missed.owe(sent.message)
            await self._missed.read()
        elif posted and sent.message.message_id is not None:
            await self._board.seed(sent.message.channel_id, sent.message.message_id)
            # Being posted is one more revision, and it looks the same.
            await self._shown(sent.message, candidate.revision + 1)
        await self._edit_changed()

    async def _posted(self, candidate_id: int) -> bool:
        """Note that a candidate has its card; False where it was decided meanwhile."""
        now = self._clock.now()
        queued = frozenset({CandidateState.QUEUED})
        return await self._database.write(
            lambda c: Candidates(c).change(candidate_id, queued, CandidateState.POSTED, now=now)
        )

    async def _shown(self, message: Message, revision: int) -> None:
        await self._database.write(lambda c: Messages(c).show(message.key, revision))

    async def _edit_changed(self) -> None:
        """Seed new cards and edit those whose candidate moved on since they were last shown."""
        for message in await self._database.read(lambda c: Messages(c).behind(KIND)):
            work = partial(self._show, message)
            await self._rounds.attempt(message.channel_id, message.ref, work)

    async def _show(self, message: Message) -> None:
        candidate = await self._database.read(lambda c: Candidates(c).get(message.ref))
        if candidate is None or message.message_id is None:
            return
        card = await self._desk.card(candidate)
        try:
            if message.revision is None:
                # Also under one that was decided before: it may be opened again.
                await self._board.seed(message.channel_id, message.message_id)
            await self._board.update(message.channel_id, message.message_id, card, message.key)
        except Unreachable as error:
            if not error.gone:
                raise
            log.info("card was deleted by hand", candidate=candidate.id)
        await self._shown(message, candidate.revision)

    async def _find_lost(self) -> None:
        """Look for cards whose sending failed, and whose candidate was then decided by word."""
        for message in await self._database.read(lambda c: Messages(c).lost(KIND)):
            work = partial(self._settle, message)
            await self._rounds.attempt(message.channel_id, message.ref, work)

    async def _settle(self, message: Message) -> None:
        candidate = await self._database.read(lambda c: Candidates(c).get(message.ref))
        found = await self._delivery.find(self._board, message)
        if found is None and candidate is not None:
            await self._shown(message, candidate.revision)
