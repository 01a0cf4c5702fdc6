"""The line to arXiv: one at a time over all processes, free the moment its holder ends."""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from asyncio.subprocess import PIPE, Process
from typing import TYPE_CHECKING

import pytest

from storage.database import Database
from storage.errors import StorageError
from tests.storage.conftest import NOW, ROOT

if TYPE_CHECKING:
    from pathlib import Path


async def start(job: str, url: str, data: Path) -> Process:
    """Another process on this database."""
    command = (sys.executable, "-m", "tests.storage.line_holder", job, url, str(data))
    return await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdin=PIPE, stdout=PIPE)


async def holder(url: str, data: Path) -> Process:
    """A process that holds the line until its input ends."""
    process = await start("hold", url, data)
    assert process.stdout is not None
    assert await process.stdout.readline() == b"held\n"
    return process


async def hold(database: Database, taken: asyncio.Event) -> None:
    """Take the line and give it back."""
    async with database.line():
        taken.set()


async def test_who_comes_second_waits_for_the_first(
    database: Database, url: str, tmp_path: Path
) -> None:
    """While another process holds the line nobody gets it, and at once when it is given back."""
    process = await holder(url, tmp_path)
    taken = asyncio.Event()
    waiting = asyncio.create_task(hold(database, taken))
    await asyncio.sleep(0.3)
    assert not taken.is_set()
    await process.communicate(b"")
    async with asyncio.timeout(5):
        await waiting


async def test_a_killed_holder_leaves_nothing(database: Database, url: str, tmp_path: Path) -> None:
    """After kill −9 of its holder the line goes to who waits for it."""
    process = await holder(url, tmp_path)
    waiting = asyncio.create_task(hold(database, asyncio.Event()))
    await asyncio.sleep(0.2)
    process.kill()
    await process.communicate()
    async with asyncio.timeout(5):
        await waiting


async def test_two_in_one_process_never_hold_it_at_once(
    database: Database, url: str, tmp_path: Path
) -> None:
    """Two databases opened in one process exclude each other too, and both get their turns."""
    held = most = 0

    async def take(one: Database) -> None:
        nonlocal held, most
        for _ in range(5):
            async with one.line():
                held += 1
                most = max(most, held)
                await asyncio.sleep(0.002)
                held -= 1

    async with Database.open(url, data=tmp_path, now=lambda: NOW) as other:
        await asyncio.gather(take(database), take(other))
    assert most == 1


async def test_waiting_leaves_the_loop_free(database: Database, url: str, tmp_path: Path) -> None:
    """Waiting blocks no other task, and burns no time of the processor."""
    process = await holder(url, tmp_path)
    waiting = asyncio.create_task(hold(database, asyncio.Event()))
    await asyncio.sleep(0.1)
    burnt = time.process_time()
    for _ in range(40):
        await asyncio.sleep(0.005)
    assert time.process_time() - burnt < 0.1
    await process.communicate(b"")
    await waiting


async def test_who_gives_up_leaves_the_line_to_others(
    database: Database, url: str, tmp_path: Path
) -> None:
    """A cancelled wait keeps nothing: later, the line is free for the next."""
    process = await holder(url, tmp_path)
    for _ in range(3):
        waiting = asyncio.create_task(hold(database, asyncio.Event()))
        await asyncio.sleep(0.1)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    await process.communicate(b"")
    async with asyncio.timeout(5):
        await hold(database, asyncio.Event())
    for thread in [one for one in threading.enumerate() if one.name == "line"]:
        thread.join(5)
        assert not thread.is_alive()


async def test_a_process_may_end_while_it_waits(
    database: Database, url: str, tmp_path: Path
) -> None:
    """Whoever gave up waiting can leave, though the line is still held."""
    async with database.line(), asyncio.timeout(20):
        process = await start("give-up", url, tmp_path)
        told, _ = await process.communicate()
    assert told == b"gave up\n"
    assert process.returncode == 0


async def test_an_error_gives_it_back(database: Database) -> None:
    """An exception inside gives the line back, and it can be taken again and again."""
    for _ in range(2):
        with pytest.raises(LookupError):
            async with database.line():
                raise LookupError("of the caller")


async def test_a_folder_that_cannot_be_written_is_named(sqlite_url: str, tmp_path: Path) -> None:
    """Where the lock cannot stand, the error names the file."""
    (tmp_path / "papers.db.arxiv").mkdir()
    async with Database.open(sqlite_url, data=tmp_path, now=lambda: NOW) as database:
        with pytest.raises(StorageError, match=r"papers\.db\.arxiv cannot be written"):
            async with database.line():
                pass
