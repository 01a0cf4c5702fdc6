"""Databases filled by an earlier version and opened by this one."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from storage import migrate
from storage.database import Database
from tests.storage.conftest import NOW

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Iterator
    from pathlib import Path

    from tests.storage.postgres import Cluster


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of each kind without a schema."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path}/papers.db"
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    with cluster.database() as url:
        yield url


@asynccontextmanager
async def opened(url: str, data: Path) -> AsyncIterator[Database]:
    """The database, at the head of the scripts."""
    async with Database.open(url, data=data, now=lambda: NOW) as database:
        yield database


@asynccontextmanager
async def upgraded_from(
    before: str, rows: Iterable[str], url: str, data: Path
) -> AsyncIterator[Database]:
    """Made at revision `before` and filled by these statements, opened by this version."""
    with pytest.MonkeyPatch.context() as earlier:
        earlier.setattr(migrate, "HEAD", before)
        async with opened(url, data) as database:
            # SQLite keeps instants without their zone.
            zone = "+00:00" if database.dialect == "postgresql" else ""
            for row in rows:
                said = row.replace("+00:00", zone)
                await database.write(lambda c, said=said: c.exec_driver_sql(said))
    async with opened(url, data) as database:
        yield database
