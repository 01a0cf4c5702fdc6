"""How the index follows the database: the list at once, much in batches, crashes without loss."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, NamedTuple

import structlog

from storage.changes import Changes
from storage.documents import documents, listed_keys
from storage.errors import StorageError
from storage.search_index import Mark

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import TypeVar

    from sqlalchemy.ext.asyncio import AsyncConnection

    from storage.database import Database
    from storage.documents import SearchDocument
    from storage.search_index import Shelf
    from storage.search_place import Place

    T = TypeVar("T")

BATCH = 500
"""Documents a commit: few enough that who waits for one waits about 0.2 s."""

MOST_BEFORE = 500
"""Documents in memory that were not committed, from which on those who refresh wait for that."""

AT_ONCE = 50
"""Changes that a refresh applies itself; of more, only those on the list."""

log = structlog.get_logger()


class _Batch(NamedTuple):
    """What one commit changes: these keys become what was found, and the index is at `mark`."""

    keys: list[str]
    found: dict[str, SearchDocument]
    mark: Mark


class _Before(NamedTuple):
    """What is found before it is committed: see Shelf.put_before."""

    keys: list[str]
    found: dict[str, SearchDocument]
    revision: int
    through: int


class Follower:
    """Keeps the index at one place current.

    One task at a time (whose `_turn` it is) commits; another one (at the `_front`) may put into
    memory what must be found at once. Both are held to start over.
    """

    def __init__(self, place: Place) -> None:
        self._place = place
        self._shelf: Shelf | None = None
        self._turn = asyncio.Lock()
        self._front = asyncio.Lock()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._following: asyncio.Task[None] | None = None
        self._closing = False
        self._examined = 0
        self._known: Database | None = None

    @property
    def revision(self) -> int:
        """The revision up to which everything was applied."""
        return self._shelf.revision if self._shelf else 0

    async def refresh(self, database: Database) -> int:
        """See SearchIndex.refresh."""
        return await self._shielded(self._refresh(database))

    async def complete(self) -> None:
        """Wait for what follows in the background."""
        if self._following is not None:
            await asyncio.wait([self._following])

    async def close(self) -> None:
        """Stop after the commit under way."""
        self._closing = True
        while self._tasks:
            await asyncio.wait(self._tasks)
        if self._shelf is not None:
            self._shelf.abandon()
        self._shelf = None
        self._place.leave()

    async def opened(self) -> Shelf:
        """The index as it is now."""
        if self._shelf is not None:
            return self._shelf

        async def work() -> Shelf:
            """The index, opened in turn."""
            async with self._turn:
                return await self._open()

        return await self._shielded(work())

    async def _open(self) -> Shelf:
        if self._shelf is None:
            self._shelf = await asyncio.to_thread(self._place.open)
        return self._shelf

    async def _start_over(self) -> None:
        if self._shelf is not None:
            self._shelf.abandon()
        self._shelf = await asyncio.to_thread(self._place.start_over)
        self._examined = 0

    async def _refresh(self, database: Database) -> int:
        shelf = await self.opened()
        latest = await database.read(lambda c: Changes(c).revision())
        known = self._known is database
        if known and (latest == self.revision or await self._can_wait(database, latest)):
            return 0
        applied = None
        if known and not self._place.shared and len(shelf.replaced) < MOST_BEFORE:
            async with self._front:
                applied = await self._put_before(database)
        if applied is None:
            async with self._turn, self._front:
                applied = await self._apply(database, await self._renew(database))
        self._go_on(database)
        return applied

    async def _put_before(self, database: Database) -> int | None:
        """Make what is due findable before it is committed; None where that is too much."""
        shelf = await self.opened()

        async def work(connection: AsyncConnection) -> _Before | None:
            """All that changed; where that is much, what changed of it on the list."""
            known, latest = shelf.revision, await Changes(connection).revision()
            if latest - known <= AT_ONCE:
                keys = [key for key, _ in await Changes(connection).since(known, AT_ONCE)]
                known = latest
            else:
                keys = await self._due(connection, latest)
            if len(keys) > AT_ONCE:
                return None
            return _Before(keys, await documents(connection, keys), known, latest)

        before = await database.read(work)
        if before is None:
            return None
        self._examined = max(self._examined, before.through)
        if before.keys:
            await asyncio.to_thread(shelf.put_before, *before)
        return len(before.keys)

    async def _can_wait(self, database: Database, latest: int) -> bool:
        """Whether all that is due comes by itself soon, and nothing of it is on the list."""
        if self._following is None or latest - self.revision <= AT_ONCE:
            return False
        return not await self._due_on_list(database, latest)

    async def _renew(self, database: Database) -> int:
        """Make sure of an index that can go on from where it is; the database's revision."""
        shelf = await self._open()
        if self._place.shared:
            latest = await database.read(lambda c: Changes(c).revision())
            shelf = await asyncio.to_thread(self._place.renewed, shelf, latest)
            self._shelf = shelf
        latest, mark = await database.read(lambda c: _standing(c, shelf.mark.revision))
        if latest < mark.revision or shelf.mark not in {mark, Mark()}:
            # An older copy of the database was restored, or it is another one.
            await self._start_over()
        elif self._known is not database:
            shelf.drop_later()
        self._known = database
        return latest

    async def _apply(self, database: Database, latest: int) -> int:
        applied = 0
        if 0 < latest - await self._committed() <= AT_ONCE:
            applied = await self._apply_next(database)
        if await self._committed() < latest:
            applied += await self._apply_listed(database, latest)
        return applied

    async def _committed(self) -> int:
        return (await self._open()).mark.revision

    def _go_on(self, database: Database) -> None:
        """Leave to the background what a caller need not wait for."""
        if self._following is None and not self._closing:
            self._following = self._spawn(self._follow(database))

    async def _apply_next(self, database: Database) -> int:
        """Apply the next batch of changes; 0 when there are none."""
        known = await self._committed()

        async def work(connection: AsyncConnection) -> _Batch:
            """What changed next, in the order of its revisions."""
            changed = await Changes(connection).since(known, BATCH)
            keys = [key for key, _ in changed]
            return await _batch(connection, keys, changed[-1][1] if changed else known)

        batch = await database.read(work)
        if batch.keys:
            await self._commit(batch)
        return len(batch.keys)

    async def _apply_listed(self, database: Database, latest: int) -> int:
        """Commit what changed on the list, out of turn: the index's revision stays."""
        shelf, known = await self._open(), await self._committed()
        due = await self._due_on_list(database, latest)
        self._examined = latest
        keys = list(dict.fromkeys([*due, *shelf.replaced]))
        if keys:
            await self._commit(await database.read(lambda c: _batch(c, keys, known)))
            shelf.drop_later()
        return len(due)

    async def _due_on_list(self, database: Database, latest: int) -> list[str]:
        """What changed on the list since it was last looked at; all of it in a new index."""
        due = await database.read(lambda c: self._due(c, latest))
        if not due:
            self._examined = max(self._examined, latest)
        return due

    async def _due(self, connection: AsyncConnection, latest: int) -> list[str]:
        after = max(self._examined, self.revision)
        if after >= latest:
            return []
        keys = await listed_keys(connection)
        changed = await Changes(connection).changed(keys, after) if after else set(keys)
        return [key for key in keys if key in changed]

    async def _commit(self, batch: _Batch) -> None:
        shelf = await self._open()
        try:
            await asyncio.to_thread(shelf.commit, *batch)
        except ValueError as error:
            shelf.abandon()
            if await asyncio.to_thread(self._place.intact):
                raise StorageError(f"The search index cannot be written: {error}") from error
            log.warning("the search index is damaged and built anew", reason=str(error))
            await self._start_over()

    async def _follow(self, database: Database) -> None:
        """Apply batch after batch until nothing is left; others take their turn in between."""
        try:
            while self._following is not None and not self._closing:
                async with self._turn:
                    await self._follow_once(database)
        except (StorageError, ValueError) as error:
            log.warning("the search index is behind", revision=self.revision, reason=str(error))
        finally:
            self._following = None

    async def _follow_once(self, database: Database) -> None:
        if await self._apply_next(database):
            return
        shelf = await self._open()
        await asyncio.to_thread(shelf.release)
        self._following = None

    def _spawn(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _shielded(self, work: Coroutine[Any, Any, T]) -> T:
        # A thread goes on when its caller is cancelled: nobody else may write before it is done.
        return await asyncio.shield(self._spawn(work))


async def _batch(connection: AsyncConnection, keys: list[str], revision: int) -> _Batch:
    found = await documents(connection, keys)
    return _Batch(keys, found, Mark(revision, await Changes(connection).origin(revision)))


async def _standing(connection: AsyncConnection, revision: int) -> tuple[int, Mark]:
    """The latest revision, and what an index at `revision` is marked with if it is of this one."""
    changes = Changes(connection)
    return await changes.revision(), Mark(revision, await changes.origin(revision))
