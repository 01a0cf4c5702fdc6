"""One at a time over all processes: a lock that is waited for and dies with its process."""

from __future__ import annotations

import asyncio
import fcntl
import os
import threading
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from sqlalchemy import text

from storage import engine, faults
from storage.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from sqlalchemy import URL

LINE_LOCK = 0x53594E_41
WAIT = text("SELECT pg_advisory_lock(:key)").bindparams(key=LINE_LOCK)
GIVE_BACK = text("SELECT pg_advisory_unlock(:key)").bindparams(key=LINE_LOCK)


@asynccontextmanager
async def file_line(path: Path) -> AsyncIterator[None]:
    """Hold the lock on `path`, once nobody else does. Raises StorageError."""
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise StorageError(f"{path} cannot be written: {error.strerror}") from error
    try:
        await _lock(handle)
        yield
    finally:
        fcntl.flock(handle, fcntl.LOCK_UN)
        os.close(handle)


async def _lock(handle: int) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        await _wait(handle)


async def _wait(handle: int) -> None:
    """Let a thread wait: the system wakes it the moment the lock is free."""
    loop = asyncio.get_running_loop()
    locked = asyncio.Event()
    # The thread has a handle of its own, so that whoever gives up may close the other one; a lock
    # that comes after that goes with the thread's.
    own = os.dup(handle)

    def wait() -> None:
        try:
            fcntl.flock(own, fcntl.LOCK_EX)
        finally:
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(locked.set)
            os.close(own)

    # A daemon, unlike those of a pool: the process may end while it waits.
    threading.Thread(target=wait, name="line", daemon=True).start()
    await locked.wait()


@asynccontextmanager
async def server_line(url: URL) -> AsyncIterator[None]:
    """Hold an advisory lock on a connection of its own, once nobody else does.

    Raises StorageError.
    """
    single = engine.single(url)
    try:
        async with faults.connection(single, url) as connection:
            await connection.execute(WAIT)
            yield
            await connection.execute(GIVE_BACK)
    finally:
        await single.dispose()
