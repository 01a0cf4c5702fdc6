"""Every storage test runs on a real database, on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from storage.database import Database
from storage.schema import metadata
from tests.storage.postgres import Cluster, PostgresMissing, running_cluster

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

ROOT = Path(__file__).resolve().parents[2]
"""Where processes of their own are started, so that they find this package."""

IN_TURN = "in_turn"
SINGLE_ROWS = (
    "INSERT INTO manners (id, strikes) VALUES (1, 0)",
    "INSERT INTO revisions (id, revision) VALUES (1, 0)",
    "INSERT INTO writers (name, first_revision) VALUES ('the first', 0)",
)

NOW = datetime(2024, 9, 16, 9, 0, tzinfo=UTC)


def make(url: str, data: Path) -> None:
    """Let the bot make its schema in an empty database, beside whatever event loop runs here."""

    async def open_once() -> None:
        async with Database.open(url, data=data, now=lambda: NOW):
            pass

    with ThreadPoolExecutor(1) as beside:
        beside.submit(asyncio.run, open_once()).result()


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A PostgreSQL server with a database that has the schema, for all tests in turn."""
    try:
        with running_cluster() as running:
            running.execute(f"CREATE DATABASE {IN_TURN}")
            make(running.url(IN_TURN), tmp_path_factory.mktemp("first"))
            yield running
    except PostgresMissing as missing:
        # Where everything has to be tested, a missing server is a failure.
        give_up = pytest.fail if os.environ.get("CI") else pytest.skip
        give_up(str(missing))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file that has the schema, to be copied."""
    path = tmp_path_factory.mktemp("template") / "papers.db"
    make(f"sqlite+aiosqlite:///{path}", path.parent)
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A SQLite database with the schema and nothing in it."""
    path = tmp_path / "papers.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture
def postgres_url(cluster: Cluster) -> Iterator[str]:
    """A PostgreSQL database with the schema and nothing in it."""
    yield cluster.url(IN_TURN)
    # Making a database anew for each test takes twenty times as long.
    emptied = (f'DELETE FROM "{table.name}"' for table in reversed(metadata.sorted_tables))
    cluster.execute(*emptied, *SINGLE_ROWS, database=IN_TURN)


@pytest.fixture
def own_postgres_url(cluster: Cluster, tmp_path: Path) -> Iterator[str]:
    """A PostgreSQL database with the schema, for a test that alters the schema."""
    with cluster.database() as url:
        make(url, tmp_path)
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    """A database with the schema and nothing in it, of each kind."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
async def database(url: str, tmp_path: Path) -> AsyncIterator[Database]:
    """An open database of each kind."""
    async with Database.open(url, data=tmp_path, now=lambda: NOW) as opened:
        yield opened


@pytest.fixture
async def sqlite_database(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Database]:
    """An open SQLite database, for what runs many examples."""
    async with Database.open(sqlite_url, data=tmp_path, now=lambda: NOW) as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the index stands; not there yet."""
    return tmp_path / "data" / "index"
