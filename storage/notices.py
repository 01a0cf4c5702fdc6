"""What is said in the review channel beside the cards: once about each subject."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from storage.models import Notice
from storage.schema import messages, notices
from storage.statements import upsert

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection

MESSAGE = "n"
"""Message kind of notices; `n17.0.0` is the message of notice 17."""

COLUMNS = [notices.c[name] for name in Notice.__slots__]


class Notices:
    """Notices over one connection. Each stays, so that nothing is said twice."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, kind: str, subject: str, text: str, now: datetime) -> bool:
        """Have something said about a subject; False where this kind of thing was said before."""
        values = {"kind": kind, "subject": subject, "text": text, "created_at": now}
        statement = upsert(self._connection, notices).values(values)
        statement = statement.on_conflict_do_nothing(index_elements=["kind", "subject"])
        added = await self._connection.scalar(statement.returning(notices.c.id))
        return added is not None

    async def last(self, kind: str) -> Notice | None:
        """The latest notice of a kind, or None."""
        newest = notices.c.id.desc()
        statement = select(*COLUMNS).where(notices.c.kind == kind).order_by(newest).limit(1)
        row = (await self._connection.execute(statement)).one_or_none()
        return None if row is None else _notice(row)

    async def unsaid(self) -> tuple[Notice, ...]:
        """Those that are not known to have gone out, the oldest first."""
        sent = select(messages.c.key).where(
            messages.c.kind == MESSAGE,
            messages.c.ref == notices.c.id,
            messages.c.message_id.is_not(None),
        )
        statement = select(*COLUMNS).where(~sent.exists()).order_by(notices.c.id)
        return tuple(_notice(row) for row in await self._connection.execute(statement))


def _notice(row: Row[Any]) -> Notice:
    return Notice(**row._asdict())
