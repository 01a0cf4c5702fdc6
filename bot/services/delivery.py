"""Messages that go out exactly once: the row first, then the message, then its id."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from storage.messages import Messages

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.services.ports import Clock
    from storage.database import Database
    from storage.models import Message

Post_contra = TypeVar("Post_contra", contravariant=True)

CLOCK_SKEW = timedelta(minutes=10)
"""How far Discord's clock and ours may differ when history is read for a key."""


class Board(Protocol, Generic[Post_contra]):
    """Where a message goes; see bot.services.ports for the two there are."""

    async def post(self, channel_id: int, post: Post_contra, key: str) -> int:
        """Send and return the message id."""
        ...

    async def find(self, channel_id: int, key: str, since: datetime) -> int | None:
        """The bot's own message with this key, or None."""
        ...


class Delivery:
    """Sends what has a key, once.

    After a crash or an ambiguous failure the message is looked for before it is sent again.
    """

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def deliver(
        self,
        board: Board[Post_contra],
        post: Post_contra,
        *,
        kind: str,
        ref: int,
        part: int,
        channel_id: int,
    ) -> Message:
        """Send part `part` of message `kind` `ref` unless it was sent.

        Return it with its message id.

        Raises:
            Unreachable: the channel cannot be used now; calling again later is safe.
        """
        message, fresh = await self._prepare(kind, ref, part, channel_id)
        if message.message_id is not None:
            return message
        found = None if fresh else await self._find(board, message)
        if found is None and message.channel_id != channel_id:
            message = await self._renew(message, channel_id)
        sent = found or await board.post(message.channel_id, post, message.key)
        return await self._record(message, sent)

    async def again(
        self, board: Board[Post_contra], post: Post_contra, lost: Message, channel_id: int
    ) -> Message:
        """Send a message anew, under the next key, in place of one that was deleted."""
        message = await self._renew(lost, channel_id)
        return await self._record(message, await board.post(channel_id, post, message.key))

    async def _prepare(
        self, kind: str, ref: int, part: int, channel_id: int
    ) -> tuple[Message, bool]:
        now = self._clock.now()

        async def work(connection: AsyncConnection) -> tuple[Message, bool]:
            return await Messages(connection).prepare(kind, ref, part, channel_id, now)

        return await self._database.write(work)

    async def _find(self, board: Board[Post_contra], message: Message) -> int | None:
        since = await self._database.read(lambda c: Messages(c).prepared_at(message.key))
        return await board.find(message.channel_id, message.key, since - CLOCK_SKEW)

    async def _renew(self, message: Message, channel_id: int) -> Message:
        now = self._clock.now()
        return await self._database.write(lambda c: Messages(c).renew(message.key, channel_id, now))

    async def _record(self, message: Message, message_id: int) -> Message:
        now = self._clock.now()

        async def work(connection: AsyncConnection) -> Message:
            messages = Messages(connection)
            await messages.sent(message.key, message_id, now)
            return await messages.get(message.key)

        return await self._database.write(work)
