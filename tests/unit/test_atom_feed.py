"""What passes our checks of an Atom feed is what the `arxiv` package reads; nothing else passes."""

from __future__ import annotations

import re
import time
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime
from threading import Event
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.errors import SourceError
from bot.sources.arxiv_package import Found, Package
from bot.sources.atom_xml import Feed, check_feed
from tests.wire.arxiv_archive import Record
from tests.wire.arxiv_atom import error_feed, feed

if TYPE_CHECKING:
    import random

RECORDS = [
    Record("2402.13446", doi="10.1/x", comments="c", published=datetime(2024, 2, 21, tzinfo=UTC)),
    Record("hep-th/9901001", journal_ref="Phys. & Rev.", categories=("hep-th", "cs.CL")),
]


def answering(body: bytes) -> Package:
    """The package before a server that always answers so."""

    def ask(_url: str) -> Future[bytes]:
        answered: Future[bytes] = Future()
        answered.set_result(body)
        return answered

    return Package("http://127.0.0.1:9/api/query", 100, ask)


def searched(body: bytes) -> Found:
    """What a search gives that is answered so."""
    return answering(body).search("cat:cs.CL", 2000)


def test_a_feed_is_read_whole() -> None:
    """Entries and the total are counted, and the package gives each of them."""
    body = feed(RECORDS, 2, 0, 100)
    assert check_feed(body) == Feed(entries=2, total=2)
    found = searched(body)
    assert list(found.papers) == ["arXiv:2402.13446", "arXiv:hep-th/9901001"]
    assert found.totals == {2}
    assert found.submitted[0] == datetime(2024, 2, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (b"<title>A paper</title>", b"", "without <title>"),
        (b"<published>", b"<published/><x>", "broken or cut off"),
        (b"2024-02-21T00:00:00Z</published>", b"soon</published>", "usable answer"),
        (b"2024-02-21T00:00:00Z</p", b"0001-01-01T00:00:00+23:00</p", "usable answer"),
        (b"/abs/2402.13446v1", b"/abs/2413.13446v1", "no paper: http://arxiv.org/abs/2413"),
        (b"/abs/2402.13446v1", b"/api/errors#x", "refused the question"),
        (b"www.w3.org/2005/Atom", b"example.org/Atom", "2 entries, of which 0"),
        (b"<feed ", b"<rss ", "broken or cut off"),
        (b"<title>A paper</title>", b"<x:title xmlns:x='urn:x'>A</x:title>", "with no title"),
        (b"We say something.", b"x" * 60_000, "arXiv:2402.13446 with 60000 characters"),
        (b"</feed>", b"", "broken or cut off"),
    ],
)
def test_what_the_package_would_bend_is_refused(old: bytes, new: bytes, words: str) -> None:
    """Lacking and unreadable fields, other namespaces and cut-off feeds are named."""
    body = feed(RECORDS, 2, 0, 100)
    assert old in body
    with pytest.raises(SourceError, match=words):
        searched(body.replace(old, new))


@pytest.mark.parametrize("total", ["", "-1", "many", "9" * 5000, "1e3", "\u0663"])
def test_a_total_that_is_no_number_is_unknown(total: str) -> None:
    """A feed whose total cannot be read has none, and nothing is made up for it."""
    body = feed(RECORDS, 77, 0, 100).replace(
        b"<opensearch:totalResults>77<", f"<opensearch:totalResults>{total}<".encode()
    )
    assert check_feed(body) == Feed(entries=2, total=None)


def test_an_entry_without_a_pdf_is_a_paper() -> None:
    """Some entries lack the link to a PDF, and optional fields: they are papers all the same."""
    body = re.sub(rb"<link [^>]*/>|<arxiv:[^/]*</arxiv:\w+>", b"", feed(RECORDS, 2, 0, 100))
    assert b"pdf" not in body
    assert len(searched(body).papers) == 2


def test_nothing_is_asked_for_who_left() -> None:
    """Whoever gives up between two pages leaves no question behind that nobody waits for."""
    stop, asked = Event(), []

    def ask(url: str) -> Future[bytes]:
        asked.append(url)
        answered: Future[bytes] = Future()
        if len(asked) == 1:
            answered.set_result(feed(RECORDS[:1], 2, 0, 1))
            stop.set()
        return answered

    package = Package("http://127.0.0.1:9/api/query", 1, ask)
    package.begin(stop)
    with pytest.raises(SourceError, match="nobody waits"):
        package.search("cat:cs.CL", 2000)
    assert len(asked) == 1


def test_an_error_feed_tells_its_reason() -> None:
    """An error entry has dates and a title as a paper has; it is told from one."""
    with pytest.raises(SourceError, match="refused the question: incorrect id format for x"):
        searched(error_feed("incorrect id format for x"))


def test_no_result_is_told_from_a_missing_page() -> None:
    """An empty feed counts where arXiv says that there is nothing, and only there."""
    assert searched(feed([], 0, 0, 100)).papers == {}
    with pytest.raises(SourceError, match="there are 5 results and sent none"):
        searched(feed([], 5, 0, 100))


def test_a_full_page_is_read_in_good_time() -> None:
    """500 entries take the package's thread well under a second."""
    records = [replace(RECORDS[0], id=f"2402.{n:05}", abstract="We. " * 400) for n in range(1, 501)]
    body = feed(records, 500, 0, 500)
    started = time.process_time()
    assert len(searched(body).papers) == 500
    assert time.process_time() - started < 1


@given(st.binary(max_size=300))
def test_any_bytes_give_our_error(body: bytes) -> None:
    """Whatever arrives, nothing but SourceError is raised."""
    with pytest.raises(SourceError):
        searched(body)


PIECES = [
    b"<", b"&", b"]]>", b"<!--", b"&#0;", b"&#xD800;", b"<entry>", b"</entry>", b"xmlns=''",
    b"<!DOCTYPE feed [<!ENTITY e 'x'>]>", b"<?xml version='1.0' encoding='utf-7'?>", b"\xff\xfe",
]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.randoms(use_true_random=False))
def test_a_mutated_feed_gives_papers_or_our_error(chance: random.Random) -> None:
    """A true feed with bytes changed, dropped, doubled or inserted is read or gives SourceError."""
    body = bytearray(feed(RECORDS, 2, 0, 100))
    for _ in range(chance.randint(1, 5)):
        place = chance.randrange(len(body))
        match chance.randrange(4):
            case 0:
                body[place] = chance.randrange(256)
            case 1:
                del body[place : place + chance.randrange(40)]
            case 2:
                body[place:place] = body[place : place + chance.randrange(300)]
            case _:
                body[place:place] = chance.choice(PIECES)
    try:
        found = searched(bytes(body))
    except SourceError:
        return
    assert all(one.startswith("arXiv:") for one in found.papers)
