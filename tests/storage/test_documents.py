"""What the index is made of, and the revisions it follows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.exc import StatementError

from storage.catalogue import Catalogue
from storage.changes import Changes
from storage.documents import SearchDocument, documents, listed_keys
from storage.manners import Manners
from storage.models import Author, Paper, PaperId
from storage.papers import Papers
from storage.settings import Settings
from tests.factories import listed_entry, paper
from tests.storage.conftest import NOW

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from storage.database import Database

PROJECT = listed_entry(
    title="Project", ids=(), authors=(Author("Doe", "J"),), year=2023, markdown="- Project\n"
)


async def fill(database: Database) -> int:
    """A listed paper, a project without one, and a paper that is not listed; the project's id."""

    async def work(connection: AsyncConnection) -> int:
        await Papers(connection).store([paper(), paper(id=PaperId("arXiv:1"), links=())], NOW)
        listed = [PROJECT, listed_entry()]
        await Catalogue(connection).replace("L.md", b"", ["Research Papers"], listed, NOW)
        return (await Catalogue(connection).entries())[0].id

    return await database.write(work)


async def found(database: Database, *keys: str) -> dict[str, SearchDocument]:
    """The documents under some keys."""
    return await database.read(lambda c: documents(c, keys))


async def test_a_listed_paper(database: Database) -> None:
    """The paper's own words stand before the entry's; names read as people write them."""
    await fill(database)
    document = (await found(database, paper().id))[paper().id]
    assert document == SearchDocument(
        key=paper().id,
        title=paper().title,
        authors=("Alisia Lupidi", "Carlos Gemmell"),
        abstract=paper().abstract,
        section="Research Papers",
        listed=True,
        year=2024,
        published=date(2024, 9, 12),
    )


async def test_an_entry_without_a_paper(database: Database) -> None:
    """It is found under its own key, with what the list says."""
    key = f"entry:{await fill(database)}"
    document = (await found(database, key))[key]
    assert (document.key, document.title, document.authors) == (key, "Project", ("J Doe",))
    assert (document.listed, document.year, document.abstract) == (True, 2023, "")


async def test_a_paper_that_is_not_listed(database: Database) -> None:
    """It has no section."""
    await fill(database)
    document = (await found(database, "arXiv:1"))["arXiv:1"]
    assert (document.listed, document.section, document.year) == (False, "", 2024)


async def test_an_entry_whose_paper_says_nothing(database: Database) -> None:
    """Where the paper has no title or day, the entry's serve."""
    known = Paper(paper().id, "")
    await database.write(lambda c: Papers(c).store([known], NOW))
    listed = [listed_entry(title="As listed", year=2021)]
    await database.write(lambda c: Catalogue(c).replace("L.md", b"", [], listed, NOW))
    document = (await found(database, paper().id))[paper().id]
    assert (document.title, document.year) == ("As listed", 2021)


async def test_what_is_gone_is_missing(database: Database) -> None:
    """Unknown keys, aliases and keys of entries that have a paper are no documents."""
    await fill(database)
    listed = await database.read(lambda c: Catalogue(c).entry_of(paper().id))
    assert listed is not None
    strange = (
        "arXiv:404",
        "entry:404",
        f"entry:{listed.id}",
        "entry:",
        "entry:x",
        "entry:" + "9" * 40,
    )
    assert await found(database, *strange) == {}
    assert await found(database) == {}


async def test_the_keys_of_the_list(database: Database) -> None:
    """They come in the order of the list."""
    project = await fill(database)
    keys = await database.read(listed_keys)
    assert keys == (f"entry:{project}", paper().id)


async def test_revisions_follow_each_other(database: Database) -> None:
    """Every touched key has a revision of its own; touched again it moves to the end."""
    assert await database.read(lambda c: Changes(c).revision()) == 0
    assert await database.write(lambda c: Changes(c).touch(["a", "b", "a", "c"])) == 3
    assert await database.write(lambda c: Changes(c).touch(["a"])) == 4
    assert await database.write(lambda c: Changes(c).touch([])) == 4
    assert await database.read(lambda c: Changes(c).since(0, 2)) == (("b", 2), ("c", 3))
    assert await database.read(lambda c: Changes(c).since(3, 2)) == (("a", 4),)
    assert await database.read(lambda c: Changes(c).revision()) == 4


async def test_settings_are_kept(database: Database) -> None:
    """A value is there until another takes its place."""
    for value in ("1", "2\0"):
        await database.write(lambda c, v=value: Settings(c).put("key", v))
    assert await database.read(lambda c: Settings(c).get("key")) == "2\ufffd"
    assert await database.read(lambda c: Settings(c).get("other")) is None


async def test_instants_come_back_in_utc(database: Database) -> None:
    """An instant of any zone comes back as the same instant in UTC; a naive one is refused."""
    east = datetime(2024, 9, 16, 1, 2, 3, 456789, tzinfo=timezone(timedelta(hours=5, minutes=30)))

    async def insert_at(instant: datetime) -> None:
        async def work(connection: AsyncConnection) -> None:
            catalogue = Catalogue(connection)
            await catalogue.replace("L.md", b"", [], [], NOW)
            await catalogue.insert(b"", PROJECT, 0, None, instant, "")

        await database.write(work)

    await insert_at(east)
    (entry,) = await database.read(lambda c: Catalogue(c).entries())
    assert entry.added_at == east
    assert entry.added_at is not None
    assert entry.added_at.tzinfo is UTC
    with pytest.raises(StatementError, match="no time zone"):
        await insert_at(datetime(2024, 9, 16))  # noqa: DTZ001 - what is refused here
    with pytest.raises(StatementError, match="no time zone"):
        await database.write(lambda c: Manners(c).cool_down(datetime(2024, 9, 16)))  # noqa: DTZ001 - as above


async def test_days_come_back(database: Database) -> None:
    """A day is a day, whatever zone the server is in."""
    await database.write(lambda c: Papers(c).store([paper(published=date(1991, 1, 1))], NOW))
    stored = await database.read(lambda c: Papers(c).get(paper().id))
    assert stored is not None
    assert stored.published == date(1991, 1, 1)
