"""Reading and writing: one writer at a time, whole transactions, errors of our own."""

from __future__ import annotations

import asyncio
import random
import sys
import threading
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert, select, text
from structlog.testing import capture_logs

from storage.database import Database
from storage.errors import StorageError
from storage.schema import settings
from storage.settings import Settings
from tests.storage.conftest import NOW, ROOT
from tests.storage.worker import add_one

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.ext.asyncio import AsyncConnection


async def number(database: Database) -> int:
    """The number that workers count up."""
    return int(await database.read(lambda c: Settings(c).get("number")) or 0)


async def test_write_returns_and_keeps(database: Database) -> None:
    """What a writer wrote can be read as soon as it returns."""

    async def work(connection: AsyncConnection) -> str:
        await Settings(connection).put("a", "1")
        return "done"

    assert await database.write(work) == "done"
    assert await database.read(lambda c: Settings(c).get("a")) == "1"


async def test_write_rolls_back(database: Database) -> None:
    """An exception in the work undoes all of it and reaches the caller as it is."""

    async def work(connection: AsyncConnection) -> None:
        await Settings(connection).put("a", "1")
        raise LookupError("half way")

    with pytest.raises(LookupError, match="half way"):
        await database.write(work)
    assert await database.read(lambda c: Settings(c).get("a")) is None


async def test_readers_cannot_write(database: Database) -> None:
    """A write on a reader's connection is refused with one clear line."""
    with pytest.raises(StorageError, match=r"read-?only") as refused:
        await database.read(lambda c: Settings(c).put("a", "1"))
    assert "\n" not in str(refused.value)


async def test_readers_do_not_wait_for_a_writer(database: Database) -> None:
    """While a transaction is open readers go on, and see what was there before it."""
    await database.write(add_one)
    inside, leave = asyncio.Event(), asyncio.Event()

    async def work(connection: AsyncConnection) -> None:
        await add_one(connection)
        inside.set()
        await leave.wait()

    writing = asyncio.create_task(database.write(work))
    await inside.wait()
    assert await asyncio.gather(*(number(database) for _ in range(20))) == [1] * 20
    leave.set()
    await writing
    assert await number(database) == 2


async def test_a_refused_statement_is_our_error(database: Database) -> None:
    """A driver's error becomes a StorageError without the statement or its values."""

    async def twice(connection: AsyncConnection) -> None:
        for _ in range(2):
            await connection.execute(insert(settings).values(key="k", value="very private"))

    with pytest.raises(StorageError) as refused:
        await database.write(twice)
    assert "unique" in str(refused.value).lower()
    assert "INSERT" not in str(refused.value)
    assert "private" not in str(refused.value)


async def test_a_cancelled_writer_leaves_its_transaction_whole(database: Database) -> None:
    """Cancelled in the middle, the caller is told so at once and the transaction is kept."""
    inside, leave = asyncio.Event(), asyncio.Event()

    async def work(connection: AsyncConnection) -> None:
        await Settings(connection).put("first", "half")
        inside.set()
        await leave.wait()
        await Settings(connection).put("second", "half")

    writing = asyncio.create_task(database.write(work))
    await inside.wait()
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    leave.set()
    await database.write(add_one)
    rows = await database.read(lambda c: c.execute(select(settings.c.key)))
    assert {row.key for row in rows} == {"first", "second", "number"}


async def test_closing_waits_for_abandoned_work(url: str, tmp_path: Path) -> None:
    """A transaction whose caller is gone is finished before the database closes."""
    inside = asyncio.Event()

    async def work(connection: AsyncConnection) -> None:
        await Settings(connection).put("a", "1")
        inside.set()
        await asyncio.sleep(0.05)
        await Settings(connection).put("b", "2")

    async with Database.open(url, data=tmp_path, now=lambda: NOW) as database:
        writing = asyncio.create_task(database.write(work))
        await inside.wait()
        writing.cancel()
    async with Database.open(url, data=tmp_path, now=lambda: NOW) as database:
        assert await database.read(lambda c: Settings(c).get("b")) == "2"
    with pytest.raises(asyncio.CancelledError):
        await writing


async def test_abandoned_work_that_fails_is_logged(database: Database) -> None:
    """The failure of a transaction whose caller is gone stands in the log and nowhere else."""
    inside = asyncio.Event()

    async def work(connection: AsyncConnection) -> None:
        inside.set()
        await asyncio.sleep(0.01)
        raise LookupError("nobody hears")

    with capture_logs() as logged:
        writing = asyncio.create_task(database.write(work))
        await inside.wait()
        writing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await writing
        await database.write(add_one)
    assert [entry["reason"] for entry in logged] == ["nobody hears"]


async def test_many_writers_cancelled_at_random(database: Database) -> None:
    """Of 360 writers a third is cancelled at random: no half transaction, no locked database."""
    chance = random.Random(7)

    async def work(connection: AsyncConnection, key: str) -> None:
        await Settings(connection).put(f"{key}/first", "x")
        await asyncio.sleep(0)
        await Settings(connection).put(f"{key}/second", "x")

    tasks = [
        asyncio.create_task(database.write(lambda c, key=str(n): work(c, key))) for n in range(360)
    ]
    for task in chance.sample(tasks, 120):
        await asyncio.sleep(chance.random() / 100)
        task.cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(result is None or isinstance(result, asyncio.CancelledError) for result in results)
    rows = await database.read(lambda c: c.execute(select(settings.c.key)))
    written: dict[str, set[str]] = {}
    for row in rows:
        key, half = row.key.split("/")
        written.setdefault(key, set()).add(half)
    assert all(halves == {"first", "second"} for halves in written.values())
    done = {str(n) for n, result in enumerate(results) if result is None}
    assert done <= written.keys()


async def test_readers_cancelled_at_random(database: Database) -> None:
    """Cancelled readers neither use up the connections nor disturb each other."""
    chance = random.Random(8)
    await database.write(add_one)
    tasks = [asyncio.create_task(number(database)) for _ in range(200)]
    for task in chance.sample(tasks, 100):
        await asyncio.sleep(0)
        task.cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert {result for result in results if isinstance(result, int)} <= {1}
    assert await asyncio.gather(*(number(database) for _ in range(20))) == [1] * 20


async def test_writers_of_one_process_take_turns(database: Database) -> None:
    """Read-modify-write by many tasks at once loses no update."""
    await asyncio.gather(*(database.write(add_one) for _ in range(50)))
    assert await number(database) == 50


async def test_writers_of_two_processes_take_turns(url: str, tmp_path: Path) -> None:
    """Read-modify-write by two processes at once loses no update either."""
    command = (sys.executable, "-m", "tests.storage.worker", "count", url, str(tmp_path))
    both = [await asyncio.create_subprocess_exec(*command, cwd=ROOT) for _ in range(2)]
    assert [await process.wait() for process in both] == [0, 0]
    async with Database.open(url, data=tmp_path, now=lambda: NOW) as database:
        assert await number(database) == 80


async def test_closing_leaves_no_thread(sqlite_url: str, tmp_path: Path) -> None:
    """An open database has threads, a closed one has none: the process can end."""

    def threads() -> set[threading.Thread]:
        # Those of the event loop's own pool are named so, and end with the loop.
        return {one for one in threading.enumerate() if not one.name.startswith("asyncio_")}

    before = threads()
    async with Database.open(sqlite_url, data=tmp_path, now=lambda: NOW) as database:
        await asyncio.gather(*(number(database) for _ in range(20)))
        await database.write(add_one)
        assert threads() > before
    for ending in threads() - before:
        ending.join(5)  # told to end, on a busy machine not always there yet
    assert threads() <= before


async def test_references_are_kept(database: Database) -> None:
    """A row that refers to nothing is refused."""
    with pytest.raises(StorageError, match=r"(?i)foreign key"):
        await database.write(
            lambda c: c.execute(
                text("INSERT INTO aliases (alias, paper, position) VALUES ('a', 'b', 0)")
            )
        )
