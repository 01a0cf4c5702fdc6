"""The stand-in for arXiv knows its sets and refuses what arXiv refuses."""

from __future__ import annotations

import random
import re
from datetime import UTC, date, datetime, timedelta

import aiohttp
import pytest
from multidict import MultiDict

from bot.domain.errors import SourceError
from bot.sources.oai import set_spec
from storage.models import PaperId
from tests.wire.arxiv_archive import Archive, Record, is_set
from tests.wire.arxiv_atom import AtomSide
from tests.wire.arxiv_world import (
    ARXIV,
    World,
    five,
    needs_recordings,
)

PAPER = PaperId("arXiv:2402.13446")


@pytest.mark.parametrize(
    ("category", "spec"),
    [
        ("cs.CL", "cs:cs:CL"),
        ("stat.ML", "stat:stat:ML"),
        ("hep-th", "physics:hep-th"),
        ("astro-ph.CO", "physics:astro-ph:CO"),
        ("physics.soc-ph", "physics:physics:soc-ph"),
        ("q-bio.NC", "q-bio:q-bio:NC"),
        ("cs", "cs:cs"),
    ],
)
def test_sets_of_categories(category: str, spec: str) -> None:
    """Every category has its set: groups, archives and the archives of physics."""
    assert set_spec(category) == spec
    assert is_set(spec)


@pytest.mark.parametrize("category", ["", "cs CL", "cs:cs:CL", "cs.CL&verb=x", "CS.CL", "cs."])
def test_what_is_no_category_is_refused(category: str) -> None:
    """A wrong set name never reaches arXiv."""
    with pytest.raises(SourceError, match="no arXiv category"):
        set_spec(category)


async def test_the_stand_in_refuses_what_arxiv_refuses(world: World) -> None:
    """A wrong question gets the error arXiv gives, so that a wrong client shows."""
    wrong = {
        "badVerb": ["", "verb=Nonsense"],
        "badArgument": [
            "verb=ListRecords",
            "verb=ListRecords&metadataPrefix=arXiv&set=cs:cs:XX",
            "verb=ListRecords&metadataPrefix=arXiv&set=cs.CL",
            "verb=ListRecords&metadataPrefix=arXiv&from=16.9.2024",
            "verb=ListRecords&metadataPrefix=arXiv&from=2024-09-16T00:00:00Z",
            "verb=ListRecords&metadataPrefix=arXiv&from=2024-09-16&until=2024-09-15",
            "verb=ListRecords&metadataPrefix=arXiv&resumptionToken=x",
            "verb=ListRecords&metadataPrefix=arXiv&since=2024-09-16",
            "verb=ListRecords&verb=ListRecords&metadataPrefix=arXiv",
        ],
        "cannotDisseminateFormat": ["verb=ListRecords&metadataPrefix=arXivRaw"],
        "badResumptionToken": ["verb=ListRecords&resumptionToken=x"],
        "noRecordsMatch": ["verb=ListRecords&metadataPrefix=arXiv&set=cs"],
    }
    async with aiohttp.ClientSession() as session:
        for code, questions in wrong.items():
            for question in questions:
                async with session.get(f"{world.arxiv.oai_url}?{question}") as response:
                    assert f'code="{code}"' in await response.text(), question
        async with session.get(world.arxiv.oai_url, headers={"User-Agent": ""}) as response:
            assert response.status == 403
        async with session.get(f"{world.arxiv.api_url}?id_list=abc") as response:
            assert response.status == 400
            assert "incorrect id format for abc" in await response.text()


def searchable() -> AtomSide:
    """Four papers: two of cs.CL at noon, one also of cs.LG a minute on, one of stat.ML."""
    noon = datetime(2024, 9, 16, 12, tzinfo=UTC)
    archive = Archive()
    archive.add(
        Record("2409.00001", title="Synthetic data for dialogue", published=noon),
        Record("2409.00002", authors=(("Ng", "Amy"),), published=noon),
        Record(
            "2409.00003",
            abstract="A synthetic-data method.",
            categories=("cs.LG", "cs.CL"),
            published=noon + timedelta(seconds=60),
        ),
        Record("2409.00004", categories=("stat.ML",), published=noon + timedelta(days=1)),
    )
    return AtomSide(archive)


def asked(side: AtomSide, **arguments: object) -> tuple[int, list[str], str]:
    """The status, the numbers of the papers in their order, and the whole feed."""
    question = MultiDict({name: str(value) for name, value in arguments.items()})
    status, body = side.answer(question)
    return status, re.findall(r"/abs/[\d.]+(\d)v1</id>", body.decode()), body.decode()


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("cat:cs.CL", "123"),
        ("cat:cs.CL ANDNOT cat:cs.LG", "12"),
        ("cat:cs.LG OR cat:stat.ML", "34"),
        ("(cat:cs.LG OR cat:stat.ML) AND submittedDate:[202409161201 TO 202409161201]", "3"),
        ("submittedDate:[202409161200 TO 202409161200]", "12"),
        ("submittedDate:[202409161202 TO 202409180000]", "4"),
        ('all:"synthetic data"', "13"),
        ('ti:"synthetic data" OR au:ng', "12"),
        ("synthetic", "13"),
        ("cat:cs.XX", ""),
    ],
)
def test_what_a_query_finds(query: str, numbers: str) -> None:
    """Categories, windows of submission (inclusive, in GMT), words, and how they are joined."""
    assert "".join(sorted(asked(searchable(), search_query=query)[1])) == numbers


def test_pages_of_a_query() -> None:
    """A page says where it starts, how many it may hold and how many there are; it is sorted."""
    _, found, feed = asked(
        searchable(), search_query="cat:cs.CL", sortBy="submittedDate", start=0, max_results=1
    )
    assert found == ["3"]
    assert [int(number) for number in re.findall(r">(\d+)</opensearch", feed)] == [1, 3, 0]
    later = asked(
        searchable(),
        search_query="all:jane",
        sortBy="submittedDate",
        sortOrder="ascending",
        start=1,
    )
    assert later[1] == ["3", "4"]
    assert asked(searchable(), search_query="cat:cs.CL", start=7)[:2] == (200, [])
    assert ">2000</opensearch:itemsPerPage>" in asked(searchable(), max_results=5000)[2]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"start": "-1"}, "start must be non-negative"),
        ({"max_results": "many"}, "max_results must be an integer"),
        ({"start": 29_000, "max_results": 1001}, "at most 30000"),
        ({"sortBy": "date"}, "sortBy must be in"),
        ({"sortOrder": "down"}, "sortOrder must be in"),
        ({"search_query": "cat:cs.CL cat:cs.LG"}, "cannot parse"),
        ({"search_query": "cat:cs.CL AND"}, "lacks a term"),
        ({"search_query": "(cat:cs.CL"}, "does not close"),
        ({"search_query": 'ti:"open'}, "cannot parse"),
        ({"search_query": "category:cs.CL"}, "invalid field"),
        ({"search_query": "submittedDate:[2024-09-16 TO 2024-09-17]"}, "submittedDate wants"),
        ({"search_query": "submittedDate:[202413010000 TO 202413020000]"}, "submittedDate wants"),
        ({"order": "1"}, "unknown parameter"),
    ],
)
def test_wrong_questions_get_the_error_entry(arguments: dict[str, object], reason: str) -> None:
    """What arXiv refuses is refused with status 400, by an entry that tells why."""
    status, _, feed = asked(searchable(), **{"search_query": "all:a", **arguments})
    assert status == 400
    assert "/api/errors#" in feed
    assert reason in feed


def test_what_the_api_does_not_promise() -> None:
    """Ties may swap between pages, the order may be ignored, and new ids may be missing."""
    side = searchable()
    side.shuffle = random.Random(1).shuffle  # seeded, so that some order differs
    orders = {
        "".join(asked(side, search_query="cat:cs.CL", sortBy="submittedDate")[1]) for _ in range(20)
    }
    assert orders == {"312", "321"}
    side.sorts = False
    assert {
        asked(side, search_query="cat:cs.CL", sortBy="submittedDate")[1][0] for _ in range(20)
    } == {"1", "2", "3"}
    side.unindexed = {"2409.00003"}
    assert sorted(asked(side, search_query="cat:cs.CL")[1]) == ["1", "2"]


async def test_records_come_in_any_order_and_twice(world: World) -> None:
    """A page may come reversed and with a record repeated: the harvest has all of them anyway."""
    world.arxiv.archive.add(*five())
    world.arxiv.oai.arrange = lambda page: [*reversed(page), page[0]]
    papers = [paper.id for page in await world.harvest() for paper in page.papers]
    assert set(papers) == {f"arXiv:{record.id}" for record in five()}
    assert papers[0] == "arXiv:2409.00002"


@needs_recordings
async def test_recorded_records_go_through_the_stand_in(world: World) -> None:
    """The stand-in serves recorded records, and the harvest finds every one of the set again."""
    assert world.arxiv.archive.load_recorded(ARXIV / "oai") > 150
    world.arxiv.oai.page_size = 2000
    pages = [page async for page in world.harvester.pages("physics.soc-ph", date(1991, 1, 1))]
    known = world.arxiv.archive.modified("physics:physics:soc-ph", None, None)
    assert {paper.id for page in pages for paper in page.papers} == {
        f"arXiv:{record.id}" for record in known
    }
    assert len(known) > 2
