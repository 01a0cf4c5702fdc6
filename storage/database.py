"""The database: readers beside one writer at a time, and what either fails with."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import AsyncExitStack, asynccontextmanager, closing
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import text

from storage import backups, engine, faults, lease, line, migrate
from storage.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
    from datetime import datetime
    from pathlib import Path
    from typing import Any, TypeVar

    from sqlalchemy import URL
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

    T = TypeVar("T")

log = structlog.get_logger()

WRITER_LOCK = 0x53594E_57
SERIALISE = text("SELECT pg_advisory_xact_lock(:key)").bindparams(key=WRITER_LOCK)


class Database:
    """One open database. Stores (`Papers(connection)` …) work inside `read` and `write`."""

    def __init__(self, url: URL, reader: AsyncEngine, writer: AsyncEngine) -> None:
        self._url = url
        self._reader = reader
        self._writer = writer
        self._turn = asyncio.Lock()
        self._work: set[asyncio.Task[Any]] = set()
        self.dialect: str = url.get_backend_name()

    @classmethod
    @asynccontextmanager
    async def open(
        cls, url: str, *, data: Path, now: Callable[[], datetime]
    ) -> AsyncIterator[Database]:
        """Open the database, made or brought up to date first; leaving waits for what is under way.

        Backup copies made before a migration stand in `data`/backups, the last three of them.
        Raises DatabaseUnreachable, NewerSchema.
        """
        parsed = engine.parse_url(url)
        await asyncio.to_thread(_try_file, parsed)
        async with AsyncExitStack() as stack:
            reader, writer = engine.reader(parsed), engine.writer(parsed)
            stack.push_async_callback(reader.dispose)
            stack.push_async_callback(writer.dispose)
            await _prepare(parsed, writer, data / "backups", now)
            database = cls(parsed, reader, writer)
            stack.push_async_callback(database._settle)
            yield database

    async def read(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """What `work` finds, on a connection that cannot write."""

        async def run() -> T:
            """Work on a connection of its own."""
            async with faults.connection(self._reader, self._url) as connection:
                return await work(connection)

        return await self._shielded(run())

    async def write(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """Run `work` in one transaction, alone among all writers of all processes.

        A caller that is cancelled leaves at once; the transaction goes on, and is kept whole. It is
        rolled back if `work` raises. `work` must not call `write` itself.
        """

        async def run() -> T:
            """Work in turn, kept whole or not at all."""
            async with (
                self._turn,
                faults.connection(self._writer, self._url) as connection,
                connection.begin(),
            ):
                if self.dialect == "postgresql":
                    await connection.execute(SERIALISE)
                return await work(connection)

        return await self._shielded(run())

    async def backup(self, target: Path) -> None:
        """Copy the whole database to a new file `target`. Raises StorageError."""
        path = engine.file_of(self._url)
        if path is None:
            raise StorageError("PostgreSQL is backed up with its own tools: run pg_dump")
        await asyncio.to_thread(backups.copy, path, target)

    @asynccontextmanager
    async def lease(self, holder: str) -> AsyncIterator[None]:
        """Be the only one who runs on this database, under the name `holder`. Raises LeaseHeld."""
        path = engine.file_of(self._url)
        if path is None:
            async with lease.server_lease(self._url, holder):
                yield
        else:
            with lease.file_lease(path.with_name(f"{path.name}.lease"), holder):
                yield

    @asynccontextmanager
    async def line(self) -> AsyncIterator[None]:
        """Be the only one who asks arXiv, over all processes on this database.

        Waits for the others; a holder that dies leaves it free at once. Raises StorageError.
        """
        path = engine.file_of(self._url)
        held = (
            line.server_line(self._url)
            if path is None
            else line.file_line(path.with_name(f"{path.name}.arxiv"))
        )
        async with held:
            yield

    async def _shielded(self, work: Coroutine[Any, Any, T]) -> T:
        task = asyncio.create_task(work)
        self._work.add(task)
        task.add_done_callback(self._work.discard)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            task.add_done_callback(_report_unheard)
            raise

    async def _settle(self) -> None:
        while self._work:
            await asyncio.wait(self._work)


def _report_unheard(task: asyncio.Task[Any]) -> None:
    if not task.cancelled() and (error := task.exception()):
        log.warning("work failed after its caller had gone", reason=str(error))


def _try_file(url: URL) -> None:
    """Make the folder of a SQLite file, and see that the file can be read. Blocking.

    aiosqlite does not wait for the thread of a connection that could not be opened; the thread may
    then outlive the event loop and complain. So a file that cannot be opened never gets that far.
    """
    path = engine.file_of(url)
    if path is None:
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA schema_version")
    except (OSError, sqlite3.Error) as error:
        raise faults.unreachable(url, error) from error


async def _prepare(
    url: URL, writer: AsyncEngine, folder: Path, now: Callable[[], datetime]
) -> None:
    async with faults.connection(writer, url) as connection:
        current = await migrate.revision(connection)
    if current != migrate.HEAD:
        await migrate.migrate(url, current, folder, now())
