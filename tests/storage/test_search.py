"""The index follows the database: at once, after damage, after a crash, in another process."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.query import parse
from storage import search
from storage.catalogue import Catalogue
from storage.changes import Changes
from storage.database import Database
from storage.models import ListedEntry, Paper, PaperId
from storage.papers import Papers
from storage.search import SearchIndex
from tests.factories import listed_entry, paper

NOW = datetime(2024, 9, 16, 9, 0, tzinfo=UTC)


async def store(database: Database, *papers: Paper) -> None:
    """Store papers as a harvest does."""
    await database.write(lambda c: Papers(c).store(papers, NOW))


async def make_list(database: Database, *entries: ListedEntry) -> None:
    """Make the list hold these entries."""
    await database.write(lambda c: Catalogue(c).replace("l.md", b"", ["Papers"], entries, NOW))


async def keys(index: SearchIndex, typed: str, *, listed: bool | None = None) -> list[str]:
    """What the index holds for a query, now."""
    page = await index.search(parse(typed), listed=listed, section=None, limit=100)
    return sorted(hit.key for hit in page.hits)


def made_up(number: int) -> Paper:
    """A paper with a word of its own."""
    return paper(id=PaperId(f"arXiv:2401.{number:05}"), title=f"Common word{number}", abstract="x")


def on_list(number: int) -> ListedEntry:
    """The entry of a made-up paper."""
    one = made_up(number)
    return listed_entry(title=one.title, ids=(one.id,))


@pytest.fixture
async def database(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Database]:
    """SQLite is enough here: what the index reads is tested on both where it is written."""
    async with Database.open(sqlite_url, data=tmp_path, now=lambda: NOW) as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the index stands; not there yet."""
    return tmp_path / "data" / "index"


async def test_a_change_is_found_at_once(database: Database, folder: Path) -> None:
    """Stored, listed, changed and taken off the list: each is found so after the next refresh."""
    async with SearchIndex.open(folder, writable=True) as index:
        await store(database, made_up(1))
        assert await index.refresh(database) == 1
        assert index.ready
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
        before = sorted(path.name for path in folder.iterdir())
        assert await index.refresh(database) == 0
        assert sorted(path.name for path in folder.iterdir()) == before


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
    monkeypatch.setattr(search, "BATCH", 10)
    await store(database, *map(made_up, range(95)))
    await make_list(database, on_list(90), on_list(91))
    async with SearchIndex.open(folder, writable=True) as index:
        await index.refresh(database)
        assert await keys(index, "common", listed=True) == [made_up(90).id, made_up(91).id]
        assert not index.ready
        await index.complete()
        assert index.ready
        assert len(await keys(index, "common")) == 95


async def test_an_approval_overtakes_a_harvest(
    database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is put on the list while the index is far behind is found at once all the same."""
    monkeypatch.setattr(search, "BATCH", 10)
    async with SearchIndex.open(folder, writable=True) as index:
        await store(database, *map(made_up, range(95)))
        await index.refresh(database)
        await make_list(database, on_list(94))
        await index.refresh(database)
        assert await keys(index, "word94", listed=True) == [made_up(94).id]
        await index.complete()
        assert index.ready
        assert len(await keys(index, "common")) == 95


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


def flip(path: Path) -> None:
    """Change one byte in the middle of a file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 0x55
    path.write_bytes(content)


def segment_files(folder: Path) -> list[str]:
    """The kinds of files an index has."""
    return sorted({path.suffix for path in folder.iterdir() if len(path.stem) == 32})


async def test_any_damage_is_mended(database: Database, folder: Path) -> None:
    """Whichever file is flipped, cut, emptied or gone: opened again, the index is built anew."""
    await store(database, *map(made_up, range(5)))
    await make_list(database, on_list(3))
    async with SearchIndex.open(folder, writable=True) as index:
        await index.refresh(database)
    damages = [flip, Path.unlink, lambda path: path.write_bytes(b""), cut]
    for pattern in ["meta.json", *(f"*{suffix}" for suffix in segment_files(folder))]:
        for damage in damages:
            damage(next(folder.glob(pattern)))
            async with SearchIndex.open(folder, writable=True) as index:
                await index.refresh(database)
                await index.complete()
                assert index.ready, (pattern, damage)
                assert len(await keys(index, "common")) == 5, (pattern, damage)
                assert await keys(index, "common", listed=True) == [made_up(3).id]


def cut(path: Path) -> None:
    """Lose the second half of a file."""
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


async def test_a_file_in_its_place_or_another_format_is_thrown_away(
    database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An index with other fields, as another version of the bot wrote it, is built anew."""
    import tantivy  # noqa: PLC0415 - only here is an index made that is not ours

    folder.mkdir(parents=True)
    tantivy.Index(tantivy.SchemaBuilder().add_text_field("other").build(), str(folder))
    await store(database, made_up(1))
    async with SearchIndex.open(folder, writable=True) as index:
        await index.refresh(database)
        assert await keys(index, "word1") == [made_up(1).id]


async def test_removed_while_it_runs_it_is_built_anew(database: Database, folder: Path) -> None:
    """Somebody deletes the folder under a running bot: the next change brings all back."""
    await store(database, *map(made_up, range(5)))
    async with SearchIndex.open(folder, writable=True) as index:
        await index.refresh(database)
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()
        assert len(await keys(index, "common")) == 5
        await store(database, made_up(5))
        await index.refresh(database)
        await index.complete()
        assert len(await keys(index, "common")) == 6


async def test_rebuild_begins_again(database: Database, folder: Path) -> None:
    """A rebuild ends with the same content."""
    await store(database, *map(made_up, range(5)))
    async with SearchIndex.open(folder, writable=True) as index:
        await index.refresh(database)
        await index.rebuild(database)
        await index.complete()
        assert index.ready
        assert len(await keys(index, "common")) == 5


async def test_an_older_database_is_followed_too(
    database: Database, folder: Path, tmp_path: Path
) -> None:
    """After an older copy of the database was put in place, the index holds what that one holds."""
    await store(database, made_up(1))
    await database.backup(tmp_path / "old.db")
    await store(database, made_up(2))
    async with SearchIndex.open(folder, writable=True) as index:
        await index.refresh(database)
    url = f"sqlite+aiosqlite:///{tmp_path}/old.db"
    async with (
        Database.open(url, data=tmp_path, now=lambda: NOW) as old,
        SearchIndex.open(folder, writable=True) as index,
    ):
        await index.refresh(old)
        await index.complete()
        assert await keys(index, "common") == [made_up(1).id]


async def test_memory_follows_as_well(database: Database) -> None:
    """Without a folder the index lives in memory."""
    async with SearchIndex.open(None, writable=False) as index:
        await store(database, made_up(1))
        await index.refresh(database)
        assert await keys(index, "word1") == [made_up(1).id]


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
    database: Database, sqlite_url: str, folder: Path, commit: int, when: str
) -> None:
    """Killed around a commit, the index opens whole, and goes on where it stood."""
    await store(database, *map(made_up, range(1200)))
    await make_list(database, on_list(7))
    status, _ = await run("follow", sqlite_url, str(folder), str(commit), when)
    assert status == 9
    async with SearchIndex.open(folder, writable=True) as index:
        assert await keys(index, "common", listed=True) == [made_up(7).id]
        stood = index.revision
        assert stood == (500 if (commit, when) == (2, "after") else 0)
        await index.refresh(database)
        assert index.revision >= stood
        await index.complete()
        assert index.revision == await database.read(lambda c: Changes(c).revision())
        page = await index.search(parse("common"), listed=None, section=None, limit=1)
        assert page.total == 1200


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
        assert len(await ask(process, "common")) == 3
        assert [path.name for path in folder.parent.iterdir()] == ["index"]
        await store(database, made_up(3))
        assert len(await ask(process, "common")) == 4
        assert index.revision == 2
        for number in range(4, 16):
            await store(database, made_up(number))
            await index.refresh(database)
        assert len(await ask(process, "word15")) == 2
        assert len(await keys(index, "common")) == 15
        await process.communicate()
        assert process.returncode == 0
    assert [path.name for path in folder.parent.iterdir()] == ["index"]


async def test_a_reader_does_without_an_index(
    database: Database, sqlite_url: str, folder: Path
) -> None:
    """Where nobody built one, a reader builds its own and leaves nothing behind."""
    await store(database, made_up(1))
    status, output = await run("answer", sqlite_url, str(folder), answers=["common"])
    assert (status, output.split()) == (0, [made_up(1).id, "1"])
    assert list(folder.parent.iterdir()) == []


async def test_what_a_killed_reader_left_is_removed(
    database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next writer removes copies whose owners are gone, and no others."""
    monkeypatch.setattr("storage.search_files.ABANDONED_AFTER", -1.0)
    folder.parent.mkdir()
    left = folder.with_name("index.private-left")
    left.mkdir()
    (left / "owner.lock").touch()
    async with SearchIndex.open(folder, writable=False) as reader:
        await store(database, made_up(1))
        await reader.refresh(database)
        async with SearchIndex.open(folder, writable=True) as writer:
            await writer.refresh(database)
            assert not left.exists()
            assert len(list(folder.parent.iterdir())) == 2
            await store(database, made_up(2))
            await reader.refresh(database)
            assert len(await keys(reader, "common")) == 2
