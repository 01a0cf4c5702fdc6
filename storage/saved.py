"""Members' reading lists: each sees the own one only."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import delete, func, nulls_first, select, update

from storage.columns import clean
from storage.models import Saved
from storage.schema import saved
from storage.statements import upsert

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.ext.asyncio import AsyncConnection

COLUMNS = [saved.c[name] for name in Saved.__slots__]


class Counts(NamedTuple):
    """How many papers stand on a reading list."""

    unread: int
    read: int


class ReadingLists:
    """What members saved, over one connection. `read` is True, False, or None for both."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, member_id: int, key: str, now: datetime) -> bool:
        """Save a paper; False where it was saved already, which stays as it is."""
        statement = upsert(self._connection, saved).values(
            member_id=member_id, key=key, saved_at=now
        )
        added = await self._connection.execute(statement.on_conflict_do_nothing())
        return bool(added.rowcount)

    async def remove(self, member_id: int, key: str) -> bool:
        """Take a paper off; False where it did not stand there."""
        gone = await self._connection.execute(delete(saved).where(*_of(member_id, key)))
        return bool(gone.rowcount)

    async def mark(self, member_id: int, key: str, read_at: datetime | None) -> bool:
        """Mark a paper read at a moment, or unread; False where it is not on the list."""
        marked = update(saved).where(*_of(member_id, key)).values(read_at=read_at)
        return bool((await self._connection.execute(marked)).rowcount)

    async def counts(self, member_id: int) -> Counts:
        """How many papers a member saved."""
        statement = select(func.count(), func.count(saved.c.read_at)).where(
            saved.c.member_id == member_id
        )
        everything, read = (await self._connection.execute(statement)).one()
        return Counts(everything - read, read)

    async def page(
        self, member_id: int, *, read: bool | None = None, limit: int = 10_000, offset: int = 0
    ) -> tuple[Saved, ...]:
        """What a member saved: unread before read, what was saved or read last first."""
        statement = select(*COLUMNS).where(saved.c.member_id == member_id, *_state(read=read))
        order = (nulls_first(saved.c.read_at.desc()), saved.c.saved_at.desc(), saved.c.key)
        rows = await self._connection.execute(
            statement.order_by(*order).limit(limit).offset(offset)
        )
        return tuple(Saved(**row._asdict()) for row in rows)


def _of(member_id: int, key: str) -> tuple[ColumnElement[bool], ...]:
    return saved.c.member_id == member_id, saved.c.key == clean(key)


def _state(*, read: bool | None) -> tuple[ColumnElement[bool], ...]:
    if read is None:
        return ()
    return (saved.c.read_at.is_not(None) if read else saved.c.read_at.is_(None),)
