"""How often arXiv is asked, and what happens when it wants peace."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.domain.errors import Refused, SourceError, TokenExpired
from storage.database import Database
from tests.wire.arxiv import ArxivStandIn, Fault
from tests.wire.arxiv_world import SINCE, World, five

IDENTIFIED = "<OAI-PMH><responseDate>2024-09-16T04:20:00Z</responseDate><Identify/></OAI-PMH>"


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
    assert [page.requests for page in await world.harvest()] == [4, 1, 1]
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


@pytest.fixture
async def database_url(tmp_path: Path) -> str:
    """A real database for several processes, with nobody on it yet."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'papers.db'}"
    async with Database.open(url, data=tmp_path, now=lambda: datetime.now(UTC)):
        return url


async def asker(database_url: str, oai_url: str, spacing: str, times: str) -> Process:
    """Another process that asks arXiv."""
    data = database_url.removeprefix("sqlite+aiosqlite:///").rpartition("/")[0]
    command = [sys.executable, "-m", "tests.wire.arxiv_asker", database_url, data]
    command += [oai_url, spacing, times]
    return await asyncio.create_subprocess_exec(
        *command, cwd=Path(__file__).parents[2], stderr=PIPE
    )


@pytest.mark.long
async def test_two_processes_keep_the_spacing(database_url: str) -> None:
    """Two processes over one database never ask within the spacing, measured where they ask."""
    async with ArxivStandIn() as arxiv:
        processes = [await asker(database_url, arxiv.oai_url, "1.5", "2") for _ in range(2)]
        assert [await process.wait() for process in processes] == [0, 0]
        assert len(arxiv.requests) == 4
        assert min(arxiv.gaps()) >= 1.5


@pytest.mark.long
async def test_two_processes_have_one_connection(database_url: str) -> None:
    """While arXiv answers one process slowly, the other does not ask, though its slot came."""
    under_way = most = asked = 0

    async def slowly(_request: web.Request) -> web.Response:
        nonlocal under_way, most, asked
        under_way, asked = under_way + 1, asked + 1
        most = max(most, under_way)
        await asyncio.sleep(0.4)
        under_way -= 1
        return web.Response(text=IDENTIFIED, content_type="application/xml")

    application = web.Application()
    application.router.add_get("/oai", slowly)
    async with TestServer(application) as server:
        oai_url = str(server.make_url("/oai"))
        processes = [await asker(database_url, oai_url, "0.1", "3") for _ in range(2)]
        assert [await process.wait() for process in processes] == [0, 0]
    assert (asked, most) == (6, 1)


@pytest.mark.long
async def test_a_cool_down_holds_for_the_next_process(database_url: str) -> None:
    """What arXiv told one process, another one started later keeps to, and asks nothing."""
    async with ArxivStandIn() as arxiv:
        arxiv.fail(Fault.TOO_MANY, retry_after="900")
        for words in (b"429", b"arXiv asked for a pause until "):
            process = await asker(database_url, arxiv.oai_url, "0.1", "1")
            _, told = await process.communicate()
            assert process.returncode == 1
            assert words in told
        assert len(arxiv.requests) == 1


async def test_a_machine_asks_nothing_at_night(world: World) -> None:
    """A harvest that comes to its second page after midnight reads it at two o'clock."""
    world.arxiv.archive.add(*five())
    world.clock.advance(14 * 3600 + 3590)
    pages = world.harvester.pages("cs.CL", SINCE)
    await anext(pages)
    world.clock.advance(20)
    with pytest.raises(TokenExpired):
        await anext(pages)
    assert f"{world.clock.now():%H:%M}" == "02:00"


async def test_a_person_harvests_at_any_hour(world: World) -> None:
    """Whoever types the command gets the pages at once, at night too."""
    world.arxiv.archive.add(*five())
    world.clock.advance(15.5 * 3600)
    pages = [page async for page in world.by_person.pages("cs.CL", SINCE)]
    assert len(pages) == 3
    assert sum(world.clock.slept) < 10


async def test_a_person_who_harvests_waits_for_a_busy_arxiv_only(world: World) -> None:
    """A 503 of ten minutes is waited out; a pause of an hour is told at once, with its end."""
    world.arxiv.archive.add(*five())
    world.arxiv.fail(Fault.BUSY, retry_after="600")
    pages = world.by_person.pages("cs.CL", SINCE)
    assert not (await anext(pages)).last
    world.arxiv.fail(Fault.TOO_MANY, retry_after="3600")
    with pytest.raises(Refused, match="429"):
        await anext(pages)
    with pytest.raises(Refused, match="asked for a pause until 10:10 UTC"):
        await anext(world.by_person.pages("cs.CL", SINCE))
    assert len(world.arxiv.requests) == 3


async def test_busy_is_told_as_a_refusal_when_it_lasts(world: World) -> None:
    """An arXiv that stays busy wants peace: the pass can end for all sets at once."""
    world.arxiv.fail(Fault.BUSY, times=4, retry_after="5")
    with pytest.raises(Refused, match="busy 4 times"):
        await world.harvest()
    world.arxiv.fail(Fault.BUSY, retry_after="3600")
    with pytest.raises(Refused) as refused:
        await world.harvest()
    assert refused.value.retry_after == 3600


async def test_a_refusal_as_a_page_is_a_refusal(world: World) -> None:
    """“Rate exceeded.” within HTML and status 200 is a refusal too."""
    world.arxiv.say(b"<html><body><h1>Rate exceeded.</h1></body></html>")
    with pytest.raises(Refused, match="Rate exceeded"):
        await world.harvest()
