"""Whoever asked for a paper hears what became of it: once, and only when it has settled."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import structlog

from bot.services.owed import Owed, owed
from bot.services.pauses import Pauses
from bot.services.ports import Unreachable
from bot.services.trouble import Trouble
from storage.errors import StorageError
from storage.messages import Messages
from storage.outcomes import DROPPED, MESSAGE

if TYPE_CHECKING:
    from datetime import timedelta

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.domain.cards import OutcomePost
    from bot.services.delivery import Delivery
    from bot.services.ports import Clock, Courier
    from storage.database import Database
    from storage.models import Message, Submission

log = structlog.get_logger()


class OutcomeService:
    """Tells members by direct message, and where those are closed in the channel they asked in."""

    def __init__(
        self,
        *,
        database: Database,
        courier: Courier,
        delivery: Delivery,
        clock: Clock,
        settle: timedelta,
    ) -> None:
        self._database = database
        self._courier = courier
        self._delivery = delivery
        self._clock = clock
        self._settle = settle
        self._pauses = Pauses(clock)
        self._trouble = Trouble("outcome not told")
        self._one_at_a_time = asyncio.Lock()

    async def run(self) -> None:
        """Tell what has settled and was not told; what cannot be told now is told later."""
        async with self._one_at_a_time:
            for one in await self._database.read(self._look):
                if self._pauses.allows(one.submission.id):
                    await self._attempt(one)

    async def _attempt(self, one: Owed) -> None:
        number = one.submission.id
        try:
            for message in one.stale:
                await self._clear(message)
            if one.post is not None:
                await self._tell(one.submission, one.ref, one.post)
        except StorageError:
            raise
        except Unreachable as error:
            self._pauses.refused(number)
            self._trouble.met(number, str(error))
        except Exception as error:
            # The job boundary of one outcome: the others are told.
            self._pauses.refused(number)
            self._trouble.met(number, str(error), error)
        else:
            self._pauses.over(number)
            self._trouble.over(number)

    async def _tell(self, submission: Submission, ref: int, post: OutcomePost) -> None:
        try:
            await self._deliver(submission, ref, post, await self._direct(submission))
        except Unreachable as error:
            if not (error.closed or error.refused):
                raise
            await self._tell_in_channel(submission, ref, post, str(error))

    async def _direct(self, submission: Submission) -> int:
        return await self._courier.open(submission.member_id)

    async def _tell_in_channel(
        self, submission: Submission, ref: int, post: OutcomePost, why: str
    ) -> None:
        """Say it where they asked, naming them; where that is impossible too, give it up."""
        named = replace(post, mention=submission.member_id)
        try:
            await self._deliver(submission, ref, named, submission.channel_id or 0)
        except Unreachable as error:
            if error.ambiguous:
                raise
            await self._drop(submission, ref)
            log.warning(
                "outcome told nobody",
                submission=submission.id,
                member=submission.member_id,
                direct=why,
                channel=str(error),
            )

    async def _deliver(
        self, submission: Submission, ref: int, post: OutcomePost, channel_id: int
    ) -> None:
        await self._delivery.deliver(
            self._courier, post, kind=MESSAGE, ref=ref, part=submission.id, channel_id=channel_id
        )

    async def _drop(self, submission: Submission, ref: int) -> None:
        async def work(connection: AsyncConnection) -> None:
            messages = Messages(connection)
            for message in await messages.of_ref(MESSAGE, ref):
                if message.part == submission.id:
                    await messages.show(message.key, DROPPED)

        await self._database.write(work)

    async def _clear(self, message: Message) -> None:
        """Learn whether a message went out after all; where it did not, it need not any more."""
        try:
            found = await self._delivery.find(self._courier, message)
        except Unreachable as error:
            if error.ambiguous or not error.closed:
                raise
            found = None
        if found is None:
            await self._database.write(lambda c: Messages(c).show(message.key, DROPPED))

    async def _look(self, connection: AsyncConnection) -> tuple[Owed, ...]:
        return await owed(connection, self._clock.now(), self._settle)
