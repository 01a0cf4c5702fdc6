"""The cross-check by the API: a window is read whole, or the slice that cannot be is named."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import aiohttp
import pytest

from bot.domain.errors import Refused, SourceError
from bot.sources import window as module
from bot.sources.manners import Manners
from bot.sources.span import Span, days
from bot.sources.window import ArxivWindow
from tests.wire.arxiv import ArxivStandIn, Fault, Record
from tests.wire.arxiv_atom import feed
from tests.wire.arxiv_clock import HastyClock, opened
from tests.wire.arxiv_world import FAULTS, REFUSALS, SHORT

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.services.ports import WindowSlice

MONDAY = datetime(2024, 9, 9, tzinfo=UTC)
SETS = ("cs.CL", "stat.ML")


class Check:
    """A window before a stand-in."""

    def __init__(self, arxiv: ArxivStandIn, clock: HastyClock, window: ArxivWindow) -> None:
        self.arxiv = arxiv
        self.clock = clock
        self.window = window

    def add(self, number: int, at: datetime, category: str = "cs.CL") -> None:
        """A paper submitted at this moment."""
        self.arxiv.archive.add(
            Record(f"2409.{number:05}", published=at, categories=("cs.CV", category))
        )

    async def slices(self, since: datetime = MONDAY, length: float = 1.0) -> list[WindowSlice]:
        """The slices of so many days."""
        until = since + timedelta(days=length)
        return [one async for one in self.window.submitted(SETS, since, until)]

    async def numbers(self, since: datetime = MONDAY, length: float = 1.0) -> set[str]:
        """The numbers of all papers of these days."""
        slices = await self.slices(since, length)
        return {paper.id.removeprefix("arXiv:") for one in slices for paper in one.papers}


@pytest.fixture
async def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Check]:
    """A window with pages of 5 papers and slices of under 20."""
    monkeypatch.setattr(module, "PAGE_SIZE", 5)
    monkeypatch.setattr(ArxivWindow, "_page_size", 5)
    monkeypatch.setattr(module, "LIMIT", 20)
    clock = HastyClock()
    async with (
        ArxivStandIn() as arxiv,
        opened(tmp_path, clock) as database,
        aiohttp.ClientSession() as session,
    ):
        manners = Manners(
            database=database, clock=clock, contact="me@example.org", random=lambda: 0.0
        )
        async with ArxivWindow(
            session=session, manners=manners, base_url=arxiv.api_url, timeout=SHORT
        ) as window:
            yield Check(arxiv, clock, window)


async def test_a_window_is_read_day_by_day(check: Check) -> None:
    """Every paper of any of the sets comes, cross-lists too, and none of other days or sets."""
    check.add(1, MONDAY)
    check.add(2, MONDAY + timedelta(hours=23, minutes=59, seconds=59), "stat.ML")
    check.add(3, MONDAY + timedelta(days=1, hours=5))
    check.add(4, MONDAY + timedelta(hours=5), "cs.RO")
    check.add(5, MONDAY - timedelta(minutes=1))
    check.add(6, MONDAY + timedelta(days=2, minutes=1))
    slices = await check.slices(length=2)
    assert [{paper.id[-5:] for paper in one.papers} for one in slices] == [
        {"00001", "00002"},
        {"00003"},
    ]
    assert [one.requests for one in slices] == [1, 1]
    assert check.arxiv.requests[0].arguments == {
        "search_query": "(cat:cs.CL OR cat:stat.ML) AND "
        "submittedDate:[202409090000 TO 202409100000]",
        "id_list": "",
        "sortBy": "submittedDate",
        "sortOrder": "ascending",
        "start": "0",
        "max_results": "5",
    }


async def test_a_full_slice_is_divided(check: Check) -> None:
    """A day with more results than one may page through is asked in halves, and nothing is lost."""
    moments = [MONDAY + timedelta(minutes=17 * n) for n in range(80)]
    for number, at in enumerate(moments, 1):
        check.add(number, at)
    slices = await check.slices()
    assert all(len(one.papers) < 20 for one in slices)
    assert len({paper.id for one in slices for paper in one.papers}) == 80
    assert sum(one.requests for one in slices) == len(check.arxiv.requests)


async def test_a_minute_that_is_too_full_is_named(check: Check) -> None:
    """What cannot be divided any further ends the check with its minute."""
    for number in range(1, 30):
        check.add(number, MONDAY + timedelta(hours=7))
    with pytest.raises(SourceError, match=r"2024-09-09 0\d:\d\d to .* 29, too many"):
        await check.slices()
    assert len(check.arxiv.requests) < 30


async def test_ties_that_swap_are_asked_again(check: Check) -> None:
    """Papers of one second that swap across pages are found in the end, each once a slice."""
    check.arxiv.atom.shuffle = random.Random(3).shuffle
    for number in range(1, 19):
        check.add(number, MONDAY + timedelta(hours=1 + 6 * (number % 4)))
    slices = await check.slices()
    assert len({paper.id for one in slices for paper in one.papers}) == 18
    assert all(len({paper.id for paper in one.papers}) == len(one.papers) for one in slices)


async def test_an_ignored_sort_is_met(check: Check) -> None:
    """Where arXiv sends every page in an order of its own, smaller slices still come whole."""
    check.arxiv.atom.shuffle = random.Random(5).shuffle
    check.arxiv.atom.sorts = False
    for number in range(1, 19):
        check.add(number, MONDAY + timedelta(minutes=79 * number))
    assert len(await check.numbers()) == 18


async def test_an_endless_swap_is_named(check: Check) -> None:
    """A slice that never comes whole is named with both numbers, after a bounded effort."""
    check.arxiv.atom.shuffle = random.Random(7).shuffle
    for number in range(1, 19):
        check.add(number, MONDAY)
    with pytest.raises(SourceError, match=r"00:00 to 2024-09-09 00:01 .* are 18 and sent 1\d"):
        await check.slices(length=1 / 1440)
    assert len(check.arxiv.requests) == 12


@pytest.mark.parametrize("fault", sorted(FAULTS.keys() - REFUSALS, key=lambda one: one.name))
async def test_a_fault_is_asked_again(check: Check, fault: Fault) -> None:
    """A fault that passes costs a question and no paper."""
    for number in range(1, 8):
        check.add(number, MONDAY + timedelta(hours=number))
    check.arxiv.fail(fault)
    (one,) = await check.slices()
    assert len(one.papers) == 7
    assert one.requests == 3


@pytest.mark.parametrize("fault", sorted(FAULTS.keys() - REFUSALS, key=lambda one: one.name))
async def test_a_fault_that_stays_names_its_slice(check: Check, fault: Fault) -> None:
    """A fault that comes three times ends the check, with the day and what was wrong."""
    check.add(1, MONDAY + timedelta(hours=5))
    check.arxiv.fail(fault, times=3)
    with pytest.raises(SourceError, match=FAULTS[fault]) as met:
        await check.slices()
    assert "submitted 2024-09-09 00:00 to 2024-09-10 00:00 UTC" in str(met.value)


@pytest.mark.parametrize("fault", sorted(REFUSALS, key=lambda one: one.name))
async def test_a_refusal_ends_the_check(check: Check, fault: Fault) -> None:
    """Where arXiv wants peace, nothing is asked again."""
    check.arxiv.fail(fault)
    with pytest.raises(Refused):
        await check.slices()
    assert len(check.arxiv.requests) == 1


async def test_an_empty_answer_is_believed_when_it_comes_twice(check: Check) -> None:
    """No result at all may be a fault: it counts when it is repeated, and a paper overrules it."""
    (quiet,) = await check.slices()
    assert (quiet.papers, quiet.requests) == ((), 2)
    check.add(1, MONDAY + timedelta(hours=5))
    check.arxiv.say(feed([], 0, 0, 5))
    (one,) = await check.slices()
    assert len(one.papers) == 1


async def test_a_total_that_changes_is_asked_again(check: Check) -> None:
    """A paper indexed between two pages makes the slice start again, and is in it then."""
    records = [
        Record(f"2409.{number:05}", published=MONDAY + timedelta(hours=number))
        for number in range(1, 7)
    ]
    check.arxiv.archive.add(*records)
    check.arxiv.say(feed(records[:5], 6, 0, 5))
    check.arxiv.say(feed(records[5:], 7, 5, 5))
    (one,) = await check.slices()
    assert (len(one.papers), one.requests) == (6, 4)


async def test_short_pages_are_read_on(check: Check) -> None:
    """A page with fewer entries than asked for is followed by the rest."""
    records = [
        Record(f"2409.{number:05}", published=MONDAY + timedelta(hours=number))
        for number in range(1, 7)
    ]
    check.arxiv.archive.add(*records)
    check.arxiv.say(feed(records[:2], 6, 0, 5))
    (one,) = await check.slices()
    assert (len(one.papers), one.requests) == (6, 2)


async def test_pages_without_end_are_given_up(check: Check) -> None:
    """A server that sends one entry a page is not followed for ever."""
    records = [Record(f"2409.{n:05}", published=MONDAY) for n in range(1, 60)]
    for record in records:
        check.arxiv.say(feed([record], 19, 0, 5))
    with pytest.raises(SourceError, match="16 pages to one question"):
        await check.slices()
    assert len(check.arxiv.requests) == 48


async def test_the_answer_to_another_question_is_not_taken(check: Check) -> None:
    """A stale answer with papers of other days is a fault, though its numbers agree."""
    stale = feed([Record("2401.00001", published=datetime(2024, 1, 5, tzinfo=UTC))], 1, 0, 5)
    for _ in range(3):
        check.arxiv.say(stale)
    with pytest.raises(SourceError, match="papers of other days"):
        await check.slices()


async def test_a_feed_in_a_foreign_namespace_is_no_empty_one(check: Check) -> None:
    """Entries that the package cannot see are a fault and never a quiet day."""
    check.add(1, MONDAY + timedelta(hours=5))
    body = feed(list(check.arxiv.archive.records.values()), 1, 0, 5)
    for _ in range(3):
        check.arxiv.say(body.replace(b"http://www.w3.org/2005/Atom", b"urn:x"))
    with pytest.raises(SourceError, match="sent 1 entries, of which 0 can be read"):
        await check.slices()


async def test_what_is_no_category_is_not_asked(check: Check) -> None:
    """A set that could smuggle something into the query is refused before anything is asked."""
    slices = check.window.submitted(["cs.CL) OR (all:x"], MONDAY, MONDAY + timedelta(days=1))
    with pytest.raises(SourceError, match="no arXiv category"):
        await anext(slices)
    assert check.arxiv.requests == []


async def test_the_check_keeps_the_quiet_hours(check: Check) -> None:
    """A machine's question: between midnight and two o'clock it waits."""
    check.clock.advance(15 * 3600)
    await check.slices()
    assert f"{check.clock.now():%H:%M}" == "02:00"


def test_days_cover_a_window_without_a_gap() -> None:
    """Whole days, each from the minute the one before ended in, the last to the window's end."""
    spans = days(MONDAY + timedelta(hours=7, seconds=30), MONDAY + timedelta(days=2, minutes=3.5))
    assert [span.condition for span in spans] == [
        "submittedDate:[202409090700 TO 202409100000]",
        "submittedDate:[202409100000 TO 202409110000]",
        "submittedDate:[202409110000 TO 202409110004]",
    ]
    assert days(MONDAY, MONDAY) == []


def test_halves_meet() -> None:
    """Two halves share the minute they meet in; two minutes divide, one does not."""
    first, second = Span(MONDAY, MONDAY + timedelta(days=1)).halves()
    assert first.end == second.start == MONDAY + timedelta(hours=12)
    assert Span(MONDAY, MONDAY + timedelta(minutes=1)).halves() == ()
