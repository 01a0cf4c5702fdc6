"""What maintainers say by reactions under the cards, as it is heard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from bot.domain import review as rules_of_review
from bot.domain.errors import UserError
from bot.services import not_done
from bot.services.missed import order_of
from bot.services.ports import Unreachable
from bot.services.removals import Removals
from storage.candidates import MESSAGE, Candidates
from storage.errors import StorageError
from storage.messages import Messages
from storage.models import Via

if TYPE_CHECKING:
    import asyncio
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.domain.review import Sign
    from bot.services.case import Order
    from bot.services.missed import Missed
    from bot.services.ports import Clock, Reaction, ReviewBoard
    from bot.services.review import Review
    from storage.database import Database
    from storage.models import Member, Message, Verdict

AGAIN = (1.0, 5.0)
"""Seconds until Discord is asked again who took a reaction away, where it does not answer."""

log = structlog.get_logger()


class Reactions:
    """Carries out what reactions order, and what their removal takes back.

    `posting` is held while a card goes out and its id is not noted yet.
    """

    def __init__(
        self,
        *,
        database: Database,
        board: ReviewBoard,
        review: Review,
        missed: Missed,
        clock: Clock,
        posting: asyncio.Lock,
    ) -> None:
        self._database = database
        self._board = board
        self._review = review
        self._missed = missed
        self._clock = clock
        self._posting = posting
        self._removals = Removals(clock)

    async def react(self, channel_id: int, message_id: int, reaction: Reaction) -> None:
        """Decide what a maintainer's reaction says; anybody else's changes nothing."""
        sign = rules_of_review.sign_of(reaction.emoji)
        if sign is None or not self._review.rules.is_maintainer(reaction.member):
            return
        try:
            await self._removals.handled(message_id, reaction.member.id)
            message = await self._known(channel_id, message_id)
            if message is not None and message.kind == MESSAGE:
                await self._decide(message.ref, order_of(reaction.member, sign))
        except StorageError:
            # The reaction stands under the card still: it is read there at the next round.
            self._missed.owe_all()
            raise

    async def unreact(self, channel_id: int, message_id: int, member_id: int, emoji: str) -> None:
        """A reaction was taken away: a maintainer's own, soon enough, takes the vote along."""
        async with self._removals.handling(message_id, member_id):
            sign = rules_of_review.sign_of(emoji)
            message = await self._known(channel_id, message_id) if sign else None
            if sign is None or message is None or message.kind != MESSAGE:
                return
            at = self._clock.now()
            vote = await self._recent(message.ref, member_id, sign)
            if vote is not None:
                await self._retract(message, vote, sign, at)

    async def _decide(self, candidate_id: int, order: Order) -> None:
        """Carry out what a reaction orders; what cannot be done is said in the channel.

        A reaction cannot be answered in private, and must not seem to have been heard.
        """
        try:
            await self._review.decide(candidate_id, order)
        except UserError as error:
            text = f"{order.member.name}'s reaction to #{candidate_id} did nothing. {error}"
            await self._tell(candidate_id, text)

    async def _tell(self, candidate_id: int, text: str) -> None:
        now = self._clock.now()
        subject = f"{candidate_id} {now.isoformat()}"
        await not_done.say(self._database, subject, text, now)

    async def _retract(self, message: Message, vote: Verdict, sign: Sign, at: datetime) -> None:
        if message.message_id is None:
            return
        if not await self._removals.alone(message.message_id, vote.member_id):
            log.info("reactions cleaned up: nothing is undone", candidate=message.ref)
            return
        try:
            member = await self._owner(message, vote.member_id)
        except Unreachable as error:
            number = message.ref
            text = f"{vote.member_name} took a reaction to #{number} away, which undid nothing:"
            await self._tell(number, f"{text} {error}. Use /review undo {number}.")
            return
        if member is not None and self._review.rules.is_maintainer(member):
            await self._take_back(message, member, sign, at)

    async def _owner(self, message: Message, member_id: int) -> Member | None:
        """Who it was, with the roles held now. Raises Unreachable."""
        for pause in AGAIN:
            try:
                return await self._board.member(message.channel_id, member_id)
            except Unreachable as error:
                if not error.ambiguous:
                    raise
            await self._clock.sleep(pause)
        return await self._board.member(message.channel_id, member_id)

    async def _take_back(self, message: Message, member: Member, sign: Sign, at: datetime) -> None:
        outcome = await self._review.retract(message.ref, member, sign, at)
        if outcome.changed and outcome.candidate.state in rules_of_review.OPEN:
            # ✅ by a slip, then ❌, then ✅ taken away: the ❌ came too late, and is meant.
            self._missed.owe(message)
            await self._missed.read()

    async def _recent(self, candidate_id: int, member_id: int, sign: Sign) -> Verdict | None:
        """Such a vote by reaction that has not settled yet; looked for before Discord is asked."""
        verdicts = await self._database.read(lambda c: Candidates(c).verdicts(candidate_id))
        since = self._clock.now() - self._review.rules.settle
        wanted = (member_id, sign.action, Via.REACTION)
        given = (one for one in verdicts if (one.member_id, one.action, one.via) == wanted)
        return next((one for one in given if one.at >= since), None)

    async def _known(self, channel_id: int, message_id: int) -> Message | None:
        """The message with this id, also when it is just being posted and its id not yet noted."""

        async def look(connection: AsyncConnection) -> Message | None:
            return await Messages(connection).of_message(channel_id, message_id)

        found = await self._database.read(look)
        if found is None and self._posting.locked():
            async with self._posting:
                found = await self._database.read(look)
        return found
