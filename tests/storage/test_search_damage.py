"""A damaged, foreign or outdated index is thrown away and built anew."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import tantivy
from structlog.testing import capture_logs

from storage.database import Database
from storage.search import SearchIndex
from tests.storage.searching import NOW, is_current, keys, made_up, make_list, on_list, store

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.fixture
async def database(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Database]:
    """SQLite is enough here: the files of the index are the same with PostgreSQL."""
    async with Database.open(sqlite_url, data=tmp_path, now=lambda: NOW) as opened:
        yield opened


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
                assert await is_current(index, database), (pattern, damage)
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


async def test_a_restored_database_that_grew_again_is_not_mistaken(
    database: Database, folder: Path, tmp_path: Path
) -> None:
    """An older copy, written to before the index saw it, has the same revisions of other papers."""
    await store(database, made_up(1))
    await database.backup(tmp_path / "old.db")
    await store(database, made_up(2), made_up(3))
    async with SearchIndex.open(folder, writable=True) as index:
        await index.refresh(database)
    url = f"sqlite+aiosqlite:///{tmp_path}/old.db"
    async with Database.open(url, data=tmp_path, now=lambda: NOW) as old:
        await store(old, made_up(4), made_up(5), made_up(6))
        for writable in (False, True):
            async with SearchIndex.open(folder, writable=writable) as index:
                await index.refresh(old)
                await index.complete()
                assert await keys(index, "common") == [made_up(n).id for n in (1, 4, 5, 6)]


async def test_another_database_has_another_index(
    database: Database, folder: Path, tmp_path: Path
) -> None:
    """Two databases in one folder, at the same revision: each search finds what its own holds."""
    url = f"sqlite+aiosqlite:///{tmp_path}/other.db"
    async with (
        Database.open(url, data=tmp_path, now=lambda: NOW) as other,
        SearchIndex.open(folder, writable=True) as index,
    ):
        await store(database, made_up(1))
        await store(other, made_up(2))
        for one, number in ((database, 1), (other, 2), (database, 1)):
            await index.refresh(one)
            await index.complete()
            assert await keys(index, "common") == [made_up(number).id]


@pytest.mark.parametrize("writable", [True, False])
async def test_a_folder_that_cannot_be_written_is_done_without(
    database: Database, tmp_path: Path, writable: bool
) -> None:
    """Where the folder cannot be made (as on a read-only disk) the index is made in memory."""
    await store(database, made_up(1))
    (tmp_path / "index").write_text("no folder")
    folder = tmp_path / "index" if writable else tmp_path / "index" / "below"
    with capture_logs() as logged:
        async with SearchIndex.open(folder, writable=writable) as index:
            await index.refresh(database)
            assert await keys(index, "common") == [made_up(1).id]
            await store(database, made_up(2))
            await index.refresh(database)
            assert len(await keys(index, "common")) == 2
    assert [str(folder)] * writable == [entry["folder"] for entry in logged]
    assert (tmp_path / "index").read_text() == "no folder"
