"""Messages the bot owes or has sent: each has its row before it goes out, so it goes out once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, or_, select, update

from storage.errors import StorageError
from storage.models import CandidateState, Message
from storage.schema import candidates, messages
from storage.statements import chunks

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Row, Select
    from sqlalchemy.ext.asyncio import AsyncConnection

LONGEST_KEY = 25
"""Discord's limit for a nonce (discord-api-docs, Create Message)."""

COLUMNS = [messages.c[name] for name in Message.__slots__]


class Messages:
    """Messages over one connection. The last attempt at a (kind, ref, part) is the current one."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def prepare(
        self, kind: str, ref: int, part: int, channel_id: int, now: datetime
    ) -> tuple[Message, bool]:
        """The current attempt for (kind, ref, part), and whether it was created by this call."""
        current = await self._current(kind, ref, part)
        if current is not None:
            return current, False
        return await self._add(kind, ref, part, 0, channel_id, now), True

    async def renew(self, key: str, channel_id: int, now: datetime) -> Message:
        """The next attempt for a message that is gone; if there is one already, that one."""
        old = await self.get(key)
        current = await self._current(old.kind, old.ref, old.part)
        if current is not None and current.attempt > old.attempt:
            return current
        return await self._add(old.kind, old.ref, old.part, old.attempt + 1, channel_id, now)

    async def sent(self, key: str, message_id: int, now: datetime) -> None:
        """Note under which id the message went out. Raises StorageError for an unknown key."""
        done = await self._connection.execute(
            update(messages).where(messages.c.key == key).values(message_id=message_id, sent_at=now)
        )
        if not done.rowcount:
            raise _unknown(key)

    async def show(self, key: str, revision: int) -> None:
        """Note what a message shows: of a card the revision of its candidate."""
        await self._connection.execute(
            update(messages).where(messages.c.key == key).values(revision=revision)
        )

    async def behind(self, kind: str) -> tuple[Message, ...]:
        """Cards that went out and show another revision than their candidate's, their `ref`."""
        statement = (
            newest()
            .join(candidates, candidates.c.id == messages.c.ref)
            .where(messages.c.kind == kind, messages.c.message_id.is_not(None))
            .where(or_(messages.c.revision.is_(None), messages.c.revision != candidates.c.revision))
            .order_by(messages.c.ref, messages.c.part)
        )
        return await self._all(statement)

    async def lost(self, kind: str) -> tuple[Message, ...]:
        """Cards of which nobody knows whether they went out, and which need not go out any more.

        Their candidate, their `ref`, is not queued now; `show` settles the matter.
        """
        statement = (
            newest()
            .join(candidates, candidates.c.id == messages.c.ref)
            .where(messages.c.kind == kind, messages.c.message_id.is_(None))
            .where(messages.c.revision.is_(None), candidates.c.state != CandidateState.QUEUED)
        )
        return await self._all(statement.order_by(messages.c.ref, messages.c.part))

    async def get(self, key: str) -> Message:
        """The message with this key. Raises StorageError for an unknown one."""
        found = await self._all(select(*COLUMNS).where(messages.c.key == key))
        if not found:
            raise _unknown(key)
        return found[0]

    async def prepared_at(self, key: str) -> datetime:
        """When the row was made. Raises StorageError for an unknown key."""
        statement = select(messages.c.prepared_at).where(messages.c.key == key)
        prepared: datetime | None = await self._connection.scalar(statement)
        if prepared is None:
            raise _unknown(key)
        return prepared

    async def of_message(self, channel_id: int, message_id: int) -> Message | None:
        """The message Discord knows by these ids, or None."""
        found = await self._all(
            select(*COLUMNS)
            .where(messages.c.channel_id == channel_id, messages.c.message_id == message_id)
            .order_by(messages.c.prepared_at.desc())
        )
        return found[0] if found else None

    async def of_ref(self, kind: str, ref: int) -> tuple[Message, ...]:
        """The current attempts for all parts of (kind, ref), by part."""
        statement = newest().where(messages.c.kind == kind, messages.c.ref == ref)
        return await self._all(statement.order_by(messages.c.part))

    async def of_kind(self, kind: str, refs: Sequence[int]) -> dict[int, Message]:
        """The current attempt for the first part of each of `refs` that has one."""
        first = newest().where(messages.c.kind == kind, messages.c.part == 0)
        found: list[Message] = []
        for some in chunks(refs, 500):
            found += await self._all(first.where(messages.c.ref.in_(some)))
        return {one.ref: one for one in found}

    async def of_state(self, kind: str, *states: CandidateState) -> tuple[Message, ...]:
        """The cards that went out of candidates, their `ref`, in any of these states."""
        statement = (
            newest()
            .join(candidates, candidates.c.id == messages.c.ref)
            .where(messages.c.kind == kind, messages.c.message_id.is_not(None))
            .where(candidates.c.state.in_(states))
        )
        return await self._all(statement.order_by(messages.c.ref, messages.c.part))

    async def _current(self, kind: str, ref: int, part: int) -> Message | None:
        found = await self._all(
            newest().where(messages.c.kind == kind, messages.c.ref == ref, messages.c.part == part)
        )
        return found[0] if found else None

    async def _add(
        self, kind: str, ref: int, part: int, attempt: int, channel_id: int, now: datetime
    ) -> Message:
        key = f"{kind}{ref}.{part}.{attempt}"
        if len(key) > LONGEST_KEY:
            raise ValueError(f"the message key {key} is longer than {LONGEST_KEY} characters")
        message = Message(key, kind, ref, part, attempt, channel_id, None)
        values = {name: getattr(message, name) for name in Message.__slots__}
        await self._connection.execute(insert(messages).values(**values, prepared_at=now))
        return message

    async def _all(self, statement: Select[Any]) -> tuple[Message, ...]:
        return tuple(message_of(row) for row in await self._connection.execute(statement))


def newest() -> Select[Any]:
    """The current attempt for each (kind, ref, part)."""
    other = messages.alias("other")
    last = (
        select(func.max(other.c.attempt))
        .where(
            other.c.kind == messages.c.kind,
            other.c.ref == messages.c.ref,
            other.c.part == messages.c.part,
        )
        .scalar_subquery()
    )
    return select(*COLUMNS).where(messages.c.attempt == last)


def message_of(row: Row[Any]) -> Message:
    """The record of a row that `newest` selects."""
    return Message(**row._asdict())


def _unknown(key: str) -> StorageError:
    return StorageError(f"no message has the key {key}")
