"""How often arXiv is asked, and what happens when it wants peace."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.errors import SourceError
from storage.database import Database
from storage.models import PaperId
from tests.wire.arxiv import ArxivStandIn, Fault
from tests.wire.arxiv_world import (
    World,
    five,
)

PAPER = PaperId("arXiv:2402.13446")


async def test_requests_keep_their_manners(world: World) -> None:
    """Pages and lookups share one spacing of 3 s, and every request names the contact."""
    world.arxiv.archive.add(*five())
    await asyncio.gather(world.harvest(), world.lookup("2409.00001"))
    assert len(world.arxiv.requests) == 4
    assert sum(world.clock.slept) >= 3 * 3.0
    agents = {asked.user_agent for asked in world.arxiv.requests}
    assert agents == {"syndata-papers (mailto:me@example.org)"}


async def test_busy_is_waited_out(world: World) -> None:
    """A 503 with Retry-After is normal: the same question is asked again after it."""
    world.arxiv.archive.add(*five())
    world.arxiv.fail(Fault.BUSY, times=3, retry_after="20")
    before = world.clock.now()
    assert len(await world.harvest()) == 3
    assert (world.clock.now() - before).total_seconds() >= 60
    assert len(world.arxiv.requests) == 6


async def test_busy_for_ever_is_given_up(world: World) -> None:
    """After four 503 in a row the harvest ends with an error and a cool-down."""
    world.arxiv.fail(Fault.BUSY, times=9, retry_after="5")
    with pytest.raises(SourceError, match="busy 4 times"):
        await world.harvest()
    with pytest.raises(SourceError, match="asked for a pause"):
        await world.harvester.reachable()
    assert len(world.arxiv.requests) == 4


async def test_a_long_busy_is_not_waited_out(world: World) -> None:
    """A Retry-After of an hour ends the harvest at once; nothing is asked within that hour."""
    world.arxiv.fail(Fault.BUSY, retry_after="3600")
    with pytest.raises(SourceError, match="busy"):
        await world.harvest()
    with pytest.raises(SourceError, match="asked for a pause"):
        await world.lookup("2409.00001")
    assert len(world.arxiv.requests) == 1


async def test_503_without_retry_after_is_a_refusal(world: World) -> None:
    """Where arXiv does not say when to come back, the back-off decides."""
    world.arxiv.fail(Fault.BUSY)
    with pytest.raises(SourceError, match="503"):
        await world.harvest()
    with pytest.raises(SourceError, match="asked for a pause"):
        await world.harvester.reachable()


async def test_retry_after_as_a_date(world: World) -> None:
    """A refusal that names a date is honoured to it."""
    world.arxiv.fail(Fault.TOO_MANY, retry_after="Mon, 16 Sep 2024 10:00:00 GMT")
    with pytest.raises(SourceError, match="429"):
        await world.harvest()
    with pytest.raises(SourceError, match="10:00 UTC"):
        await world.harvester.reachable()


async def test_two_processes_keep_the_spacing(tmp_path: Path) -> None:
    """Two processes over one database never ask within the spacing, measured where they ask."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'papers.db'}"
    async with Database.open(url, data=tmp_path, now=lambda: datetime.now(UTC)):
        pass
    async with ArxivStandIn() as arxiv:
        command = [sys.executable, "-m", "tests.wire.arxiv_asker", url, str(tmp_path)]
        command += [arxiv.oai_url, "1.5", "2"]
        processes = [
            await asyncio.create_subprocess_exec(*command, cwd=Path(__file__).parents[2])
            for _ in range(2)
        ]
        assert [await process.wait() for process in processes] == [0, 0]
        assert len(arxiv.requests) == 4
        assert min(arxiv.gaps()) >= 1.5
