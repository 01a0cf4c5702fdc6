"""The harvest over real sockets against the stand-in for arXiv."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import aiohttp
import pytest

from bot.domain.errors import SourceError, TokenExpired
from bot.domain.identify import identify
from bot.sources.manners import Manners
from bot.sources.oai import OaiHarvester
from storage.models import Paper, PaperId
from storage.papers import Papers
from tests.wire.arxiv import ArxivStandIn, Fault, Record
from tests.wire.arxiv_clock import HastyClock, opened
from tests.wire.arxiv_world import (
    FAULTS,
    REFUSALS,
    SINCE,
    World,
    five,
)

if TYPE_CHECKING:
    from pathlib import Path

PAPER = PaperId("arXiv:2402.13446")


async def test_a_harvest_reads_all_pages(world: World) -> None:
    """Every record of the set comes once, in pages of which the last says so."""
    world.arxiv.archive.add(*five(), Record("2409.00006", categories=("cs.CV",)))
    pages = await world.harvest()
    assert [paper.id for page in pages for paper in page.papers] == [
        f"arXiv:2409.0000{n}" for n in range(1, 6)
    ]
    assert [page.last for page in pages] == [False, False, True]
    assert pages[0].response_date.tzinfo is not None
    first, second, _ = world.arxiv.requests
    assert first.arguments == {
        "verb": "ListRecords",
        "metadataPrefix": "arXiv",
        "set": "cs:cs:CL",
        "from": "2024-09-01",
    }
    assert set(second.arguments) == {"verb", "resumptionToken"}


async def test_cross_lists_and_windows(world: World) -> None:
    """A cross-list counts, and what was modified after the last day asked for does not."""
    world.arxiv.archive.add(
        Record("2409.00001", categories=("cs.CV", "cs.CL")),
        Record("2409.00002", datestamp=date(2024, 9, 20)),
        Record("2409.00003", datestamp=date(2024, 8, 31)),
        Record("2409.00004", deleted=True),
    )
    (page,) = await world.harvest(until=date(2024, 9, 19))
    assert [paper.id for paper in page.papers] == ["arXiv:2409.00001"]
    assert page.deleted == ("arXiv:2409.00004",)


async def test_nothing_modified_is_one_empty_last_page(world: World) -> None:
    """`noRecordsMatch` is a normal answer: one page, empty, and the last."""
    (page,) = await world.harvest()
    assert page.papers == ()
    assert page.last


async def test_an_expired_token_is_told_apart(world: World) -> None:
    """A token from yesterday ends the harvest with an error of its own."""
    world.arxiv.archive.add(*five())
    pages = world.harvester.pages("cs.CL", SINCE)
    await anext(pages)
    world.clock.advance(86_400)
    with pytest.raises(TokenExpired):
        await anext(pages)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
async def test_a_fault_in_a_harvest_is_named(world: World, fault: Fault) -> None:
    """No fault is taken for a page: it is named, asked once only, and the next pass goes well."""
    world.arxiv.archive.add(*five())
    world.arxiv.fail(fault)
    with pytest.raises(SourceError, match=FAULTS[fault]):
        await world.harvest()
    assert len(world.arxiv.requests) == 1
    before = world.clock.now()
    assert sum(len(page.papers) for page in await world.harvest()) == 5
    waited = (world.clock.now() - before).total_seconds()
    assert (waited >= 60) == (fault in REFUSALS)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
async def test_a_fault_on_a_later_page_gives_no_last_page(world: World, fault: Fault) -> None:
    """What was read before a fault was given out, but no page that says it is the last."""
    world.arxiv.archive.add(*five())
    pages = world.harvester.pages("cs.CL", SINCE)
    assert not (await anext(pages)).last
    assert not (await anext(pages)).last
    world.arxiv.fail(fault)
    with pytest.raises(SourceError, match=FAULTS[fault]):
        await anext(pages)


async def test_an_unreachable_arxiv_is_named(tmp_path: Path) -> None:
    """Nothing behind the address gives one clear sentence that names it."""
    clock = HastyClock()
    async with ArxivStandIn() as arxiv:
        closed = arxiv.oai_url
    async with opened(tmp_path, clock) as database, aiohttp.ClientSession() as session:
        manners = Manners(database=database, clock=clock)
        harvester = OaiHarvester(session=session, manners=manners, base_url=closed)
        with pytest.raises(SourceError, match=closed):
            await harvester.reachable()


async def test_reachable_asks_once(world: World) -> None:
    """Doctor's question is one Identify, and an answer to something else does not count."""
    await world.harvester.reachable()
    assert world.arxiv.requests[0].arguments == {"verb": "Identify"}
    world.arxiv.fail(Fault.NO_RESULTS)
    with pytest.raises(SourceError, match="identify"):
        await world.harvester.reachable()


@pytest.mark.parametrize(
    "link",
    [
        "https://aclanthology.org/2024.emnlp-main.54/",
        "https://aclanthology.org/2024.emnlp-main.54.pdf",
        "https://doi.org/10.18653/v1/2024.emnlp-main.54",
    ],
)
@pytest.mark.parametrize(
    "record",
    [
        Record("2402.13446", doi="10.18653/v1/2024.emnlp-main.54"),
        Record("2402.13446", doi="10.1234/x, 10.18653/v1/2024.EMNLP-main.54"),
        Record("2402.13446", journal_ref="EMNLP 2024, aclanthology.org/2024.emnlp-main.54"),
        Record("2402.13446", comments="See https://aclanthology.org/2024.emnlp-main.54."),
    ],
    ids=["doi", "two dois", "journal", "comment"],
)
async def test_a_listed_acl_paper_is_known_again(
    world: World, tmp_path: Path, record: Record, link: str
) -> None:
    """However a list links a paper of the Anthology, arXiv's record that names it is that paper."""
    (tmp_path / "list").mkdir()
    world.arxiv.archive.add(record)
    (page,) = await world.harvest()
    (paper,) = page.papers
    async with opened(tmp_path / "list", world.clock) as database:
        listed = Paper(identify(link) or PAPER, "As the list has it")
        now = world.clock.now()
        await database.write(lambda c: Papers(c).store([listed], now))
        stored = await database.write(lambda c: Papers(c).store([paper], now))
    assert (stored.new, stored.updated) == ((), (listed.id,))
