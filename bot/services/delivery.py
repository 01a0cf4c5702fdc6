"""Messages that go out exactly once: the row first, then the message, then its id."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Generic, NamedTuple, Protocol, TypeVar

from bot.services.ports import Unreachable
from storage.messages import Messages

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.services.ports import Clock
    from storage.database import Database
    from storage.models import Message

Post_contra = TypeVar("Post_contra", contravariant=True)

CLOCK_SKEW = timedelta(hours=26)
"""How far Discord's clock and ours may differ when history is read for a key.

A clock may be wrong by its time zone. History is read after a failure only, so it may be long.
"""


class Board(Protocol, Generic[Post_contra]):
    """Where a message goes; see bot.services.ports for the two there are."""

    async def post(self, channel_id: int, post: Post_contra, key: str) -> int:
        """Send and return the message id."""
        ...

    async def find(self, channel_id: int, key: str, since: datetime) -> int | None:
        """The bot's own message with this key, or None."""
        ...


class Sent(NamedTuple):
    """A message that is out, and whether it stood there before: then nobody listened to it."""

    message: Message
    before: bool


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
    ) -> Sent:
        """Send part `part` of message `kind` `ref` unless it was sent.

        Return it with its message id.

        Raises:
            Unreachable: the channel cannot be used now; calling again later is safe.
        """
        message, fresh = await self._prepare(kind, ref, part, channel_id)
        if message.message_id is not None:
            return Sent(message, before=True)
        found = None if fresh else await self._seek(board, message, channel_id)
        if found is not None:
            return Sent(found, before=True)
        if message.channel_id != channel_id:
            message = await self._renew(message, channel_id)
        message_id = await board.post(message.channel_id, post, message.key)
        return Sent(await self._record(message, message_id), before=False)

    async def find(self, board: Board[Post_contra], message: Message) -> Message | None:
        """The message with its id where it went out after all, else None. Raises Unreachable."""
        since = await self._database.read(lambda c: Messages(c).prepared_at(message.key))
        found = await board.find(message.channel_id, message.key, since - CLOCK_SKEW)
        return None if found is None else await self._record(message, found)

    async def _seek(
        self, board: Board[Post_contra], message: Message, channel_id: int
    ) -> Message | None:
        """As `find`; where the message now goes to another channel the old one may be closed."""
        try:
            return await self.find(board, message)
        except Unreachable as error:
            if message.channel_id == channel_id or error.ambiguous:
                raise
            return None

    async def _prepare(
        self, kind: str, ref: int, part: int, channel_id: int
    ) -> tuple[Message, bool]:
        now = self._clock.now()

        async def work(connection: AsyncConnection) -> tuple[Message, bool]:
            return await Messages(connection).prepare(kind, ref, part, channel_id, now)

        return await self._database.write(work)

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
