"""The schema is made, brought up to date after a copy, and refused when it is too new."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import sys
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from structlog.testing import capture_logs

import storage
from storage import backups, migrate
from storage.database import Database
from storage.errors import NewerSchema, StorageError
from storage.papers import Papers
from storage.schema import metadata
from storage.settings import Settings
from tests.factories import paper
from tests.storage.conftest import NOW, ROOT

if TYPE_CHECKING:
    from tests.storage.postgres import Cluster

HEAD = migrate.HEAD

NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{before}"


def upgrade():
    with op.batch_alter_table("papers") as batch:
        batch.add_column(sa.Column("stars", sa.Integer(), server_default="5", nullable=False))
    {more}
"""


@pytest.fixture
def postgres_url(own_postgres_url: str) -> str:
    """What alters a schema has a database of its own."""
    return own_postgres_url


@pytest.fixture
def next_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A later version of the bot, whose schema is one revision ahead."""
    scripts = tmp_path / "migrations"
    shutil.copytree(Path(storage.__file__).parent / "migrations", scripts)
    revision = scripts / "versions" / "r9999_stars.py"
    write(revision, before=migrate.HEAD)
    monkeypatch.setattr(migrate, "SCRIPTS", str(scripts))
    monkeypatch.setattr(migrate, "HEAD", "9999")
    return revision


def write(revision: Path, *, before: str = HEAD, more: str = "") -> None:
    """Write the later version's script, which does `more` at its end."""
    revision.write_text(NEXT.format(before=before, more=more))


async def open_once(url: str, data: Path, now: datetime = NOW) -> None:
    """Open a database and close it again."""
    async with Database.open(url, data=data, now=lambda: now):
        pass


def test_head_is_the_newest_script() -> None:
    """The constant that saves importing Alembic says what the scripts say."""
    config = Config()
    config.set_main_option("script_location", migrate.SCRIPTS)
    assert ScriptDirectory.from_config(config).get_heads() == [migrate.HEAD]


async def test_the_scripts_make_the_schema(database: Database) -> None:
    """What the migrations make is what the stores are written against, table by table."""

    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))

    found = await database.read(lambda c: c.run_sync(differences))
    assert found == []


async def test_a_schema_at_head_needs_no_alembic(sqlite_url: str, tmp_path: Path) -> None:
    """Opening a database that is up to date imports no Alembic."""
    code = (
        "import asyncio, sys; from tests.storage.worker import main;"
        f"asyncio.run(main('open', {sqlite_url!r}, {str(tmp_path)!r}));"
        "sys.exit('alembic' in sys.modules)"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, cwd=ROOT)
    assert await process.wait() == 0


async def test_an_older_schema_is_migrated_with_its_data(
    url: str, tmp_path: Path, next_version: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Opened by a later version, the schema is brought up to date and everything is still there."""
    with monkeypatch.context() as earlier:
        earlier.setattr(migrate, "HEAD", HEAD)
        async with Database.open(url, data=tmp_path, now=lambda: NOW) as database:
            await database.write(lambda c: Papers(c).store([paper()], NOW))
    async with Database.open(url, data=tmp_path, now=lambda: NOW) as database:
        assert await database.read(lambda c: Papers(c).get(paper().id)) == paper()
        stars = text("SELECT stars FROM papers")
        assert await database.read(lambda c: c.scalar(stars)) == 5
        aliases = text("SELECT count(*) FROM aliases")
        assert await database.read(lambda c: c.scalar(aliases)) == 1


async def test_a_copy_is_made_before_a_migration(
    sqlite_url: str, tmp_path: Path, next_version: Path
) -> None:
    """The copy holds the old schema and the data, and the log names it."""
    with closing(sqlite3.connect(tmp_path / "papers.db")) as connection, connection:
        connection.execute("INSERT INTO settings VALUES ('a', '1')")
    with capture_logs() as logged:
        await open_once(sqlite_url, tmp_path)
    copy = backups.newest(tmp_path / "backups")
    assert copy is not None
    assert copy.name == "20240916T090000000000Z-before-9999.db"
    assert str(copy) in [entry.get("backup") for entry in logged]
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT value FROM settings").fetchall() == [("1",)]
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (HEAD,)


async def test_a_migration_that_fails_changes_nothing(
    url: str, tmp_path: Path, next_version: Path
) -> None:
    """Half a migration is undone, and the next attempt finds the schema as it was."""
    write(next_version, more='op.execute("INSERT INTO nowhere VALUES (1)")')
    with pytest.raises(StorageError, match="nowhere") as failed:
        await open_once(url, tmp_path)
    assert "\n" not in str(failed.value)
    write(next_version)
    later = NOW + timedelta(minutes=1)
    async with Database.open(url, data=tmp_path, now=lambda: later) as database:
        assert await database.read(lambda c: c.scalar(text("SELECT count(stars) FROM papers"))) == 0


async def test_a_migration_may_not_break_references(
    sqlite_url: str, tmp_path: Path, next_version: Path
) -> None:
    """Foreign keys are off while tables are rebuilt, so they are checked before it is kept."""
    broken = "INSERT INTO aliases (alias, paper, position) VALUES ('a', 'nobody', 0)"
    write(next_version, more=f'op.execute("{broken}")')
    with pytest.raises(StorageError, match="aliases"):
        await open_once(sqlite_url, tmp_path)
    with closing(sqlite3.connect(tmp_path / "papers.db")) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (HEAD,)


async def test_a_newer_schema_is_refused_and_names_the_copy(
    sqlite_url: str, tmp_path: Path, next_version: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The version before a migration says what to install and which copy it could use."""
    await open_once(sqlite_url, tmp_path)
    monkeypatch.undo()
    with pytest.raises(NewerSchema) as refused:
        await open_once(sqlite_url, tmp_path)
    line = str(refused.value)
    assert str(backups.newest(tmp_path / "backups")) in line
    assert "9999" in line
    assert "newer" in line
    assert "\n" not in line


async def test_a_newer_schema_without_a_copy(
    postgres_url: str, tmp_path: Path, next_version: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no copy is, none is named."""
    await open_once(postgres_url, tmp_path)
    monkeypatch.undo()
    with pytest.raises(NewerSchema, match="no older copy"):
        await open_once(postgres_url, tmp_path)


@pytest.mark.long
async def test_two_processes_make_one_new_database(tmp_path: Path, cluster: Cluster) -> None:
    """Started at once on an empty database, both find the schema made once."""
    with cluster.database() as empty:
        for url in (empty, f"sqlite+aiosqlite:///{tmp_path}/new/papers.db"):
            command = (sys.executable, "-m", "tests.storage.worker", "open", url, str(tmp_path))
            both = [await asyncio.create_subprocess_exec(*command, cwd=ROOT) for _ in range(2)]
            assert [await process.wait() for process in both] == [0, 0]


async def test_a_backup_is_a_whole_database(database: Database, tmp_path: Path) -> None:
    """A backup taken from an open SQLite database opens by itself; PostgreSQL has its own tools."""
    target = tmp_path / "copies" / "today.db"
    await database.write(lambda c: Settings(c).put("a", "1"))
    if database.dialect == "postgresql":
        with pytest.raises(StorageError, match="pg_dump"):
            await database.backup(target)
        return
    await database.backup(target)
    async with Database.open(f"sqlite:///{target}", data=tmp_path, now=lambda: NOW) as copy:
        assert await copy.read(lambda c: Settings(c).get("a")) == "1"


async def test_a_backup_overwrites_nothing(sqlite_url: str, tmp_path: Path) -> None:
    """An existing file is left alone, and a place that cannot be written is named."""
    (tmp_path / "mine.txt").write_text("mine")
    async with Database.open(sqlite_url, data=tmp_path, now=lambda: NOW) as database:
        with pytest.raises(StorageError, match=r"mine\.txt exists already"):
            await database.backup(tmp_path / "mine.txt")
        with pytest.raises(StorageError, match="could not be written"):
            await database.backup(tmp_path / "mine.txt" / "below.db")
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_the_last_three_copies_are_kept(sqlite_template: Path, tmp_path: Path) -> None:
    """A fourth copy before a migration removes the oldest, and nothing else in the folder."""
    (tmp_path / "by-hand.db").write_text("kept")
    made = [
        backups.before_migration(sqlite_template, tmp_path, f"{n:04}", NOW + timedelta(days=n))
        for n in range(5)
    ]
    assert sorted(tmp_path.iterdir()) == [*made[2:], tmp_path / "by-hand.db"]
    assert backups.newest(tmp_path) == made[-1]
