"""The review channel follows the database.

Cards go out once, and change when their candidate does.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import structlog

from bot.services.missed import Missed
from bot.services.ports import Unreachable
from bot.services.reactions import Reactions
from bot.services.rounds import Rounds
from storage.candidates import MESSAGE, Candidates
from storage.messages import Messages
from storage.models import CandidateState, Origin
from storage.submissions import Submissions

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.services.delivery import Delivery
    from bot.services.desk import Desk
    from bot.services.pauses import Pauses
    from bot.services.ports import Clock, ReviewBoard
    from bot.services.review import Review
    from bot.services.review_channel import ReviewChannel
    from storage.database import Database
    from storage.models import Candidate, Message

DAY = timedelta(days=1)

SPARE = 20
"""Candidates looked at beyond the room there is, since the card of one may fail by itself."""

log = structlog.get_logger()


class _Waiting(NamedTuple):
    """Who may have a card: these in any case, and of those as many as there is room for today."""

    certain: tuple[Candidate, ...]
    harvested: tuple[Candidate, ...]
    room: int


class Cards:
    """Posts and edits cards; `reactions` hears what is put under them."""

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
        self._missed = Missed(
            database=database, board=board, review=review, clock=clock, pauses=pauses
        )
        self._one_at_a_time = asyncio.Lock()
        self._posting = asyncio.Lock()
        self.reactions = Reactions(
            database=database,
            board=board,
            review=review,
            missed=self._missed,
            clock=clock,
            posting=self._posting,
        )
        self._rounds = Rounds(pauses)

    async def follow(self) -> bool:
        """Bring the channel in line with the database: edit what has changed, post what waits.

        What cannot be done now is done by a later call: a channel out of reach is left at the
        first failure, a card that fails by itself does not keep off the others. False where Discord
        did not answer, so that another call soon may do better.
        """
        async with self._one_at_a_time, self._rounds.begin():
            if not self._missed.reading:
                # At a start edits go out while the rest is read: Discord takes one a second.
                await self._missed.read()
            await self._find_lost()
            await self._edit_changed()
            await self._post_waiting()
            return not (self._rounds.hiccup or self._missed.hiccup)

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
        found = await self._database.read(lambda c: Messages(c).of_kind(MESSAGE, [candidate_id]))
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
        certain = await candidates.unposted(MESSAGE, certain=True)
        asked = await Submissions(connection).asked_for(CandidateState.QUEUED)
        posted = await candidates.posted_since(self._clock.now() - DAY)
        posted += sum(one.origin is Origin.HARVEST and one.id not in asked for one in certain)
        room = max(0, self._review.rules.cards_per_day - posted)
        limit = room + SPARE if room else 0
        harvested = await candidates.unposted(MESSAGE, certain=False, limit=limit)
        return _Waiting(certain, harvested, room)

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
                self._board, card, kind=MESSAGE, ref=candidate_id, part=0, channel_id=channel_id
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
        for message in await self._database.read(lambda c: Messages(c).behind(MESSAGE)):
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
        for message in await self._database.read(lambda c: Messages(c).lost(MESSAGE)):
            work = partial(self._settle, message)
            await self._rounds.attempt(message.channel_id, message.ref, work)

    async def _settle(self, message: Message) -> None:
        candidate = await self._database.read(lambda c: Candidates(c).get(message.ref))
        found = await self._delivery.find(self._board, message)
        if found is None and candidate is not None:
            await self._shown(message, candidate.revision)
