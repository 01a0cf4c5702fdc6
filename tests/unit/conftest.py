"""A bot without faces: real SQLite, real index, a clock that stands still, and a strict board."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from storage.database import Database
from tests.fakes import FakeClock
from tests.storage.conftest import sqlite_template
from tests.wire.discord import DiscordStandIn

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.wire.discord.model import Guild

__all__ = ["sqlite_template"]


@pytest.fixture
def clock() -> FakeClock:
    """Monday morning."""
    return FakeClock()


@pytest.fixture
async def sqlite(
    tmp_path: Path, clock: FakeClock, sqlite_template: Path
) -> AsyncIterator[Database]:
    """An open SQLite database with the schema and nothing in it."""
    shutil.copy(sqlite_template, tmp_path / "papers.db")
    url = f"sqlite+aiosqlite:///{tmp_path}/papers.db"
    async with Database.open(url, data=tmp_path, now=clock.now) as opened:
        yield opened


@pytest.fixture
async def discord() -> AsyncIterator[DiscordStandIn]:
    """Discord, strict about what it gets."""
    async with DiscordStandIn() as standin:
        yield standin


@pytest.fixture
def guild(discord: DiscordStandIn) -> Guild:
    """The home guild."""
    return discord.guild("Home")
