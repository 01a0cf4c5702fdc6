"""One process runs on a database; the lease dies with it."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from typing import TYPE_CHECKING

import pytest

from storage.database import Database
from storage.errors import LeaseHeld
from tests.storage.conftest import NOW, ROOT

if TYPE_CHECKING:
    from pathlib import Path


async def holder(url: str, data: Path) -> Process:
    """A process that holds the lease until its input ends."""
    command = (sys.executable, "-m", "tests.storage.worker", "hold", url, str(data))
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdin=PIPE, stdout=PIPE)
    assert process.stdout is not None
    assert await process.stdout.readline() == b"held\n"
    return process


async def test_a_second_one_is_told_who_holds_it(
    database: Database, url: str, tmp_path: Path
) -> None:
    """While another process holds the lease, taking it fails and names that one."""
    process = await holder(url, tmp_path)
    with pytest.raises(LeaseHeld, match="bot run on host one, process 17") as refused:
        async with database.lease("me"):
            pass
    assert "\n" not in str(refused.value)
    await process.communicate(b"")
    async with database.lease("me"):
        pass


async def test_a_killed_holder_leaves_nothing(database: Database, url: str, tmp_path: Path) -> None:
    """After kill −9 of its holder the lease is free."""
    process = await holder(url, tmp_path)
    process.kill()
    await process.communicate()
    for _ in range(100):
        try:
            async with database.lease("me"):
                return
        except LeaseHeld:  # the server notices a dead connection in its own time
            await asyncio.sleep(0.05)
    pytest.fail("the lease of a dead process is still held")


async def test_it_is_given_back_after_an_error(database: Database) -> None:
    """An exception inside gives the lease back, and it can be taken again and again."""
    for _ in range(2):
        with pytest.raises(LookupError):
            async with database.lease("me"):
                raise LookupError("of the caller")


async def test_it_is_held_against_this_process_too(
    database: Database, url: str, tmp_path: Path
) -> None:
    """Two leases never stand at once, not even in one process; reading and writing go on."""
    async with (
        database.lease("the first\nof two"),
        Database.open(url, data=tmp_path, now=lambda: NOW) as other,
    ):
        with pytest.raises(LeaseHeld, match="the first of two"):
            async with other.lease("me"):
                pass
