"""What the wire tests share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.storage.conftest import cluster, postgres_url
from tests.wire.arxiv_world import World, new_world
from tests.wire.lab import Lab, open_lab

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

__all__ = ["cluster", "lab", "postgres_url"]


@pytest.fixture
async def lab(tmp_path: Path) -> AsyncIterator[Lab]:
    """A server, an arXiv and the bot's configuration for both."""
    async with open_lab(tmp_path) as opened:
        yield opened


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """The sources before a stand-in for arXiv."""
    async with new_world(tmp_path) as world:
        yield world
