"""What the wire tests share."""

from __future__ import annotations

import asyncio
import shutil
from typing import TYPE_CHECKING

import pytest

from storage.database import Database
from storage.harvests import CHECK, Harvests
from tests.storage.conftest import cluster, postgres_url, sqlite_template
from tests.wire.arxiv_world import World, new_world
from tests.wire.lab import START, Lab, open_lab

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

__all__ = ["cluster", "postgres_url", "sqlite_template"]


@pytest.fixture(scope="session")
def checked_database(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with nothing in it but the day's cross-check, which would take its time."""
    path = tmp_path_factory.mktemp("checked") / "papers.db"
    shutil.copy(sqlite_template, path)

    async def check() -> None:
        url = f"sqlite+aiosqlite:///{path}"
        async with Database.open(url, data=path.parent, now=lambda: START) as database:
            check = await database.write(lambda c: Harvests(c).begin(START, kind=CHECK))
            await database.write(lambda c: Harvests(c).end(check))

    asyncio.run(check())
    return path


@pytest.fixture
async def lab(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Lab]:
    """A server, an arXiv and the bot's configuration for both, and a database."""
    database = await asyncio.to_thread(request.getfixturevalue, "checked_database")
    async with open_lab(tmp_path, database, forked=True) as opened:
        yield opened


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """The sources before a stand-in for arXiv."""
    async with new_world(tmp_path) as world:
        yield world
