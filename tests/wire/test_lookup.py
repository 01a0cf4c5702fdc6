"""Lookup of single papers through the real `arxiv` package, over real sockets."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
from datetime import date

import pytest
from multidict import MultiDict

from bot.domain.errors import SourceError
from storage.models import Author, PaperId
from tests.wire.arxiv import Fault, Record
from tests.wire.arxiv_world import FAULTS, World, five

PAPER = PaperId("arXiv:2402.13446")


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
async def test_a_fault_in_a_lookup_is_named(world: World, fault: Fault) -> None:
    """No fault is taken for a paper or for its absence; it is named, and asked once only."""
    world.arxiv.archive.add(*five())
    world.arxiv.fail(fault)
    with pytest.raises(SourceError, match=FAULTS[fault]):
        await world.lookup("2409.00001")
    assert len(world.arxiv.requests) == 1
    world.clock.advance(60)
    assert len(await world.lookup("2409.00001")) == 1


async def test_lookup_gives_the_papers_that_exist(world: World) -> None:
    """Known ids give papers under ids without version; unknown and other ones are absent."""
    world.arxiv.archive.add(
        Record(
            "2402.13446",
            title="Large Language Models\n for Data Annotation & Synthesis",
            authors=(("Tan", "Zhen"), ("van der Berg", "Jan")),
            abstract="We survey.",
            categories=("cs.CL", "cs.AI"),
            created=date(2024, 2, 21),
            updated=date(2024, 12, 2),
            comments="Code: https://github.com/a/b",
            doi="10.18653/v1/2024.emnlp-main.54",
            version=3,
        ),
        Record("hep-th/9901001", categories=("hep-th",)),
    )
    found = await world.papers.lookup(
        [
            PAPER,
            PAPER,
            PaperId("arXiv:hep-th/9901001"),
            PaperId("arXiv:2402.99999"),
            PaperId("doi:10.1/x"),
            PaperId("arXiv:nonsense&x=1"),
        ]
    )
    assert {paper.id for paper in found} == {PAPER, "arXiv:hep-th/9901001"}
    paper = next(paper for paper in found if paper.id == PAPER)
    assert paper.title == "Large Language Models for Data Annotation & Synthesis"
    assert paper.authors == (Author("Tan", "Zhen"), Author("van der Berg", "Jan"))
    assert paper.published == date(2024, 2, 21)
    assert paper.updated == date(2024, 12, 2)
    assert paper.categories == ("cs.CL", "cs.AI")
    assert paper.aliases == ("acl:2024.emnlp-main.54", "doi:10.18653/v1/2024.emnlp-main.54")
    assert [link.url for link in paper.links] == ["https://github.com/a/b"]
    assert len(world.arxiv.requests) == 1


async def test_both_routes_tell_the_same_paper(world: World) -> None:
    """OAI and the API describe a paper alike, but for the day of modification only OAI knows."""
    world.arxiv.archive.add(
        Record("2409.00001", authors=(("Tan", "Zhen"),), comments="Withdrawn by the authors")
    )
    (page,) = await world.harvest()
    (looked_up,) = await world.lookup("2409.00001")
    (harvested,) = page.papers
    assert harvested.datestamp == date(2024, 9, 16)
    for name in ("id", "title", "authors", "abstract", "published", "comment", "withdrawn"):
        assert getattr(looked_up, name) == getattr(harvested, name), name


async def test_nothing_to_look_up_asks_nothing(world: World) -> None:
    """Without an arXiv id among them arXiv is not asked."""
    assert await world.papers.lookup([]) == ()
    assert await world.papers.lookup([PaperId("acl:2024.acl-long.12")]) == ()
    assert world.arxiv.requests == []


async def test_what_is_not_searchable_yet_is_absent(world: World) -> None:
    """An id that was announced and is not in the search index yet is absent, and no error."""
    world.arxiv.archive.add(Record("2409.00001"), Record("2409.00002"))
    world.arxiv.atom.unindexed.add("2409.00001")
    found = await world.lookup("2409.00001", "2409.00002")
    assert [paper.id for paper in found] == ["arXiv:2409.00002"]


async def test_many_ids_are_asked_in_hundreds(world: World) -> None:
    """250 ids are three questions, each in its turn."""
    numbers = [f"2409.{n:05}" for n in range(1, 251)]
    world.arxiv.archive.add(*(Record(number) for number in numbers))
    assert len(await world.lookup(*numbers)) == 250
    assert len(world.arxiv.requests) == 3
    assert sum(world.clock.slept) >= 6.0


async def test_an_error_entry_with_dates_is_no_paper(world: World) -> None:
    """The package takes it for a paper; we tell what it says."""
    world.arxiv.fail(Fault.ERROR_ENTRY)
    with pytest.raises(SourceError, match="refused the question: internal error"):
        await world.lookup("2402.13446")


async def test_another_paper_than_asked_for_is_left_out(world: World) -> None:
    """A stale answer to somebody else's question gives nothing."""
    world.arxiv.archive.add(Record("2409.00001"))
    status, stale = world.arxiv.atom.answer(MultiDict(id_list="2409.00001"))
    world.arxiv.say(stale, status)
    assert await world.lookup("2402.13446") == ()


async def test_a_cancelled_lookup_leaves_nothing_behind(world: World) -> None:
    """Who gives up waiting frees the line at once, for the next one and for the exit."""
    world.arxiv.archive.add(Record("2409.00001"))
    world.arxiv.fail(Fault.TIMEOUT)
    waiting = asyncio.create_task(world.lookup("2409.00001"))
    await world.arxiv.asked.wait()
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    started = time.monotonic()
    assert len(await world.lookup("2409.00001")) == 1
    assert time.monotonic() - started < 0.4


def test_the_package_is_not_imported_before_it_is_used() -> None:
    """Importing the lookup brings neither the package nor requests, which cost memory."""
    code = (
        "import sys, bot.sources.api, bot.sources.oai; print({'arxiv','requests'} & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


async def test_the_package_runs_beside_the_loop(world: World) -> None:
    """Lookups leave the event loop free and use one thread, however many there are."""
    world.arxiv.archive.add(*five())
    await asyncio.gather(*(world.lookup(f"2409.0000{n}") for n in range(1, 6)))
    own = [thread for thread in threading.enumerate() if thread.name.startswith("arxiv")]
    assert len(own) == 1
