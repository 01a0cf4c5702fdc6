"""Every recorded answer, through the whole way of the harvest or of the `arxiv` package."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest
from lxml import etree

from bot.domain.errors import SourceError
from storage.models import PaperId
from tests.wire.arxiv_world import ARXIV, SINCE, World, needs_recordings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from storage.models import Paper

SHOWS: dict[str, Callable[[Paper], bool]] = {
    "doi": lambda paper: bool(paper.doi),
    "journal_ref": lambda paper: bool(paper.journal_ref),
    "comment": lambda paper: bool(paper.comment),
    "withdrawn": lambda paper: paper.withdrawn,
    "old-style-id": lambda paper: "/" in paper.id,
    "unicode-title": lambda paper: not paper.title.isascii(),
    "latex-title": lambda paper: "$" in paper.title or "\\" in paper.title,
    "unicode-author": lambda paper: any(
        not f"{author.given}{author.family}".isascii() for author in paper.authors
    ),
}
"""What a flag of the index says of at least one paper of its answer."""
OTHER_FORMATS = ("arXivRaw", "oai_dc")


def rows(folder: str) -> list[tuple[str, int, str]]:
    """File, number of entries and flags of the recorded answers in a folder, by the index."""
    if not ARXIV.is_dir():
        return []
    with (ARXIV / "INDEX.tsv").open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        (row["file"], int(row["entries"]), row["flags"])
        for row in found
        if row["file"].startswith(folder) and row["file"].endswith(".xml")
    ]


def missing(flags: str, papers: Iterable[Paper]) -> set[str]:
    """The flags that no paper shows."""
    return {
        flag
        for flag in flags.split(",")
        if flag in SHOWS and not any(SHOWS[flag](paper) for paper in papers)
    }


@needs_recordings
@pytest.mark.parametrize(("name", "entries", "flags"), rows("oai/"))
async def test_a_recorded_list(world: World, name: str, entries: int, flags: str) -> None:
    """A recorded list gives its papers, as the index says; what is none of ours is refused."""
    body = (ARXIV / name).read_bytes()
    world.arxiv.say(body)
    pages = world.harvester.pages("cs.CL", SINCE)
    if b"<OAI-PMH" not in body:
        with pytest.raises(SourceError, match="<OAI-PMH> was expected"):
            await anext(pages)
        return
    page = await anext(pages)
    if b"<arXiv" not in body.replace(b"<arXivRaw", b""):
        assert page.papers == ()
        assert len(page.faults) == min(entries, 21)
        return
    assert len(page.papers) == entries
    assert page.faults == ()
    assert page.last == ("resumptionToken" not in flags)
    assert missing(flags, page.papers) == set()


@needs_recordings
@pytest.mark.parametrize(("name", "entries", "flags"), rows("api_"))
async def test_a_recorded_feed(world: World, name: str, entries: int, flags: str) -> None:
    """A recorded feed of either format gives what the index says it shows."""
    body = (ARXIV / name).read_bytes()
    numbers = [
        entry.findtext("{*}id", "").rpartition("/abs/")[2]
        for entry in etree.fromstring(body).iterfind("{*}entry")
    ]
    world.arxiv.say(body, 400 if "error-feed" in flags else 200)
    ids = [PaperId(f"arXiv:{number}") for number in numbers] or [PaperId("arXiv:0808.05394")]
    if b"/api/errors" in body:
        with pytest.raises(SourceError, match="incorrect id format"):
            await world.lookup("2402.13446")
        return
    found = await world.papers.lookup(ids)
    assert len(found) == max(entries, len(numbers))
    assert missing(flags, found) == set()
    assert ("empty-feed" in flags) == (not found)
