"""How the index follows the database: the list at once, much in batches, crashes without loss."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import structlog

from storage.changes import Changes
from storage.errors import StorageError
from storage.precedence import ANSWERS_FIRST
from storage.search_due import AT_ONCE, batch_of, before, due_on_list, next_batch, standing
from storage.search_index import Mark, no_pause

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import TypeVar

    from storage.database import Database
    from storage.search_due import Batch
    from storage.search_index import Shelf
    from storage.search_place import Place

    T = TypeVar("T")

BATCH = 500
"""Documents a commit: few enough that who waits for one waits about 0.2 s."""

MOST_BEFORE = 500
"""Documents in memory that were not committed, from which on those who refresh wait for that."""

SOON = 0.1
"""Seconds after which what is found already is committed: a commit would take the processor from
the search that waits for it. From an approval to its paper found: p50 44 ms became 33."""

log = structlog.get_logger()


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
        self._more = False
        self._hurry = asyncio.Event()
        self._closing = False
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
        self._hurry.set()
        if self._following is not None:
            await asyncio.wait([self._following])

    async def close(self) -> None:
        """Stop after the commit under way."""
        self._closing = True
        self._hurry.set()
        while self._tasks:
            await asyncio.wait(self._tasks)
        if self._shelf is not None:
            self._shelf.abandon()
        self._shelf = self._known = None
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

    async def _refresh(self, database: Database) -> int:
        applied = None
        if self._known is database:
            async with self._front:
                applied = await self._put_before(database)
        if applied is None:
            async with self._turn, self._front:
                applied = await self._apply(database, await self._renew(database))
            self._go_on(database)
        return applied

    async def _put_before(self, database: Database) -> int | None:
        """Make what is due findable before it is committed; None where that cannot be."""
        shelf = await self.opened()
        due = await database.read(lambda c: before(c, shelf.revision, shelf.examined))
        if due.through == shelf.revision:
            return 0
        room = len(due.keys) <= AT_ONCE and len(shelf.replaced) < MOST_BEFORE
        if self._place.shared or (due.keys and not room):
            return None
        if due.keys:
            await asyncio.to_thread(shelf.put_before, *due)
        if shelf is not self._shelf:
            return None  # started over meanwhile, and this went into the one that was given up
        shelf.examined = max(shelf.examined, due.through)
        self._go_on(database)
        return len(due.keys)

    async def _renew(self, database: Database) -> int:
        """Make sure of an index that can go on from where it is; up to which revision."""
        shelf = await self._open()
        if self._place.shared:
            latest = await database.read(lambda c: Changes(c).revision())
            shelf = await asyncio.to_thread(self._place.renewed, shelf, latest)
            self._shelf = shelf
        latest, mark = await database.read(lambda c: standing(c, shelf.mark.revision))
        if latest < mark.revision or shelf.mark not in {mark, Mark()}:
            # An older copy of the database was restored, or it is another one.
            await self._start_over()
        elif self._known is not database:
            shelf.drop_later()
        self._known = database
        # What another process writes stays as it is: what came while it was looked at comes next.
        return self.revision if self._place.shared else latest

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
        self._more = True
        if self._following is None and not (self._closing or self._place.shared):
            self._hurry.clear()
            self._following = self._spawn(self._follow(database))

    async def _apply_next(self, database: Database, pause: Callable[[], None] = no_pause) -> int:
        """Apply the next batch of changes; 0 when there are none."""
        known = await self._committed()
        batch = await database.read(lambda c: next_batch(c, known, BATCH))
        if batch.keys:
            await self._commit(batch, pause)
        return len(batch.keys)

    async def _apply_listed(self, database: Database, latest: int) -> int:
        """Commit what changed on the list, out of turn: the index's revision stays."""
        shelf, known = await self._open(), await self._committed()
        after = max(shelf.examined, self.revision)
        due = await database.read(lambda c: due_on_list(c, after, latest))
        keys = list(dict.fromkeys([*due, *shelf.replaced]))
        if keys:
            await self._commit(await database.read(lambda c: batch_of(c, keys, known)))
            shelf.drop_later()
        shelf.examined = latest
        return len(due)

    async def _commit(self, batch: Batch, pause: Callable[[], None] = no_pause) -> None:
        shelf = await self._open()
        try:
            await asyncio.to_thread(shelf.commit, *batch, pause)
        except ValueError as error:
            shelf.abandon()
            if await asyncio.to_thread(self._place.intact):
                raise StorageError(f"The search index cannot be written: {error}") from error
            log.warning("the search index is damaged and built anew", reason=str(error))
            await self._start_over()

    async def _follow(self, database: Database) -> None:
        """Apply batch after batch until nothing is left; others take their turn in between."""
        try:
            if (await self.opened()).replaced:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._hurry.wait(), SOON)
            while self._more and not self._closing:
                await ANSWERS_FIRST.stand_back()
                async with self._turn:
                    await self._follow_once(database)
        except (StorageError, ValueError) as error:
            log.warning("the search index is behind", revision=self.revision, reason=str(error))
        finally:
            self._following = None

    async def _follow_once(self, database: Database) -> None:
        self._more = False
        if await self._apply_next(database, ANSWERS_FIRST.pause):
            self._more = True
        elif not self._more:
            shelf = await self._open()
            await asyncio.to_thread(shelf.release)

    def _spawn(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _shielded(self, work: Coroutine[Any, Any, T]) -> T:
        # A thread goes on when its caller is cancelled: nobody else may write before it is done.
        return await asyncio.shield(self._spawn(work))
