"""What the wire tests share."""

from __future__ import annotations

import asyncio
import shutil
from typing import TYPE_CHECKING

import pytest

from bot.domain.prior import DEFAULT_KEYWORDS
from bot.programs.replay_desk import HereTrainer
from bot.publish.markdown_file import Unpublished
from bot.services.listing import Listing
from bot.services.training import Training
from bot.services.versions import Versions
from storage.database import Database
from storage.harvests import CHECK, Harvests
from storage.rankers import Rankers
from tests.fakes import FakeClock
from tests.storage.conftest import cluster, postgres_url, sqlite_template
from tests.unit.desk import no_backup
from tests.wire.arxiv_world import World, new_world
from tests.wire.lab import START, Lab, open_lab

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

__all__ = ["cluster", "postgres_url", "sqlite_template"]


@pytest.fixture(scope="session")
def checked_database(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with nothing in it but the day's cross-check, which would take its time."""
    path = tmp_path_factory.mktemp("checked") / "papers.db"
    shutil.copy(sqlite_template, path)

    async def check() -> None:
        async with database_at(path) as database:
            check = await database.write(lambda c: Harvests(c).begin(START, kind=CHECK))
            await database.write(lambda c: Harvests(c).end(check))

    asyncio.run(check())
    return path


@pytest.fixture(scope="session")
def taught_database(checked_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, with the ranker that the first harvest of a new bot would have trained."""
    folder = tmp_path_factory.mktemp("taught")
    path, school = folder / "papers.db", folder / "school.db"
    for copy in (path, school):
        shutil.copy(checked_database, copy)
    asyncio.run(teach(path, school))
    return path


async def teach(path: Path, school: Path) -> None:
    """Store in one database what is learnt from the shipped list in another."""
    clock = FakeClock(START)
    async with database_at(school) as database:
        await Listing(
            database=database, publisher=Unpublished(), clock=clock, back_up=no_backup
        ).ensure()
        training = Training(
            database=database, trainer=HereTrainer(), clock=clock, keywords=DEFAULT_KEYWORDS
        )
        await training.ready()
        made = await database.read(lambda c: Rankers(c).latest())
    assert made is not None
    async with database_at(path) as database:
        await Versions(database, DEFAULT_KEYWORDS, ()).keep(*made)


def database_at(path: Path) -> AbstractAsyncContextManager[Database]:
    """A SQLite database whose clock stands at the start."""
    return Database.open(f"sqlite+aiosqlite:///{path}", data=path.parent, now=lambda: START)


@pytest.fixture
async def lab(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Lab]:
    """A server, an arXiv and the bot's configuration for both, and a database."""
    database = await asyncio.to_thread(request.getfixturevalue, "taught_database")
    async with open_lab(tmp_path, database, forked=True) as opened:
        yield opened


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """The sources before a stand-in for arXiv."""
    async with new_world(tmp_path) as world:
        yield world
