"""What the search index follows: each changed document's key under an ever rising revision.

A revision's number alone does not say which database it is of: after an older copy was restored and
written to, the same number stands for something else. So every connection that writes signs its
first revision with a name of its own.
"""

from __future__ import annotations

from secrets import token_hex
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from storage.schema import changes, revisions, writers
from storage.statements import chunks, upsert

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection


class Changes:
    """Keys are a paper's primary id, or `entry:ID` for an entry without a paper."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def touch(self, keys: Sequence[str]) -> int:
        """Give each key a revision of its own, in order, and return the latest revision."""
        distinct = list(dict.fromkeys(keys))
        if not distinct:
            return await self.revision()
        statement = update(revisions).values(revision=revisions.c.revision + len(distinct))
        latest: int = await self._connection.scalar(statement.returning(revisions.c.revision))
        first = latest - len(distinct) + 1
        await self._sign(first)
        insert = upsert(self._connection, changes)
        await self._connection.execute(
            insert.on_conflict_do_update(
                index_elements=["key"], set_={"revision": insert.excluded.revision}
            ),
            [{"key": key, "revision": first + index} for index, key in enumerate(distinct)],
        )
        return latest

    async def _sign(self, revision: int) -> None:
        name = self._connection.info.setdefault("writer", token_hex(8))
        statement = upsert(self._connection, writers).values(name=name, first_revision=revision)
        await self._connection.execute(statement.on_conflict_do_nothing())

    async def revision(self) -> int:
        """The latest revision; 0 where nothing was ever written."""
        return int(await self._connection.scalar(select(revisions.c.revision)) or 0)

    async def origin(self, revision: int) -> str:
        """Whose revision this is: the same in the same database, else another (or nobody's: "")."""
        signed = select(writers.c.name).where(writers.c.first_revision <= revision)
        latest = signed.order_by(writers.c.first_revision.desc()).limit(1)
        return str(await self._connection.scalar(latest) or "")

    async def since(self, revision: int, limit: int) -> tuple[tuple[str, int], ...]:
        """(key, revision) of what changed after `revision`, in the order of the revisions."""
        rows = await self._connection.execute(
            select(changes.c.key, changes.c.revision)
            .where(changes.c.revision > revision)
            .order_by(changes.c.revision)
            .limit(limit)
        )
        return tuple((row.key, row.revision) for row in rows)

    async def changed(self, keys: Sequence[str], revision: int) -> set[str]:
        """Those of `keys` that changed after `revision`."""
        found: set[str] = set()
        for some in chunks(keys):
            late = select(changes.c.key).where(changes.c.revision > revision)
            found.update(await self._connection.scalars(late.where(changes.c.key.in_(some))))
        return found

    async def latest(self, limit: int) -> tuple[str, ...]:
        """The keys that changed last, the latest first."""
        newest = select(changes.c.key).order_by(changes.c.revision.desc()).limit(limit)
        keys: list[str] = list(await self._connection.scalars(newest))
        return tuple(keys)
