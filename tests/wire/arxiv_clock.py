"""A clock for tests of waiting, and a database beside it."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from storage.database import Database
from tests.fakes import FakeClock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


class HastyClock(FakeClock):
    """Time passes only while somebody sleeps, and then at once; `slept` says how long each did."""

    def __init__(self) -> None:
        super().__init__()
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.advance(seconds)
        await asyncio.sleep(0)


_SCHEMA: list[bytes] = []
"""The file of an empty database, made once a session, since making it takes longer than a test."""


@asynccontextmanager
async def opened(path: Path, clock: FakeClock) -> AsyncIterator[Database]:
    """A real database in this folder."""
    file = path / "papers.db"
    if not _SCHEMA:
        async with Database.open(_url(file), data=path, now=clock.now):
            pass
        _SCHEMA.append(file.read_bytes())
    _fill(file)
    async with Database.open(_url(file), data=path, now=clock.now) as database:
        yield database


def _url(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


def _fill(file: Path) -> None:
    if not file.exists():
        file.write_bytes(_SCHEMA[0])
