"""A damaged, foreign or outdated index is thrown away and built anew."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import tantivy

from storage.database import Database
from storage.search import SearchIndex
from tests.storage.searching import NOW, keys, made_up, make_list, on_list, store

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.fixture
async def database(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Database]:
    """SQLite is enough here: the files of the index are the same with PostgreSQL."""
    async with Database.open(sqlite_url, data=tmp_path, now=lambda: NOW) as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the index stands; not there yet."""
    return tmp_path / "data" / "index"


def flip(path: Path) -> None:
    """Change one byte in the middle of a file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 0x55
    path.write_bytes(content)


def cut(path: Path) -> None:
    """Lose the second half of a file."""
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def remove(folder: Path) -> None:
    """Delete a folder and its files."""
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()


def segment_files(folder: Path) -> list[str]:
    """The kinds of files an index has."""
    return sorted({path.suffix for path in folder.iterdir() if len(path.stem) == 32})


def one_of(folder: Path, pattern: str) -> Path:
    """The first file of a kind."""
    return min(folder.glob(pattern))


def make_foreign(folder: Path) -> None:
    """Make an index that is not ours."""
    folder.mkdir(parents=True)
    tantivy.Index(tantivy.SchemaBuilder().add_text_field("other").build(), str(folder))


async def test_any_damage_is_mended(database: Database, folder: Path) -> None:
    """Whichever file is flipped, cut, emptied or gone: opened again, the index is built anew."""
    await store(database, *map(made_up, range(5)))
    await make_list(database, on_list(3))
    async with SearchIndex.open(folder, writable=True) as index:
        await index.refresh(database)
    damages = [flip, Path.unlink, lambda path: path.write_bytes(b""), cut]
    for pattern in ["meta.json", *(f"*{suffix}" for suffix in segment_files(folder))]:
        for damage in damages:
            damage(one_of(folder, pattern))
            async with SearchIndex.open(folder, writable=True) as index:
                await index.refresh(database)
                await index.complete()
                assert index.ready, (pattern, damage)
                assert len(await keys(index, "common")) == 5, (pattern, damage)
                assert await keys(index, "common", listed=True) == [made_up(3).id]


async def test_another_format_is_thrown_away(database: Database, folder: Path) -> None:
    """An index with other fields, as another version of the bot wrote it, is built anew."""
    make_foreign(folder)
    await store(database, made_up(1))
    async with SearchIndex.open(folder, writable=True) as index:
        await index.refresh(database)
        assert await keys(index, "word1") == [made_up(1).id]


async def test_removed_while_it_runs_it_is_built_anew(database: Database, folder: Path) -> None:
    """Somebody deletes the folder under a running bot: the next change brings all back."""
    await store(database, *map(made_up, range(5)))
    async with SearchIndex.open(folder, writable=True) as index:
        await index.refresh(database)
        remove(folder)
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
