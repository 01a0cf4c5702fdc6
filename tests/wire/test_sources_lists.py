"""A list that cannot be whole is never taken for one."""

from __future__ import annotations

import pytest

from bot.domain.errors import SourceError, TokenExpired
from storage.models import PaperId
from tests.wire.arxiv_world import (
    SINCE,
    World,
)

PAPER = PaperId("arXiv:2402.13446")


def listed(records: str, token: str = "") -> bytes:
    """A ListRecords answer."""
    return (
        "<OAI-PMH><responseDate>2024-09-16T04:20:00Z</responseDate>"
        f"<ListRecords>{records}{token}</ListRecords></OAI-PMH>"
    ).encode()


def gone(number: str) -> str:
    """A deleted record, the shortest there is."""
    return (
        '<record><header status="deleted">'
        f"<identifier>oai:arXiv.org:{number}</identifier></header></record>"
    )


async def test_a_short_list_is_a_fault(world: World) -> None:
    """When arXiv says how long the list is, a shorter one has no last page."""
    token = '<resumptionToken completeListSize="5">t</resumptionToken>'
    world.arxiv.say(listed(gone("2409.00001") + gone("2409.00002"), token))
    world.arxiv.say(listed(gone("2409.00003"), '<resumptionToken completeListSize="5"/>'))
    pages = world.harvester.pages("cs.CL", SINCE)
    assert not (await anext(pages)).last
    with pytest.raises(SourceError, match="has 5 records and sent 3"):
        await anext(pages)


async def test_one_record_an_edge_may_slip(world: World) -> None:
    """A record edited meanwhile can pull one across an edge: the overlap repairs that."""
    token = '<resumptionToken completeListSize="3">t</resumptionToken>'
    world.arxiv.say(listed(gone("2409.00001"), token))
    world.arxiv.say(listed(gone("2409.00003")))
    assert [page.last for page in await world.harvest()] == [False, True]


async def test_a_token_that_repeats_is_a_fault(world: World) -> None:
    """A list that would never end is ended with an error."""
    for _ in range(2):
        world.arxiv.say(listed(gone("2409.00001"), "<resumptionToken>t</resumptionToken>"))
    with pytest.raises(SourceError, match="same resumption token"):
        await world.harvest()


async def test_an_empty_later_page_is_a_fault(world: World) -> None:
    """A page without records is not the end of a list whose length nobody told."""
    world.arxiv.say(listed(gone("2409.00001"), "<resumptionToken>t</resumptionToken>"))
    world.arxiv.say(listed(""))
    with pytest.raises(SourceError, match="without records"):
        await world.harvest()


async def test_an_answer_without_end_is_cut_off(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer larger than any true page is given up before it fills the memory."""
    monkeypatch.setattr("bot.sources.asking.MOST_BYTES", 2**20)
    world.arxiv.say(b"<OAI-PMH>" + b" " * 2**21)
    with pytest.raises(SourceError, match="more than 1 MB"):
        await world.harvest()


async def test_a_redirect_names_the_new_address(world: World) -> None:
    """A redirect is not followed, which would be two requests at once: the operator is told."""
    world.arxiv.say(b"", status=301)
    with pytest.raises(SourceError, match=r"redirect .*config\.toml"):
        await world.harvest()


async def test_no_records_match_in_the_middle_is_not_the_end(world: World) -> None:
    """A list that became shorter behind its token starts again; it never ends there."""
    world.arxiv.say(listed(gone("2409.00001"), "<resumptionToken>t</resumptionToken>"))
    world.arxiv.say(
        b"<OAI-PMH><responseDate>2024-09-16T04:20:00Z</responseDate>"
        b'<error code="noRecordsMatch">none</error></OAI-PMH>'
    )
    pages = world.harvester.pages("cs.CL", SINCE)
    assert not (await anext(pages)).last
    with pytest.raises(TokenExpired, match="after 1 records, that none match"):
        await anext(pages)


async def test_an_unreadable_record_is_told_with_its_page(world: World) -> None:
    """The page comes with what could be read and the name of what could not; the list goes on."""
    unread = "<record><header><identifier>oai:example.org:1</identifier></header></record>"
    token = '<resumptionToken completeListSize="3">t</resumptionToken>'
    world.arxiv.say(listed(gone("2409.00001") + unread, token))
    world.arxiv.say(listed(gone("2409.00003")))
    first, second = await world.harvest()
    assert first.deleted == ("arXiv:2409.00001",)
    assert [fault for fault in first.faults if "'oai:example.org:1'" in fault]
    assert second.last
    assert second.faults == ()
