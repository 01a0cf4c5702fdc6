"""Members' reading lists in the database."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from storage.catalogue import Catalogue
from storage.models import Saved
from storage.places import Places
from storage.saved import Counts, ReadingLists
from tests.factories import SOURCE2SYNTH, listed_entry
from tests.storage.conftest import NOW

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from storage.database import Database

MINUTE = timedelta(minutes=1)
ANA, BEN = 2**62, 7


async def fill(database: Database) -> None:
    """Ana saves three, reads two of them; Ben saves one."""

    async def work(connection: AsyncConnection) -> None:
        lists = ReadingLists(connection)
        for number, key in enumerate(["a", "b", "c"]):
            assert await lists.add(ANA, key, NOW + number * MINUTE)
        assert await lists.add(BEN, "a", NOW)
        assert await lists.mark(ANA, "a", NOW + 9 * MINUTE)
        assert await lists.mark(ANA, "c", NOW + 8 * MINUTE)

    await database.write(work)


async def keys(database: Database, member: int, **which: Any) -> list[str]:
    """What a member sees."""
    page = await database.read(lambda c: ReadingLists(c).page(member, **which))
    return [one.key for one in page]


async def test_unread_come_first_and_each_sees_the_own(database: Database) -> None:
    """Then what was read, the last read first."""
    await fill(database)
    assert await keys(database, ANA) == ["b", "a", "c"]
    assert await keys(database, ANA, read=True) == ["a", "c"]
    assert await keys(database, ANA, read=False) == ["b"]
    assert await keys(database, BEN) == ["a"]
    assert await keys(database, ANA, limit=1, offset=1) == ["a"]
    assert await database.read(lambda c: ReadingLists(c).counts(ANA)) == Counts(1, 2)
    assert await database.read(lambda c: ReadingLists(c).counts(3)) == Counts(0, 0)


async def test_saving_twice_changes_nothing(database: Database) -> None:
    """Neither the day nor whether it was read."""
    await fill(database)
    assert not await database.write(lambda c: ReadingLists(c).add(ANA, "a", NOW + 60 * MINUTE))
    page = await database.read(lambda c: ReadingLists(c).page(ANA, read=True))
    assert page[0] == Saved(ANA, "a", NOW, NOW + 9 * MINUTE)


async def test_what_is_taken_off_is_gone_for_this_member_only(database: Database) -> None:
    """What does not stand there cannot be taken off or marked."""
    await fill(database)
    assert await database.write(lambda c: ReadingLists(c).remove(ANA, "a"))
    assert not await database.write(lambda c: ReadingLists(c).remove(ANA, "a"))
    assert not await database.write(lambda c: ReadingLists(c).mark(ANA, "a", NOW))
    assert await keys(database, BEN) == ["a"]


async def test_places_are_found_by_paper_and_by_number(database: Database) -> None:
    """A paper's first entry, an entry without a paper, nothing for what is gone."""
    listed = [
        listed_entry(),
        listed_entry(section="Again"),
        listed_entry(ids=(), title="A Tool", year=2023),
    ]
    sections = ["Research Papers", "Again"]
    await database.write(lambda c: Catalogue(c).replace("l.md", b"x", sections, listed, NOW))
    entries = await database.read(lambda c: Catalogue(c).entries())
    tool = f"entry:{entries[2].id}"
    found = await database.read(lambda c: Places(c).of([SOURCE2SYNTH, tool, "entry:99", "x"]))
    assert found == {SOURCE2SYNTH: entries[0], tool: entries[2]}
    assert (found[tool].year, found[tool].authors[0].family) == (2023, "Lupidi")
