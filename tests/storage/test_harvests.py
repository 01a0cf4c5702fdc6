"""Harvest passes, their ledger and checkpoints, and how far each set is complete."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from storage.harvests import CHECK, Harvests, Page, Slice
from storage.models import LedgerRow
from storage.watermarks import Reach, Watermarks
from tests.storage.conftest import NOW

if TYPE_CHECKING:
    from storage.database import Database

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MONDAY = date(2024, 9, 16)
FRIDAY = date(2024, 9, 13)
SINCE = date(2024, 9, 1)


async def begin(database: Database, since: date | None = None, until: date | None = None) -> int:
    """Begin a pass."""
    return await database.write(lambda c: Harvests(c).begin(NOW, since, until))


async def a_slice(database: Database, pass_id: int, day: date, row_day: date = MONDAY) -> Slice:
    """A day of cs.CL in a pass."""
    row = await database.write(lambda c: Harvests(c).row(pass_id, "cs.CL", row_day, NOW))
    return Slice(pass_id, "cs.CL", day, row)


async def page(database: Database, one: Slice, page: Page, response: datetime = NOW) -> None:
    """Count a page."""
    await database.write(lambda c: Harvests(c).page(one, page, response))


async def test_the_ledger_adds_up(database: Database) -> None:
    """What is new is summed over pages, what arXiv gave over the slices of a day."""
    pass_id = await begin(database)
    one = await a_slice(database, pass_id, date(2024, 9, 13), FRIDAY)
    weekend = await a_slice(database, pass_id, date(2024, 9, 14), FRIDAY)
    await page(database, one, Page(announced=10, first=4, new=4, late=1, updated=2))
    await page(database, one, Page(announced=15, first=6, new=2, late=0, updated=1))
    await page(database, weekend, Page(announced=1, first=1, new=1, late=0, updated=0))
    await database.write(lambda c: Harvests(c).ranked(one.row, ranked=7, queued=3))
    for fault in ("503", "HTML with status 200", "503"):
        await database.write(lambda c, said=fault: Harvests(c).fault(one.row, said))
    (row,) = await database.read(lambda c: Harvests(c).of_pass(pass_id))
    assert row == LedgerRow(
        pass_id=pass_id,
        day=FRIDAY,
        set="cs.CL",
        announced=16,
        new=7,
        late=1,
        updated=3,
        ranked=7,
        queued=3,
        decided=0,
        requests=6,
        faults=("503", "HTML with status 200"),
        complete=False,
    )


async def test_a_day_read_again_counts_its_records_once(database: Database) -> None:
    """Also where the first try was broken off by a crash."""
    pass_id = await begin(database)
    one = await a_slice(database, pass_id, MONDAY)
    await page(database, one, Page(announced=10, first=10, new=10, late=0, updated=0))
    await page(database, one, Page(announced=4, first=4, new=0, late=0, updated=0))
    (row,) = await database.read(lambda c: Harvests(c).of_pass(pass_id))
    assert (row.announced, row.new) == (4, 10)


async def test_the_newest_pass_and_day_come_first(database: Database) -> None:
    """And no more rows than asked for."""
    for _ in range(2):
        pass_id = await begin(database)
        for day in (FRIDAY, MONDAY):
            await a_slice(database, pass_id, day, day)
    rows = await database.read(lambda c: Harvests(c).ledger(3))
    assert [(row.pass_id, row.day) for row in rows] == [
        (pass_id, MONDAY),
        (pass_id, FRIDAY),
        (pass_id - 1, MONDAY),
    ]


async def test_checkpoints_stand_until_the_pass_has_ended(database: Database) -> None:
    """A day counts as read only with its last page."""

    async def read() -> dict[date, datetime]:
        return await database.read(lambda c: Harvests(c).checkpoints(pass_id, "cs.CL"))

    pass_id = await begin(database, SINCE)
    first = await a_slice(database, pass_id, MONDAY)
    await page(database, first, Page(1, 1, 1, 0, 0))
    assert await read() == {}
    await database.write(lambda c: Harvests(c).read(first, NOW))
    assert await read() == {MONDAY: NOW}
    await database.write(lambda c: Harvests(c).end(pass_id))
    assert await read() == {}


async def test_the_earliest_date_of_a_sets_pages_is_kept(database: Database) -> None:
    """Over all its days, whatever order their answers came in."""
    pass_id = await begin(database)
    for day, response in ((MONDAY, NOW), (MONDAY, NOW - HOUR), (FRIDAY, NOW + HOUR)):
        await page(database, await a_slice(database, pass_id, day), Page(0, 0, 0, 0, 0), response)
    assert await database.read(lambda c: Harvests(c).asked_at(pass_id, "cs.CL")) == NOW - HOUR
    assert await database.read(lambda c: Harvests(c).asked_at(pass_id, "cs.LG")) is None


async def test_a_pass_is_gone_on_with_only_for_the_same_days(database: Database) -> None:
    """And only until it has ended."""

    async def unfinished(since: date | None, until: date | None) -> int | None:
        return await database.read(lambda c: Harvests(c).unfinished(since, until))

    assert await unfinished(SINCE, None) is None
    pass_id = await begin(database, SINCE)
    await begin(database, SINCE, MONDAY)
    assert await unfinished(SINCE, None) == pass_id
    assert await unfinished(SINCE, FRIDAY) is None
    await database.write(lambda c: Harvests(c).end(pass_id))
    assert await unfinished(SINCE, None) is None


async def test_what_nothing_goes_on_with_is_forgotten(database: Database) -> None:
    """The checkpoints of usual passes that were broken off, after two days."""
    usual, by_hand = await begin(database), await begin(database, SINCE)
    for pass_id in (usual, by_hand):
        one = await a_slice(database, pass_id, MONDAY)
        await page(database, one, Page(1, 1, 1, 0, 0))
    for at in (NOW + DAY, NOW + 3 * DAY):
        await database.write(lambda c, at=at: Harvests(c).begin(at))
        left = [
            await database.read(lambda c, id_=pass_id: Harvests(c).asked_at(id_, "cs.CL"))
            for pass_id in (usual, by_hand)
        ]
        assert left == [NOW if at == NOW + DAY else None, NOW]


async def test_which_passes_were_completed(database: Database) -> None:
    """Those by hand and those of another kind do not count."""

    async def done(instant: datetime, kind: str = "harvest") -> bool:
        return await database.read(lambda c: Harvests(c).completed_since(instant, kind=kind))

    for pass_id in (
        await begin(database, SINCE),
        await database.write(lambda c: Harvests(c).begin(NOW, kind=CHECK)),
    ):
        await database.write(lambda c, id_=pass_id: Harvests(c).end(id_))
    usual = await begin(database)
    assert not await done(NOW)
    assert await done(NOW, CHECK)
    await database.write(lambda c: Harvests(c).end(usual))
    assert await done(NOW)
    assert not await done(NOW + HOUR)


async def test_the_watermark_never_goes_back(database: Database) -> None:
    """A set's watermark moves forward only, and another's stays."""

    async def reach(set_name: str, since: date) -> Reach:
        return await database.write(lambda c: Watermarks(c).reach(set_name, since))

    assert await reach("cs.CL", SINCE) == Reach(None, SINCE)
    assert await reach("cs.LG", MONDAY) == Reach(None, MONDAY)
    for watermark in (NOW, NOW + HOUR, NOW - HOUR):
        await database.write(lambda c, to=watermark: Watermarks(c).move("cs.CL", to))
    assert await reach("cs.CL", MONDAY) == Reach(NOW + HOUR, SINCE)
    assert await database.read(lambda c: Watermarks(c).watermark("cs.LG")) is None


async def test_news_begin_no_later_than_a_set_was_met(database: Database) -> None:
    """A first meeting by a clock that was ahead is mended; once complete, nothing changes it."""

    async def since(day: date) -> date:
        return (await database.write(lambda c: Watermarks(c).reach("cs.CL", day))).since

    assert await since(date(2031, 1, 1)) == date(2031, 1, 1)
    assert await since(SINCE) == SINCE
    assert await since(MONDAY) == SINCE
    await database.write(lambda c: Watermarks(c).move("cs.CL", NOW))
    assert await since(date(2024, 1, 1)) == SINCE


async def test_complete_through(database: Database) -> None:
    """All sets are complete up to the oldest of their watermarks, if each has one."""

    async def last(*sets: str) -> datetime | None:
        return await database.read(lambda c: Watermarks(c).last_complete(sets))

    async def move(set_name: str, to: datetime) -> None:
        await database.write(lambda c: Watermarks(c).reach(set_name, SINCE))
        await database.write(lambda c: Watermarks(c).move(set_name, to))

    assert await last("cs.CL") is None
    await move("cs.CL", NOW + HOUR)
    await move("cs.LG", NOW)
    await database.write(lambda c: Watermarks(c).reach("cs.AI", SINCE))
    assert await last("cs.CL") == NOW + HOUR
    assert await last("cs.CL", "cs.LG") == NOW
    assert await last("cs.CL", "cs.LG", "cs.AI") is None
    assert await last() is None


async def test_what_a_set_brought_on_its_days(database: Database) -> None:
    """The best of all passes over a day; days that nobody read whole say nothing."""
    for number, first in ((1, 0), (2, 5)):
        pass_id = await begin(database)
        one = await a_slice(database, pass_id, FRIDAY, FRIDAY)
        await page(database, one, Page(first, first, first, 0, 0))
        if number == 1:
            await database.write(lambda c, row=one.row: Harvests(c).complete(row))
        broken = await a_slice(database, pass_id, MONDAY, MONDAY)
        await database.write(lambda c, row=broken.row: Harvests(c).fault(row, "HTML"))
    found = await database.read(lambda c: Harvests(c).first_announced("cs.CL", MONDAY, 9))
    assert found == {FRIDAY: 5}
    assert await database.read(lambda c: Harvests(c).first_announced("cs.LG", MONDAY, 9)) == {}
