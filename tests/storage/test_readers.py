"""What is kept for readers: markers, long searches, arrivals and figures."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from storage.arrivals import Arrivals
from storage.catalogue import Catalogue
from storage.figures import Dated, Figures
from storage.looks import Looks
from storage.models import Look, PaperId
from storage.papers import Papers
from storage.searches import KEPT, Searches
from tests.factories import listed_entry, paper
from tests.storage.conftest import NOW

if TYPE_CHECKING:
    from storage.database import Database
    from storage.models import ListedEntry


async def import_list(database: Database, *entries: ListedEntry) -> None:
    """Make these the list."""
    sections = list(dict.fromkeys(entry.section for entry in entries))
    await database.write(lambda c: Catalogue(c).replace("list.md", b"x", sections, entries, NOW))


def entry(number: int, section: str = "Research Papers", year: int | None = 2024) -> ListedEntry:
    """One without a paper."""
    return listed_entry(
        section=section, title=f"Entry {number}", markdown=f"- Entry {number}\n", ids=(), year=year
    )


async def test_a_marker_is_of_one_member_and_moves(database: Database) -> None:
    """Each has one, and nobody has another's."""
    first, second = Look(7, 3, NOW), Look(7, 5, NOW + timedelta(days=1))
    await database.write(lambda c: Looks(c).put(first))
    assert await database.read(lambda c: Looks(c).get(8)) is None
    assert await database.read(lambda c: Looks(c).get(7)) == first
    await database.write(lambda c: Looks(c).put(second))
    assert await database.read(lambda c: Looks(c).get(7)) == second


async def test_a_long_search_is_kept_under_a_short_key(database: Database) -> None:
    """The same search under the same key, whatever stands in it."""
    text = "rl||||" + "名前 \0 \ud800 | 🙂 " * 300
    key = await database.write(lambda c: Searches(c).put(text, NOW))
    assert len(key) == 16
    assert key.isalnum()
    assert await database.write(lambda c: Searches(c).put(text, NOW)) == key
    kept = await database.read(lambda c: Searches(c).get(key))
    assert kept == text.replace("\0", "\ufffd").replace("\ud800", "\ufffd")
    assert await database.read(lambda c: Searches(c).get("nothing")) is None


async def test_a_search_nobody_asked_for_in_a_year_goes(database: Database) -> None:
    """One that was asked for again meanwhile stays."""
    old = await database.write(lambda c: Searches(c).put("old", NOW))
    again = await database.write(lambda c: Searches(c).put("again", NOW))
    later = NOW + KEPT
    await database.write(lambda c: Searches(c).put("again", later))
    assert await database.read(lambda c: Searches(c).get(old)) == "old"
    await database.write(lambda c: Searches(c).put("new", later + timedelta(seconds=1)))
    assert await database.read(lambda c: Searches(c).get(old)) is None
    assert await database.read(lambda c: Searches(c).get(again)) == "again"


async def test_arrivals_are_told_by_their_ids(database: Database) -> None:
    """The newest first, in pages; what is taken off is no arrival, and its id never comes again."""
    assert await database.read(lambda c: Arrivals(c).newest()) == 0
    await import_list(database, *map(entry, range(4)))
    newest = await database.read(lambda c: Arrivals(c).newest())
    assert await database.read(lambda c: Arrivals(c).count_above(newest - 3)) == 3
    page = await database.read(lambda c: Arrivals(c).above(newest - 3, 2, 1))
    assert [one.title for one in page] == ["Entry 2", "Entry 1"]
    await import_list(database, *map(entry, range(3)))
    await import_list(database, *map(entry, (0, 1, 2, 9)))
    above = await database.read(lambda c: Arrivals(c).above(newest, 5))
    assert [one.title for one in above] == ["Entry 9"]


async def test_dates_are_those_of_the_papers_else_of_the_entries(database: Database) -> None:
    """An entry without a paper has a year at most."""
    found = paper(published=date(2024, 9, 12))
    await database.write(lambda c: Papers(c).store([found], NOW))
    await import_list(database, listed_entry(), entry(1, year=None))
    dates = await database.read(lambda c: Figures(c).dates())
    assert set(dates) == {
        Dated(2024, PaperId(found.id), date(2024, 9, 12)),
        Dated(None, None, None),
    }


async def test_what_was_added_lately_is_counted(database: Database) -> None:
    """Of a first import nobody knows when its entries were added."""
    await import_list(database, entry(1))
    await import_list(database, entry(1), entry(2))
    for moment, expected in ((NOW - timedelta(days=30), 1), (NOW, 0)):
        found = await database.read(lambda c, moment=moment: Figures(c).added_after(moment))
        assert found == expected


async def test_latest_goes_on_where_a_page_ended(database: Database) -> None:
    """In the same order."""
    await import_list(database, *map(entry, range(5)))
    pages = [
        await database.read(lambda c, at=at: Catalogue(c).latest(2, None, at))
        for at in (0, 2, 4, 6)
    ]
    assert [[one.title for one in page] for page in pages] == [
        ["Entry 4", "Entry 3"], ["Entry 2", "Entry 1"], ["Entry 0"], []
    ]  # fmt: skip
