"""Reactions made while nobody was listening: they stand under the cards, and are read there."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from bot.domain import review as rules_of_review
from bot.domain.errors import UserError
from bot.services import not_done
from bot.services.ports import Unreachable
from bot.services.review import Order
from bot.services.trouble import Trouble
from storage.candidates import MESSAGE, Candidates
from storage.errors import StorageError
from storage.messages import Messages
from storage.models import VOTES, Via

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.domain.review import Sign
    from bot.services.pauses import Pauses
    from bot.services.ports import Clock, Reaction, ReviewBoard
    from bot.services.review import Review
    from storage.database import Database
    from storage.models import Member, Message

log = structlog.get_logger()


class Missed:
    """Decides what stands under the cards and was not heard.

    A card that cannot be read or decided now is owed, and tried again by the next `read`: soon,
    where it was a `hiccup` (no answer, a 5xx).
    """

    def __init__(
        self,
        *,
        database: Database,
        board: ReviewBoard,
        review: Review,
        clock: Clock,
        pauses: Pauses,
    ) -> None:
        self._database = database
        self._board = board
        self._review = review
        self._clock = clock
        self._pauses = pauses
        self._owed: dict[str, Message] = {}
        self._owes_all = False
        self.hiccup = False
        self._one_at_a_time = asyncio.Lock()
        self._trouble = Trouble("reactions cannot be read")

    def owe(self, message: Message) -> None:
        """Something may have been missed under this card."""
        self._owed[message.key] = message

    def owe_all(self) -> None:
        """Something may have been missed under any open card."""
        self._owes_all = True

    @property
    def reading(self) -> bool:
        """Whether cards are being read at this moment."""
        return self._one_at_a_time.locked()

    async def read(self) -> None:
        """Read all cards that are owed; those of a channel out of reach stay owed."""
        async with self._one_at_a_time:
            self.hiccup = False
            await self._owe_open_cards()
            channels: dict[int, list[Message]] = {}
            for message in self._owed.values():
                channels.setdefault(message.channel_id, []).append(message)
            for channel_id, messages in channels.items():
                if self._pauses.allows(channel_id):
                    await self._read_channel(channel_id, messages)

    async def _owe_open_cards(self) -> None:
        if not self._owes_all:
            return
        self._owes_all = False
        try:
            states = rules_of_review.OPEN
            cards = await self._database.read(lambda c: Messages(c).of_state(MESSAGE, *states))
            for message in cards:
                self.owe(message)
        except StorageError:
            self._owes_all = True
            raise

    async def _read_channel(self, channel_id: int, messages: Iterable[Message]) -> None:
        cards = {message.message_id: message for message in messages if message.message_id}
        try:
            found = await self._board.reactions(channel_id, tuple(cards))
        except Unreachable as error:
            self.hiccup = self.hiccup or error.ambiguous
            if not error.ambiguous:
                # What is refused (400) here is the reading of a channel, not one of its messages.
                self._pauses.refused(channel_id)
            self._trouble.met(channel_id, str(error))
            return
        self._trouble.over(channel_id)
        for message_id, message in cards.items():
            if await self._settled(message, found.get(message_id, ())):
                self._owed.pop(message.key, None)

    async def _settled(self, message: Message, reactions: Iterable[Reaction]) -> bool:
        """Whether nothing is owed for this card any more. One card must not keep off the others."""
        try:
            await self._decide(message, reactions)
        except StorageError as error:
            log.warning("reactions not decided", candidate=message.ref, reason=str(error))
            return False
        except UserError as error:
            log.warning("reactions not decided", candidate=message.ref, reason=str(error))
            await self._tell(message, error)
        except Exception:
            # The job boundary of what stands under a single card.
            log.exception("reactions not decided", candidate=message.ref)
        return True

    async def _tell(self, message: Message, error: UserError) -> None:
        """Say so in the channel; once, though the reaction is read anew at each start."""
        subject = f"{message.ref} at {message.revision}"
        text = f"A reaction to #{message.ref} did nothing. {error}"
        await not_done.say(self._database, subject, text, self._clock.now())

    async def _decide(self, message: Message, reactions: Iterable[Reaction]) -> None:
        """Decide what the maintainers' reactions come to.

        A reaction that was heard before (a 💤 of last week) stands under the card still, and is
        no news.
        """
        heard = await self._database.read(lambda c: Candidates(c).heard(message.ref))
        signs = [
            (reaction.member, sign)
            for reaction in reactions
            if (sign := rules_of_review.sign_of(reaction.emoji))
            and self._review.rules.is_maintainer(reaction.member)
            and (reaction.member.id, sign.action) not in heard
        ]
        orders = [order_of(*meant) for meant in rules_of_review.from_reactions(signs)]
        votes = [order for order in orders if order.action in VOTES]
        if votes:
            await self._review.decide_together(message.ref, votes)
        elif orders:
            await self._review.decide(message.ref, orders[0])


def order_of(member: Member, sign: Sign) -> Order:
    """The order a reaction gives."""
    section = str(sign.section) if sign.section else ""
    return Order(sign.action, member, Via.REACTION, section)
