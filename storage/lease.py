"""One `run` a database: the lease is held by a lock that dies with its process."""

from __future__ import annotations

import fcntl
import os
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import text

from storage import engine, faults
from storage.errors import LeaseHeld, StorageError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from sqlalchemy import URL
    from sqlalchemy.ext.asyncio import AsyncConnection

LEASE_LOCK = 0x53594E_4C
LONGEST_NAME = 200

NAME = text("SELECT set_config('application_name', :holder, false)")
TAKE = text("SELECT pg_try_advisory_lock(:key)")
HOLDER = text(
    "SELECT application_name FROM pg_stat_activity JOIN pg_locks USING (pid)"
    " WHERE locktype = 'advisory' AND granted AND objsubid = 1 AND objid = :key AND classid = 0"
    " AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


@contextmanager
def file_lease(path: Path, holder: str) -> Iterator[None]:
    """Hold the lock on `path`, in which the holder's name stands. Raises LeaseHeld.

    The lock goes when the process ends, however it ends; a child made by fork would keep it.
    """
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise StorageError(f"{path} cannot be written: {error.strerror}") from error
    try:
        _lock(handle)
        os.truncate(handle, 0)
        os.pwrite(handle, holder.encode(errors="replace"), 0)
        yield
        os.truncate(handle, 0)
    finally:
        os.close(handle)


def _lock(handle: int) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise _held(os.pread(handle, LONGEST_NAME, 0).decode(errors="replace")) from None


@asynccontextmanager
async def server_lease(url: URL, holder: str) -> AsyncIterator[None]:
    """Hold an advisory lock on a connection named after the holder. Raises LeaseHeld."""
    single = engine.single(url)
    try:
        async with faults.connection(single, url) as connection:
            await connection.execute(NAME, {"holder": " ".join(holder.split())})
            if not await connection.scalar(TAKE, {"key": LEASE_LOCK}):
                raise _held(await _server_holder(connection))
            yield
    finally:
        await single.dispose()


async def _server_holder(connection: AsyncConnection) -> str:
    return str(await connection.scalar(HOLDER, {"key": LEASE_LOCK}) or "")


def _held(name: str) -> LeaseHeld:
    who = " ".join(name.split()) or "another process"
    return LeaseHeld(f"The database is in use by {who}: stop that one first")
