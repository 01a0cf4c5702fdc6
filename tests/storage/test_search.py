"""The index follows the database: at once, the list before all else."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

import pytest

from storage import search_follow
from storage.errors import StorageError
from storage.search import SearchIndex
from storage.search_index import Shelf
from tests.factories import listed_entry, paper
from tests.storage.searching import is_current, keys, made_up, make_list, names, on_list, store

if TYPE_CHECKING:
    from pathlib import Path

    from storage.database import Database


async def test_a_change_is_found_at_once(database: Database, folder: Path) -> None:
    """Stored, listed, changed and taken off the list: each is found so after the next refresh."""
    async with SearchIndex.open(folder, writable=True) as index:
        await store(database, made_up(1))
        assert await index.refresh(database) == 1
        assert await is_current(index, database)
        assert await keys(index, "word1") == ["arXiv:2401.00001"]
        assert await keys(index, "word1", listed=True) == []
        await make_list(database, on_list(1), listed_entry(title="No paper", ids=()))
        await index.refresh(database)
        assert await keys(index, "word1", listed=True) == ["arXiv:2401.00001"]
        (entry_key,) = await keys(index, "no paper", listed=True)
        assert entry_key.startswith("entry:")
        await store(database, paper(id=made_up(1).id, title="Renamed"))
        await make_list(database)
        await index.refresh(database)
        assert await keys(index, "renamed") == ["arXiv:2401.00001"]
        assert await keys(index, "word1") == []
        assert await keys(index, "no paper") == []


async def test_nothing_changed_is_nothing_done(database: Database, folder: Path) -> None:
    """A refresh without a change commits nothing."""
    async with SearchIndex.open(folder, writable=True) as index:
        await store(database, made_up(1))
        await index.refresh(database)
        before = names(folder)
        assert await index.refresh(database) == 0
        assert names(folder) == before


async def test_it_is_kept_over_a_restart(database: Database, folder: Path) -> None:
    """Opened again it knows its revision and applies only what is new."""
    async with SearchIndex.open(folder, writable=True) as index:
        await store(database, *map(made_up, range(5)))
        await index.refresh(database)
    await store(database, made_up(5))
    async with SearchIndex.open(folder, writable=True) as index:
        assert await keys(index, "common") == [made_up(n).id for n in range(5)]
        assert await index.refresh(database) == 1
        assert len(await keys(index, "common")) == 6


async def test_the_list_comes_first(
    database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind by much, what is listed is there when refresh returns, and the rest soon after."""
    monkeypatch.setattr(search_follow, "BATCH", 10)
    await store(database, *map(made_up, range(95)))
    await make_list(database, on_list(90), on_list(91))
    async with SearchIndex.open(folder, writable=True) as index:
        await index.refresh(database)
        assert await keys(index, "common", listed=True) == [made_up(90).id, made_up(91).id]
        assert not await is_current(index, database)
        await index.complete()
        assert await is_current(index, database)
        assert len(await keys(index, "common")) == 95


async def test_an_approval_overtakes_a_harvest(
    database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is put on the list while the index is far behind is found at once all the same."""
    monkeypatch.setattr(search_follow, "BATCH", 10)
    async with SearchIndex.open(folder, writable=True) as index:
        await store(database, *map(made_up, range(95)))
        await index.refresh(database)
        await make_list(database, on_list(94))
        await index.refresh(database)
        assert await keys(index, "word94", listed=True) == [made_up(94).id]
        await index.complete()
        assert await is_current(index, database)
        assert len(await keys(index, "common")) == 95


async def test_an_approval_does_not_wait_for_the_disk(
    database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What changes while a commit is under way is found before that ends, and kept after it."""
    begun, go_on = threading.Event(), threading.Event()
    commit = Shelf.commit

    def slow(shelf: Shelf, *arguments: Any) -> None:
        begun.set()
        go_on.wait(10)
        commit(shelf, *arguments)

    async with SearchIndex.open(folder, writable=True) as index:
        await store(database, made_up(1))
        await index.refresh(database)
        await index.complete()
        monkeypatch.setattr(Shelf, "commit", slow)
        await store(database, made_up(2))
        assert await index.refresh(database) == 1
        await asyncio.to_thread(begun.wait, 10)
        await make_list(database, on_list(1), on_list(2))
        assert await index.refresh(database) == 2
        assert await is_current(index, database)
        assert await keys(index, "common", listed=True) == [made_up(1).id, made_up(2).id]
        go_on.set()
        await index.complete()
        assert await keys(index, "common", listed=True) == [made_up(1).id, made_up(2).id]
    async with SearchIndex.open(folder, writable=True) as index:
        assert await keys(index, "common", listed=True) == [made_up(1).id, made_up(2).id]


async def test_changes_without_a_commit_are_held_to_a_limit(
    database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the disk takes nothing, changes are found all the same, until they are too many."""
    monkeypatch.setattr(search_follow, "MOST_BEFORE", 3)

    def fail(*_: object) -> None:
        raise ValueError("No space left on device")

    async with SearchIndex.open(folder, writable=True) as index:
        await store(database, made_up(0))
        await index.refresh(database)
        await index.complete()
        with monkeypatch.context() as full:
            full.setattr(Shelf, "commit", fail)
            for number in (1, 2, 3):
                await store(database, made_up(number))
                await index.refresh(database)
                await index.complete()
            assert len(await keys(index, "common")) == 4
            await store(database, made_up(4))
            with pytest.raises(StorageError, match="No space left"):
                await index.refresh(database)
        await index.refresh(database)
        assert len(await keys(index, "common")) == 5
        await index.complete()
        assert await is_current(index, database)


async def test_refreshes_at_once_and_cancelled_ones_do_no_harm(
    database: Database, folder: Path
) -> None:
    """Many refreshes together, half of them cancelled at random moments, end in one right index."""
    async with SearchIndex.open(folder, writable=True) as index:
        for round_ in range(10):
            await store(database, made_up(round_))
            tasks = [asyncio.create_task(index.refresh(database)) for _ in range(6)]
            await asyncio.sleep(0.005 * round_)
            for task in tasks[::2]:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        await index.refresh(database)
        assert len(await keys(index, "common")) == 10


async def test_memory_follows_as_well(database: Database) -> None:
    """Without a folder the index lives in memory."""
    async with SearchIndex.open(None, writable=False) as index:
        await store(database, made_up(1))
        await index.refresh(database)
        assert await keys(index, "word1") == [made_up(1).id]
