"""The harvest over both databases: what it stores, counts, moves and goes on with is the same."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.domain.errors import SourceError, TokenExpired
from storage.harvests import Harvests
from storage.papers import Papers
from tests.fakes import FakeClock
from tests.unit.archive import Archive
from tests.unit.desk import Office, open_office
from tests.unit.test_intake import (
    FRIDAY,
    MONDAY,
    NOW,
    TUESDAY,
    Window,
    found,
    intake,
    ledger,
    queued,
    row_of,
    watermark,
)

if TYPE_CHECKING:
    from storage.database import Database


@pytest.fixture
async def office(database: Database) -> Office:
    """The desk over the shipped list, on each kind of database."""
    return await open_office(database, FakeClock())


@pytest.fixture
def archive(office: Office) -> Archive:
    """An arXiv with three papers on Monday and two on Friday, all cross-listed."""
    archive = Archive(office.clock)
    both = ["cs.CL", "cs.LG"]
    archive.add(found(1), found(2), found(3), sets=both)
    archive.add(found(4, datestamp=FRIDAY), found(5, datestamp=FRIDAY), sets=both)
    return archive


async def test_a_pass_stores_counts_and_moves(office: Office, archive: Archive) -> None:
    """Over two sets, with a token that expires: each paper once, each row with its own sums."""
    archive.faults["cs.CL", MONDAY] = [TokenExpired("badResumptionToken")]
    report = await intake(office, archive, "cs.CL", "cs.LG").harvest()
    assert report.complete
    assert (report.announced, report.new, report.late, report.queued) == (10, 5, 0, 5)
    monday, cross = row_of(report, MONDAY), row_of(report, MONDAY, "cs.LG")
    assert (monday.announced, monday.new, monday.ranked, monday.requests) == (3, 3, 3, 4)
    assert (cross.announced, cross.new, cross.ranked, cross.requests) == (3, 0, 0, 2)
    assert [await watermark(office, one) for one in ("cs.CL", "cs.LG")] == [NOW, NOW]
    assert await queued(office) == [1, 2, 3, 4, 5]


async def test_a_pass_by_hand_is_gone_on_with(office: Office, archive: Archive) -> None:
    """By the days it was asked for, given or not; the earliest date of its pages counts."""
    one = intake(office, archive)
    archive.faults["cs.CL", FRIDAY] = [SourceError("arXiv sent HTML")]
    first = await one.harvest(since=date(2024, 9, 10))
    archive.days()
    office.clock.advance(3600)
    again = await one.harvest(since=date(2024, 9, 10))
    assert again.pass_id == first.pass_id
    assert archive.days() == [FRIDAY, MONDAY]
    assert (again.complete, again.announced, again.new) == (True, 5, 5)
    assert await watermark(office) == NOW


async def test_an_empty_day_is_not_believed_and_named_once(
    office: Office, archive: Archive
) -> None:
    """And another day it is."""
    one = intake(office, archive)
    await one.harvest()
    office.clock.advance(2 * 86_400)
    archive.add(found(18, datestamp=date(2024, 9, 18)))
    assert [(await one.harvest()).quiet for _ in range(2)] == [(("cs.CL", TUESDAY),)] * 2
    assert await watermark(office) == NOW
    office.clock.advance(86_400)
    archive.add(found(19, datestamp=date(2024, 9, 19)))
    assert (await one.harvest()).quiet == ()
    assert await watermark(office) == datetime(2024, 9, 19, 9, tzinfo=UTC)


async def test_two_passes_at_once_double_nothing(office: Office, archive: Archive) -> None:
    """Their rows add up to what was new, was ranked and was queued."""
    passes = (intake(office, archive, "cs.CL", "cs.LG").harvest() for _ in range(2))
    await asyncio.gather(*passes)
    rows = await ledger(office)
    assert [sum(getattr(row, name) for row in rows) for name in ("new", "ranked", "queued")] == [
        5,
        5,
        5,
    ]


async def test_the_check_and_what_arxiv_deletes(office: Office, archive: Archive) -> None:
    """What the check finds is queued once; what is deleted waits no more."""
    one = intake(office, archive)
    await one.cross_check(Window(found(1, datestamp=None), found(2, datestamp=None)))
    assert await one.is_checked()
    assert await queued(office) == [1, 2]
    archive.deleted[MONDAY] = (found(5).id,)
    await one.harvest()
    assert await queued(office) == [1, 2, 3, 4]
    stored = await office.database.read(lambda c: Papers(c).get(found(1).id))
    assert stored is not None
    assert stored.announced == MONDAY
    assert await office.database.read(
        lambda c: Harvests(c).completed_since(NOW - timedelta(seconds=1))
    )
