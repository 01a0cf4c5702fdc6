"""Papers of the ACL Anthology and OpenReview, over real sockets."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import aiohttp
import pytest

from bot.domain.errors import SourceError
from bot.sources import anthology, openreview, published
from bot.sources.anthology import AnthologyLookup
from bot.sources.openreview import OpenReviewLookup
from storage.models import Author, PaperId
from tests.wire.arxiv_clock import HastyClock
from tests.wire.published import PublishedStandIn, mods, note, older_note

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from storage.models import Paper

ACL = PaperId("acl:2024.acl-long.9012")
OPEN = PaperId("openreview:ThjDCZOljE")
AGENT = "syndata-papers (mailto:me@example.org)"


@dataclass
class Sites:
    """The two sites, and the ways to them."""

    far: PublishedStandIn
    clock: HastyClock
    anthology: AnthologyLookup
    openreview: OpenReviewLookup

    async def acl(self, paper_id: PaperId = ACL) -> tuple[Paper, ...]:
        return await self.anthology.lookup([paper_id])

    async def open(self, paper_id: PaperId = OPEN) -> tuple[Paper, ...]:
        return await self.openreview.lookup([paper_id])


@pytest.fixture
async def sites(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Sites]:
    """Both sources before their stand-in."""
    clock = HastyClock()
    async with PublishedStandIn() as far, aiohttp.ClientSession() as session:
        monkeypatch.setattr(anthology, "BASE", far.anthology_url)
        monkeypatch.setattr(openreview, "BASES", far.openreview_urls)
        monkeypatch.setattr(published, "TIMEOUT", aiohttp.ClientTimeout(total=0.5))
        yield Sites(
            far,
            clock,
            AnthologyLookup(session=session, user_agent=AGENT, clock=clock),
            OpenReviewLookup(session=session, user_agent=AGENT, clock=clock),
        )


async def test_a_paper_of_the_anthology(sites: Sites) -> None:
    """Title, authors without editors, abstract, month, and its DOI as another id."""
    doi = "10.18653/v1/2024.acl-long.9012"
    title = "Tables & Figures: A <Survey>"
    sites.far.anthology["2024.acl-long.9012"] = mods(title=title, doi=doi)
    (paper,) = await sites.acl()
    assert (paper.id, paper.title, paper.abstract) == (ACL, title, "We propose a method.")
    assert paper.authors == (Author("Lovelace", "Ada"), Author("Hopper", "Grace"))
    assert (paper.published, paper.doi) == (date(2024, 8, 1), doi)
    assert paper.aliases == (f"doi:{doi}",)
    assert sites.far.requests == ["/acl/2024.acl-long.9012.xml"]
    assert sites.far.agents == {AGENT}


@pytest.mark.parametrize(
    ("issued", "day"),
    [
        ("2024", date(2024, 1, 1)),
        ("2019-jul", date(2019, 7, 1)),
        ("2019-Nov-05", date(2019, 11, 5)),
        ("2020-oct-nov", date(2020, 10, 1)),
        ("2024-13", None),
        ("soon", None),
        ("", None),
    ],
)
async def test_dates_of_the_anthology(sites: Sites, issued: str, day: date | None) -> None:
    """Months as numbers and as names, years alone; nonsense is no date."""
    sites.far.anthology["P19-1001"] = mods(issued=issued)
    (paper,) = await sites.acl(PaperId("acl:P19-1001"))
    assert paper.published == day


async def test_a_subtitle_and_a_group_of_authors(sites: Sites) -> None:
    """Some records split titles at the colon, and name groups without parts."""
    body = mods(title="UniGen").replace(
        b"<title>UniGen</title>", b"<title>UniGen</title><subTitle>A Framework</subTitle>"
    )
    group = b'<name type="corporate"><namePart>BigScience Workshop</namePart></name><originInfo>'
    sites.far.anthology["P19-1001"] = body.replace(b"<originInfo>", group, 1)
    (paper,) = await sites.acl(PaperId("acl:P19-1001"))
    assert paper.title == "UniGen: A Framework"
    assert paper.authors[-1] == Author("BigScience Workshop")


async def test_papers_of_openreview_from_both_apis(sites: Sites) -> None:
    """The second API is asked first; what only the first knows has plain values."""
    sites.far.notes["ThjDCZOljE"] = note("ThjDCZOljE")
    sites.far.older["B1gabs2019"] = older_note("B1gabs2019")
    (newer,) = await sites.open()
    (older,) = await sites.open(PaperId("openreview:B1gabs2019"))
    for paper in (newer, older):
        assert paper.title == "A Paper at OpenReview"
        assert paper.authors == (Author("Lovelace", "Ada"), Author("Hopper", "Grace"))
        assert paper.abstract == "We propose a method."
    assert (newer.published, older.published) == (date(2025, 1, 22), date(2018, 9, 15))
    assert sites.far.requests == [
        "/v2/notes?id=ThjDCZOljE",
        "/v2/notes?id=B1gabs2019",
        "/v1/notes?id=B1gabs2019",
    ]


async def test_odd_notes_are_read_as_far_as_they_go(sites: Sites) -> None:
    """Authors with profiles, anonymous ones, a DOI behind a link, fields of another kind."""
    sites.far.notes["ThjDCZOljE"] = note(
        "ThjDCZOljE",
        authors=[{"fullname": "Jan van der Berg", "username": "~J1"}, "Anonymous", 7, None, ""],
        html="https://doi.org/10.1145/3560815",
        abstract=["no", "text"],
    ) | {"pdate": "soon", "tcdate": 10**18}
    (paper,) = await sites.open()
    assert paper.authors == (Author("van der Berg", "Jan"),)
    assert paper.aliases == ("doi:10.1145/3560815",)
    assert (paper.abstract, paper.published) == ("", None)


async def test_what_does_not_exist_is_absent(sites: Sites) -> None:
    """404 of either site is no error; ids of other places are passed over unasked."""
    assert await sites.acl() == ()
    assert await sites.open() == ()
    asked = len(sites.far.requests)
    assert await sites.acl(OPEN) == await sites.open(ACL) == ()
    assert len(sites.far.requests) == asked == 3


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<!doctype html><html><body>Down</body></html>", "document type|broken"),
        (b"<html><body>Down</body></html>", "<html> where <modsCollection>"),
        (b"", "broken or cut off"),
        (b"Rate exceeded.", "broken or cut off"),
        (mods()[:400], "broken or cut off"),
        (b"<modsCollection/>", "without a paper"),
        (mods(title=" "), "no title"),
        (mods(abstract="x" * 60_000), "60000 characters in the field abstract"),
        (
            b'<!DOCTYPE x [<!ENTITY a "b">]>' + b"<modsCollection>&a;</modsCollection>",
            "type|Entity",
        ),
        (b"<modsCollection>" + b"<a/>" * 600_000, "more than 2 MB"),
    ],
)
async def test_what_the_anthology_must_not_send(sites: Sites, body: bytes, words: str) -> None:
    """Each is named in one line, and none is taken for a paper or for its absence."""
    for _ in range(2):
        sites.far.say(200, body)
    with pytest.raises(SourceError, match=words) as met:
        await sites.acl()
    assert "the ACL Anthology" in str(met.value)
    assert "\n" not in str(met.value)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<html><body>Verifying your browser</body></html>", "no JSON"),
        (b"", "no JSON"),
        (b"\xff\xfe", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b"[]", "another shape"),
        (b'{"notes": {}}', "without notes"),
        (b'{"notes": [{"id": "ThjDCZOljE", "content": "x"}]}', "without a paper"),
        (b'{"notes": [{"id": "ThjDCZOljE", "content": {"title": {"value": 3}}}]}', "no title"),
    ],
)
async def test_what_openreview_must_not_send(sites: Sites, body: bytes, words: str) -> None:
    """As above; JSON of another shape raises nothing else."""
    sites.far.say(200, body)
    with pytest.raises(SourceError, match=words) as met:
        await sites.open()
    assert "OpenReview" in str(met.value)


async def test_another_note_than_the_one_asked_for_is_no_paper(sites: Sites) -> None:
    """A review of the same forum, or a stale answer, is not taken for it."""
    for _ in range(2):
        sites.far.say(200, json.dumps({"notes": [note("Other12345"), 5]}).encode())
    assert await sites.open() == ()


async def test_the_browser_check_and_what_is_not_public(sites: Sites) -> None:
    """Refusals are named and asked once; there is no sense in asking again at once."""
    sites.far.challenges = True
    with pytest.raises(SourceError, match="wants a browser's check"):
        await sites.open()
    sites.far.challenges = False
    sites.far.say(403, b'{"name": "ForbiddenError", "message": "no"}')
    with pytest.raises(SourceError, match="does not show this paper to everybody"):
        await sites.open()
    sites.far.say(403, b"<html>")
    with pytest.raises(SourceError, match="answered 403"):
        await sites.open()
    sites.far.say(301, headers={"Location": "http://169.254.169.254/"})
    with pytest.raises(SourceError, match="redirect, which is not followed"):
        await sites.acl()
    assert len(sites.far.requests) == 4


@pytest.mark.parametrize("status", [0, 429, 500, 502, 503, 504])
async def test_what_passes_is_asked_once_more(sites: Sites, status: int) -> None:
    """After a pause, once; the second time it is an error."""
    sites.far.anthology["2024.acl-long.9012"] = mods()
    sites.far.say(status)
    assert len(await sites.acl()) == 1
    assert sum(sites.clock.slept) == 2
    for _ in range(3):
        sites.far.say(status)
    with pytest.raises(SourceError, match=r"twice|cannot be reached"):
        await sites.acl()


async def test_a_retry_after_is_kept_to(sites: Sites) -> None:
    """A short one is waited out; for a long one nobody waits."""
    sites.far.anthology["2024.acl-long.9012"] = mods()
    sites.far.say(503, headers={"Retry-After": "5"})
    assert len(await sites.acl()) == 1
    assert sum(sites.clock.slept) == 5
    sites.far.say(429, headers={"Retry-After": "3600"})
    with pytest.raises(SourceError, match="wants to be left alone"):
        await sites.acl()


async def test_nobody_there(sites: Sites, monkeypatch: pytest.MonkeyPatch) -> None:
    """An address that does not answer is named after the second try."""
    monkeypatch.setattr(anthology, "BASE", "http://127.0.0.1:9/acl")
    with pytest.raises(SourceError, match="the ACL Anthology cannot be reached"):
        await sites.acl()
