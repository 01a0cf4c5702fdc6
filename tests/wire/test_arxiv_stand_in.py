"""The stand-in for arXiv knows its sets and refuses what arXiv refuses."""

from __future__ import annotations

from datetime import date

import aiohttp
import pytest

from bot.domain.errors import SourceError
from bot.sources.oai import set_spec
from storage.models import PaperId
from tests.wire.arxiv_archive import is_set
from tests.wire.arxiv_world import (
    ARXIV,
    World,
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
