"""The index and its processes: one is killed, others read beside the writer."""

from __future__ import annotations

import asyncio
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from bot.domain.query import parse
from storage import search_follow
from storage.changes import Changes
from storage.database import Database
from storage.search import SearchIndex
from storage.search_files import OwnDirectory, remove_abandoned
from tests.storage.searching import NOW, keys, made_up, make_list, names, on_list, store

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path


@pytest.fixture
async def database(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Database]:
    """SQLite is enough here: the files of the index are the same with PostgreSQL."""
    async with Database.open(sqlite_url, data=tmp_path, now=lambda: NOW) as opened:
        yield opened


async def run(*arguments: str, answers: Sequence[str] = ()) -> tuple[int, str]:
    """Exit status and output of a process of its own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.storage.search_worker", *arguments),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await process.communicate("".join(f"{line}\n" for line in answers).encode())
    return process.returncode or 0, output.decode()


@pytest.mark.parametrize(("commit", "when"), [(1, "after"), (2, "before"), (2, "after")])
async def test_a_crash_between_batches_loses_nothing(
    database: Database,
    sqlite_url: str,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    commit: int,
    when: str,
) -> None:
    """Killed around a commit, the index opens whole, and goes on where it stood."""
    monkeypatch.setattr(search_follow, "BATCH", 20)
    await store(database, *map(made_up, range(70)))
    await make_list(database, on_list(7))
    status, _ = await run("follow", sqlite_url, str(folder), str(commit), when)
    assert status == 9
    async with SearchIndex.open(folder, writable=True) as index:
        assert await keys(index, "common", listed=True) == [made_up(7).id]
        stood = index.revision
        assert (stood >= 20) == ((commit, when) == (2, "after"))
        await index.refresh(database)
        assert index.revision >= stood
        await index.complete()
        assert index.revision == await database.read(lambda c: Changes(c).revision())
        page = await index.search(parse("common"), listed=None, section=None, limit=1)
        assert page.total == 70


async def ask(process: asyncio.subprocess.Process, query: str) -> list[str]:
    """What the other process finds now."""
    assert process.stdin
    assert process.stdout
    process.stdin.write(f"{query}\n".encode())
    return (await asyncio.wait_for(process.stdout.readline(), 30)).decode().split()


async def test_another_process_sees_every_change(
    database: Database, sqlite_url: str, folder: Path
) -> None:
    """A reader is current after each change: while the writer keeps up, and when it lags behind."""
    await store(database, made_up(1))
    async with SearchIndex.open(folder, writable=True) as index:
        await index.refresh(database)
        process = await asyncio.create_subprocess_exec(
            *(
                sys.executable,
                "-m",
                "tests.storage.search_worker",
                "answer",
                sqlite_url,
                str(folder),
            ),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        assert await ask(process, "common") == [made_up(1).id, "1"]
        await store(database, made_up(2))
        await index.refresh(database)
        await index.complete()
        assert len(await ask(process, "common")) == 3
        assert names(folder.parent) == ["index"]
        await store(database, made_up(3))
        assert len(await ask(process, "common")) == 4
        assert index.revision == 2
        for number in range(4, 16):
            await store(database, made_up(number))
            await index.refresh(database)
        assert len(await ask(process, "word15")) == 2
        assert len(await keys(index, "common")) == 15
        await process.communicate(b"")
        assert process.returncode == 0
    assert names(folder.parent) == ["index"]


async def test_a_reader_does_without_an_index(
    database: Database, sqlite_url: str, folder: Path
) -> None:
    """Where nobody built one, a reader builds its own and leaves nothing behind."""
    await store(database, made_up(1))
    status, output = await run("answer", sqlite_url, str(folder), answers=["common"])
    assert (status, output.split()) == (0, [made_up(1).id, "1"])
    assert names(folder.parent) == []


def abandoned(folder: Path) -> str:
    """Leave a private copy whose owner is gone, and return its name."""
    left = folder.with_name("index.private-left")
    left.mkdir(parents=True)
    (left / "owner.lock").touch()
    return left.name


async def test_what_a_killed_reader_left_is_removed(database: Database, folder: Path) -> None:
    """The next writer removes copies whose owners are gone, and no others."""
    left = abandoned(folder)
    async with SearchIndex.open(folder, writable=False) as reader:
        await store(database, made_up(1))
        await reader.refresh(database)
        async with SearchIndex.open(folder, writable=True) as writer:
            await writer.refresh(database)
            assert left not in names(folder.parent)
            assert len(names(folder.parent)) == 2
            await store(database, made_up(2))
            await reader.refresh(database)
            assert len(await keys(reader, "common")) == 2


async def test_a_copy_that_is_being_made_is_not_taken_for_abandoned(folder: Path) -> None:
    """However a reader's start and a writer's clearing fall together, the reader has its folder."""
    folder.parent.mkdir(parents=True)
    done = threading.Event()

    def clear() -> None:
        while not done.is_set():
            remove_abandoned(folder)

    clearing = asyncio.create_task(asyncio.to_thread(clear))
    try:
        for _ in range(200):
            own = await asyncio.to_thread(OwnDirectory, folder)
            assert own.path.is_dir()
            own.remove()
    finally:
        done.set()
        await clearing
    assert names(folder.parent) == []
