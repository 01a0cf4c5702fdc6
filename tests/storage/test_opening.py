"""Opening a database: what it says when it cannot, and what it costs."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

import pytest

from storage.database import Database
from storage.errors import DatabaseUnreachable, StorageError
from storage.papers import Papers
from storage.settings import Settings
from tests.storage.conftest import IN_TURN, NOW, ROOT
from tests.storage.postgres import PASSWORD, Cluster

if TYPE_CHECKING:
    from pathlib import Path


async def opening_fails(url: str, data: Path) -> str:
    """The line a person reads when the database does not open."""
    with pytest.raises(DatabaseUnreachable) as failed:
        async with Database.open(url, data=data, now=lambda: NOW):
            pass
    line = str(failed.value)
    assert "\n" not in line
    return line


async def test_a_new_database_is_made_with_its_folder(tmp_path: Path) -> None:
    """Nothing needs to exist: folder, file and schema are made."""
    url = f"sqlite+aiosqlite:///{tmp_path}/new/folder/papers.db"
    async with Database.open(url, data=tmp_path, now=lambda: NOW) as database:
        await database.write(lambda c: Settings(c).put("a", "1"))
        assert database.dialect == "sqlite"
    async with Database.open(url, data=tmp_path, now=lambda: NOW) as database:
        assert await database.read(lambda c: Settings(c).get("a")) == "1"
    assert not (tmp_path / "backups").exists()


async def test_the_driver_may_be_left_out(sqlite_url: str, tmp_path: Path) -> None:
    """`sqlite:///…` opens as `sqlite+aiosqlite:///…` does."""
    url = sqlite_url.replace("+aiosqlite", "")
    async with Database.open(url, data=tmp_path, now=lambda: NOW) as database:
        assert await database.read(lambda c: Papers(c).count()) == 0


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("data/papers.db", "no database URL"),
        ("", "no database URL"),
        ("mysql+aiomysql://me:s3cret@host/name", "mysql"),
        ("postgresql+psycopg://me:s3cret@host/name", "psycopg"),
        ("sqlite+aiosqlite:///:memory:", "names no file"),
        ("sqlite+aiosqlite://", "names no file"),
    ],
)
async def test_a_url_of_another_kind_is_refused(url: str, said: str, tmp_path: Path) -> None:
    """A URL the bot cannot use is named by its key, with what to write and no password."""
    line = await opening_fails(url, tmp_path)
    assert said in line
    assert "database.url" in line
    assert "s3cret" not in line


async def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    """A path through a file says which path and why."""
    (tmp_path / "file").write_text("")
    line = await opening_fails(f"sqlite+aiosqlite:///{tmp_path}/file/papers.db", tmp_path)
    assert f"{tmp_path}/file/papers.db" in line


async def test_a_file_that_is_a_folder(tmp_path: Path) -> None:
    """A folder in the place of the file says which and why."""
    assert str(tmp_path) in await opening_fails(f"sqlite+aiosqlite:///{tmp_path}", tmp_path)


async def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    """Any other file says that it is no database, and stays as it is."""
    path = tmp_path / "papers.db"
    path.write_bytes(b"# Papers\n" * 1000)
    assert "not a database" in await opening_fails(f"sqlite+aiosqlite:///{path}", tmp_path)
    assert path.read_bytes() == b"# Papers\n" * 1000


async def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    """A server nobody answers for is named, without the password."""
    pytest.importorskip("asyncpg")
    for where in ("127.0.0.1:1/name", f"/name?host={tmp_path}", "no-such-host.invalid/name"):
        line = await opening_fails(f"postgresql+asyncpg://me:s3cret@{where}", tmp_path)
        assert "postgresql+asyncpg://me:***@" in line
        assert "s3cret" not in line


async def test_a_wrong_password(cluster: Cluster, tmp_path: Path) -> None:
    """The server's refusal is told, without either password."""
    line = await opening_fails(cluster.url(IN_TURN, "wrong-one"), tmp_path)
    assert "password authentication failed" in line
    assert "wrong-one" not in line
    assert PASSWORD not in line


async def test_a_database_that_does_not_exist(cluster: Cluster, tmp_path: Path) -> None:
    """The server's refusal names the database that is missing."""
    assert '"nothing_here" does not exist' in await opening_fails(
        cluster.url("nothing_here"), tmp_path
    )


async def test_a_missing_driver_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without asyncpg the line says how to get it."""
    monkeypatch.setitem(sys.modules, "asyncpg", None)
    line = await opening_fails("postgresql+asyncpg://me:s3cret@host/name", tmp_path)
    assert "pip install '.[postgres]'" in line


async def test_a_lost_server_is_told_and_found_again(
    postgres_url: str, cluster: Cluster, tmp_path: Path
) -> None:
    """A dropped connection fails what was under way; what comes next gets a new one."""
    async with Database.open(postgres_url, data=tmp_path, now=lambda: NOW) as database:

        async def cut(connection: object) -> None:
            await asyncio.to_thread(partial(cluster.execute, CUT, database=IN_TURN))
            await Settings(connection).put("a", "1")  # type: ignore[arg-type] # one connection it is

        with pytest.raises(StorageError):
            await database.write(cut)
        await database.write(lambda c: Settings(c).put("b", "2"))
        assert await database.read(lambda c: Settings(c).get("a")) is None
        assert await database.read(lambda c: Settings(c).get("b")) == "2"


CUT = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE pid <> pg_backend_pid() AND datname = current_database()"
)


def test_importing_is_light() -> None:
    """Neither Alembic nor a server's driver is imported until it is needed."""
    code = (
        "import sys, storage.database, storage.catalogue, storage.documents;"
        "print([m for m in ('alembic', 'mako', 'asyncpg', 'discord') if m in sys.modules])"
    )
    command = [sys.executable, "-c", code]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


@pytest.mark.long
async def test_400_000_papers_do_not_slow_the_start(sqlite_url: str, tmp_path: Path) -> None:
    """Opening reads nothing that grows: a year's harvest opens within a quarter of a second."""
    with closing(sqlite3.connect(tmp_path / "papers.db")) as connection, connection:
        connection.execute(MANY_PAPERS)
    started = time.perf_counter()
    async with Database.open(sqlite_url, data=tmp_path, now=lambda: NOW):
        assert time.perf_counter() - started < 0.25


MANY_PAPERS = """
    WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 400000)
    INSERT INTO papers (id, title, authors, abstract, categories, comment, journal_ref, doi, links,
                        withdrawn, first_seen)
    SELECT 'arXiv:' || n, 'Title', '[]', 'Abstract', '[]', '', '', '', '[]', 0,
           '2024-09-16 00:00:00.000000'
    FROM numbers
"""
