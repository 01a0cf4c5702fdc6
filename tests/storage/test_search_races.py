"""The index while much happens at once: commits, approvals, undoing, damage, a full disk."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from bot.domain.query import parse
from storage import search_due, search_files, search_follow
from storage.documents import SearchDocument
from storage.errors import StorageError
from storage.search import SearchIndex
from storage.search_asking import Wanted, search
from storage.search_index import Mark, Shelf
from tests.factories import paper
from tests.storage.searching import is_current, keys, made_up, make_list, names, on_list, store

if TYPE_CHECKING:
    from pathlib import Path

    from storage.database import Database


def document(key: str, title: str) -> SearchDocument:
    """A document of a title."""
    return SearchDocument(key, title, (), "", "", listed=True, year=None)


def test_what_a_commit_overtook_does_not_come_back() -> None:
    """Read before a commit and put into memory after it, a document stays as it was committed."""
    shelf = Shelf.fresh(None)
    shelf.commit(["a"], {"a": document("a", "new")}, Mark(5, "x"))
    shelf.put_before(["a"], {"a": document("a", "old")}, 4, 4)
    found = [
        search(shelf.view, Wanted(parse(text)), limit=9, offset=0).total for text in ("new", "old")
    ]
    assert (found, shelf.replaced, shelf.revision) == ([1, 0], frozenset(), 5)


async def test_what_comes_while_the_writer_is_let_go_is_committed(
    sqlite_database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change in the last moment of a commit's background work does not stay in memory only."""
    begun, go_on = threading.Event(), threading.Event()
    release = Shelf.release

    def slow(shelf: Shelf) -> None:
        begun.set()
        go_on.wait(10)
        release(shelf)

    monkeypatch.setattr(Shelf, "release", slow)
    async with SearchIndex.open(folder, writable=True) as index:
        await store(sqlite_database, made_up(1))
        await index.refresh(sqlite_database)
        await asyncio.to_thread(begun.wait, 10)
        await store(sqlite_database, made_up(2))
        assert await index.refresh(sqlite_database) == 1
        go_on.set()
        await index.complete()
    async with SearchIndex.open(folder, writable=True) as index:
        assert await keys(index, "common") == [made_up(1).id, made_up(2).id]


async def test_a_reader_writes_nothing_however_a_change_falls(
    sqlite_database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change between a reader's looks at the index and at the database is taken at the next."""
    await store(sqlite_database, made_up(1))
    async with SearchIndex.open(folder, writable=True) as writer:
        await writer.refresh(sqlite_database)
        await writer.complete()
    before, standing = names(folder), search_due.standing

    async def late(*arguments: Any) -> Any:
        await store(sqlite_database, made_up(2))
        return await standing(*arguments)

    with monkeypatch.context() as falling:
        falling.setattr(search_follow, "standing", late)
        async with SearchIndex.open(folder, writable=False) as reader:
            await reader.refresh(sqlite_database)
            await reader.complete()
            assert names(folder) == before
            assert await keys(reader, "common") == [made_up(1).id]
            await reader.refresh(sqlite_database)
            assert len(await keys(reader, "common")) == 2
    assert names(folder) == before


async def test_what_could_not_be_committed_is_not_taken_for_looked_at(
    sqlite_database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list is found as soon as the disk has room again, though the index is far behind."""
    monkeypatch.setattr(search_follow, "BATCH", 10)

    def fail(*_: object) -> None:
        raise ValueError("No space left on device")

    await store(sqlite_database, *map(made_up, range(95)))
    await make_list(sqlite_database, on_list(94))
    async with SearchIndex.open(folder, writable=True) as index:
        with monkeypatch.context() as full:
            full.setattr(Shelf, "commit", fail)
            with pytest.raises(StorageError, match="No space left"):
                await index.refresh(sqlite_database)
        await index.refresh(sqlite_database)
        assert await keys(index, "word94", listed=True) == [made_up(94).id]


async def test_what_is_found_already_is_committed_a_little_later(
    sqlite_database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Approvals in a row become one commit; closing and waiting for it do not wait for more."""
    commits: list[object] = []
    commit = Shelf.commit

    def counted(shelf: Shelf, *arguments: Any) -> None:
        commits.append(arguments)
        commit(shelf, *arguments)

    monkeypatch.setattr(search_follow, "SOON", 30)
    async with SearchIndex.open(folder, writable=True) as index:
        await store(sqlite_database, made_up(0))
        await index.refresh(sqlite_database)
        await index.complete()
        monkeypatch.setattr(Shelf, "commit", counted)
        for number in range(1, 6):
            await store(sqlite_database, made_up(number))
            await index.refresh(sqlite_database)
        assert len(await keys(index, "common")) == 6
        assert not commits
        await asyncio.wait_for(index.complete(), 10)
        assert len(commits) == 1
        await store(sqlite_database, made_up(6))
        await index.refresh(sqlite_database)
        await asyncio.wait_for(index.close(), 10)


class Trouble:
    """Makes commits and what goes before them slow at random, and some commits fail."""

    def __init__(self, chance: random.Random, monkeypatch: pytest.MonkeyPatch) -> None:
        self._chance = chance
        self._commit, self._put = Shelf.commit, Shelf.put_before
        self.damaged = False
        monkeypatch.setattr(search_follow, "BATCH", 10)
        monkeypatch.setattr(search_due, "AT_ONCE", 5)
        monkeypatch.setattr(search_follow, "AT_ONCE", 5)
        monkeypatch.setattr(search_follow, "MOST_BEFORE", 12)
        monkeypatch.setattr(search_files, "intact", lambda _: not self.damaged)

        def commit(shelf: Shelf, *given: Any) -> None:
            self.commit(shelf, *given)

        def put_before(shelf: Shelf, *given: Any) -> None:
            self.put_before(shelf, *given)

        monkeypatch.setattr(Shelf, "commit", commit)
        monkeypatch.setattr(Shelf, "put_before", put_before)

    def commit(self, shelf: Shelf, *given: Any) -> None:
        """Commit late, or not at all."""
        time.sleep(self._chance.random() * 0.01)
        self.damaged = self._chance.random() < 0.03
        if self.damaged or self._chance.random() < 0.05:
            raise ValueError("trouble")
        self._commit(shelf, *given)
        time.sleep(self._chance.random() * 0.01)

    def put_before(self, shelf: Shelf, *given: Any) -> None:
        """Put it there late."""
        time.sleep(self._chance.random() * 0.01)
        self._put(shelf, *given)


async def change(database: Database, chance: random.Random, listed: set[int], turn: int) -> None:
    """Harvest some papers, change some, put one on the list, or take one off again."""
    what = chance.random()
    if what < 0.3:
        start = chance.randrange(80)
        await store(database, *map(made_up, range(start, start + chance.choice([1, 4, 20]))))
    elif what < 0.5:
        renamed = paper(id=made_up(chance.randrange(100)).id, title=f"Common turn{turn}")
        await store(database, renamed)
    else:
        if listed and what < 0.7:
            listed.remove(chance.choice(sorted(listed)))
        else:
            listed.add(chance.randrange(100))
        await make_list(database, *map(on_list, sorted(listed)))


async def watch(index: SearchIndex, done: asyncio.Event) -> None:
    """However it stands, nothing is found twice, and as much as is counted."""
    while not done.is_set():
        page = await index.search(parse("common"), listed=None, section=None, limit=500)
        assert page.total == len(page.hits) == len({hit.key for hit in page.hits})
        await asyncio.sleep(0.002)


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.long)])
async def test_nothing_is_lost_or_doubled_in_any_order_of_things(
    database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Harvests, changes, approvals and undone ones beside commits that are late or fail.

    What is on the list is found after each refresh, and in the end what is known, and that only.
    """
    chance = random.Random(seed)
    trouble = Trouble(random.Random(seed), monkeypatch)
    listed: set[int] = set()
    done = asyncio.Event()
    async with SearchIndex.open(folder, writable=True) as index:
        watching = asyncio.create_task(watch(index, done))
        for turn in range(25):
            await change(database, chance, listed, turn)
            try:
                await index.refresh(database)
            except StorageError:
                continue
            if not trouble.damaged:
                assert set(await keys(index, "common", listed=True)) >= keys_of(listed)
        done.set()
        await watching
        monkeypatch.undo()
        await make_list(database, *map(on_list, range(100, 160)))
        await index.refresh(database)
        await index.complete()
        assert await is_current(index, database)
        assert set(await keys(index, "common", listed=True)) == keys_of(set(range(100, 160)))
        kept = await found_in(index)
    async with SearchIndex.open(None, writable=True) as anew:
        await anew.refresh(database)
        await anew.complete()
        assert await found_in(anew) == kept


def keys_of(numbers: set[int]) -> set[str]:
    """The keys of made-up papers."""
    return {made_up(number).id for number in numbers}


async def found_in(index: SearchIndex) -> dict[str, list[str]]:
    """What an index finds for words that only one paper has, and for one that all have."""
    asked = [f"word{number}" for number in range(0, 100, 7)] + [f"turn{turn}" for turn in range(25)]
    found = {text: await keys(index, text) for text in asked}
    page = await index.search(parse("common"), listed=None, section=None, limit=500)
    return found | {"common": sorted(hit.key for hit in page.hits)}
