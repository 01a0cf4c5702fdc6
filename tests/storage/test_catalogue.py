"""The list: its bytes, its order, and what stays when it is replaced."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.catalogue import Catalogue
from storage.changes import Changes
from storage.errors import StorageError
from storage.models import Entry, Link, ListDocument, ListedEntry, Paper, PaperId, Section
from storage.papers import Papers
from tests.factories import listed_entry, paper
from tests.storage.conftest import NOW

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from storage.database import Database

LATER = NOW + timedelta(days=1)
SURVEYS, RESEARCH = "Surveys", "Research Papers"


def entry(title: str, *ids: str, section: str = RESEARCH) -> ListedEntry:
    """An entry with a title and perhaps ids."""
    return listed_entry(
        title=title, section=section, markdown=f"- {title}\n", ids=tuple(map(PaperId, ids))
    )


def known(one: ListedEntry) -> Paper:
    """The paper an entry names, as the bot knows it before it lists it."""
    return paper(id=one.ids[0], aliases=one.ids[1:])


FIRST = entry("First", "arXiv:1", section=SURVEYS)
SECOND = entry("Second", "arXiv:2", "acl:2")
PROJECT = entry("A project")


async def replace(
    database: Database, *listed: ListedEntry, at: datetime = NOW, content: bytes = b"x"
) -> None:
    """Make the whole list this one."""
    sections = [SURVEYS, RESEARCH, "Empty"]
    await database.write(lambda c: Catalogue(c).replace("L.md", content, sections, listed, at))


async def insert(
    database: Database, one: ListedEntry, ordinal: int, by: str = "Ana", at: datetime = LATER
) -> Entry:
    """Add an entry as an approval does."""
    paper_id = one.ids[0] if one.ids else None

    async def work(connection: AsyncConnection) -> Entry:
        await Papers(connection).store([known(one)] if one.ids else [], at)
        return await Catalogue(connection).insert(b"y", one, ordinal, paper_id, at, by)

    return await database.write(work)


async def entries(database: Database, section: str | None = None) -> tuple[Entry, ...]:
    """The entries as they stand."""
    return await database.read(lambda c: Catalogue(c).entries(section))


async def titles(database: Database) -> list[str]:
    """The titles in their order; the ordinals are counted on the way."""
    found = await entries(database)
    assert [one.ordinal for one in found] == list(range(len(found)))
    return [one.title for one in found]


async def changed_since(database: Database, revision: int) -> set[str]:
    """The keys the index hears of."""
    return {key for key, _ in await database.read(lambda c: Changes(c).since(revision, 100))}


async def revision(database: Database) -> int:
    """Up to where the index has heard."""
    return await database.read(lambda c: Changes(c).revision())


async def test_there_is_no_list_at_first(database: Database) -> None:
    """Before an import there is no document, no section and no entry, and nothing can be added."""
    assert await database.read(lambda c: Catalogue(c).document()) is None
    assert await database.read(lambda c: Catalogue(c).sections()) == ()
    assert await entries(database) == ()
    with pytest.raises(StorageError, match="no list"):
        await insert(database, PROJECT, 0)


async def test_the_first_import(database: Database) -> None:
    """Bytes, sections and entries stand as given; nobody knows when they were added."""
    content = bytes(range(256))
    await replace(database, FIRST, SECOND, PROJECT, content=content)
    document = await database.read(lambda c: Catalogue(c).document())
    assert document == ListDocument("L.md", content, 1)
    assert await database.read(lambda c: Catalogue(c).sections()) == (
        Section(0, SURVEYS, 1),
        Section(1, RESEARCH, 2),
        Section(2, "Empty", 0),
    )
    found = await entries(database)
    assert [one.paper for one in found] == ["arXiv:1", "arXiv:2", None]
    assert {one.added_at for one in found} == {None}
    assert [one.title for one in await entries(database, RESEARCH)] == ["Second", "A project"]
    assert found[0].markdown == "- First\n"
    assert found[0].links == (Link("paper", "https://arxiv.org/abs/2409.08239"),)


async def test_papers_of_a_list_are_stored(database: Database) -> None:
    """An entry with ids has its paper, known under all of them; so has one the bot knew before."""
    await database.write(lambda c: Papers(c).store([paper(id=PaperId("acl:2"))], NOW))
    await replace(database, FIRST, SECOND)
    stored = await database.read(lambda c: Papers(c).get(PaperId("arXiv:1")))
    assert stored is not None
    assert (stored.title, stored.published, stored.links) == ("First", None, FIRST.links)
    assert (await entries(database))[1].paper == "acl:2"
    found = await database.read(lambda c: Catalogue(c).entry_of(PaperId("arXiv:2")))
    assert found == (await entries(database))[1]
    assert await database.read(lambda c: Catalogue(c).entry_of(PaperId("arXiv:9"))) is None


async def test_one_paper_may_stand_twice(database: Database) -> None:
    """The same paper under two headings is two entries; its entry is the first of them."""
    await replace(database, FIRST, entry("First again", "arXiv:1"))
    first, second = await entries(database)
    assert first.paper == second.paper == "arXiv:1"
    assert await database.read(lambda c: Catalogue(c).entry_of(PaperId("arXiv:1"))) == first
    await database.write(lambda c: Catalogue(c).remove(b"z", first.id))
    found = await database.read(lambda c: Catalogue(c).entry_of(PaperId("arXiv:1")))
    assert found is not None
    assert (found.id, found.ordinal) == (second.id, 0)


async def test_replacing_keeps_what_stood_before(database: Database) -> None:
    """Entries that stand again keep id, date and name, wherever they moved; others are of today."""
    await replace(database, FIRST, PROJECT)
    added = await insert(database, SECOND, 1)
    before = {one.title: one for one in await entries(database)}
    renamed = entry("Second, renamed", "acl:2", "arXiv:2")
    at = LATER + timedelta(days=1)
    await replace(database, renamed, PROJECT, entry("New", "arXiv:3"), at=at)
    second, project, new = await entries(database)
    assert (second.id, second.added_at, second.added_by) == (added.id, LATER, "Ana")
    assert second.title == "Second, renamed"
    assert (project.id, project.added_at) == (before["A project"].id, None)
    assert (new.added_at, new.added_by) == (at, "")
    document = await database.read(lambda c: Catalogue(c).document())
    assert document is not None
    assert document.revision == 3
    assert await database.read(lambda c: Papers(c).get(PaperId("arXiv:1"))) is not None


async def test_replacing_tells_the_index_what_changed(database: Database) -> None:
    """What appears, changes or disappears is told, with a paper or without; what stays is not."""
    await replace(database, FIRST, SECOND, PROJECT, entry("Stays"), entry("Stays too", "arXiv:5"))
    gone = (await entries(database))[2]
    before = await revision(database)
    moved = entry("Second", "arXiv:2", "acl:2", section=SURVEYS)
    new, stays = entry("New"), (entry("Stays"), entry("Stays too", "arXiv:5"))
    await replace(database, moved, new, *stays)
    fresh = (await entries(database))[1]
    assert await changed_since(database, before) == {
        "arXiv:1",
        "arXiv:2",
        f"entry:{gone.id}",
        f"entry:{fresh.id}",
    }


async def test_insert_and_remove(database: Database) -> None:
    """An entry goes where it is put and later ones shift; both ways the index is told."""
    await replace(database, FIRST, PROJECT)
    before = await revision(database)
    added = await insert(database, SECOND, 1)
    assert (added.ordinal, added.paper, added.added_at, added.added_by) == (
        1,
        "arXiv:2",
        LATER,
        "Ana",
    )
    assert await titles(database) == ["First", "Second", "A project"]
    assert "arXiv:2" in await changed_since(database, before)
    before = await revision(database)
    await database.write(lambda c: Catalogue(c).remove(b"z", added.id))
    assert await titles(database) == ["First", "A project"]
    assert await changed_since(database, before) == {"arXiv:2"}
    document = await database.read(lambda c: Catalogue(c).document())
    assert document == ListDocument("L.md", b"z", 3)


async def test_insert_into_a_section_that_is_new(database: Database) -> None:
    """A heading that was not there comes last among the sections."""
    await replace(database, FIRST)
    await insert(database, entry("Elsewhere", section="Elsewhere"), 1)
    sections = await database.read(lambda c: Catalogue(c).sections())
    assert sections[-1] == Section(3, "Elsewhere", 1)


async def test_what_cannot_be_inserted_or_removed(database: Database) -> None:
    """A place outside, an unknown paper and an unknown entry are refused, and nothing changes."""
    await replace(database, FIRST)
    for ordinal in (-1, 2):
        with pytest.raises(ValueError, match="no place"):
            await insert(database, PROJECT, ordinal)
    with pytest.raises(StorageError, match="store the paper first"):
        await database.write(
            lambda c: Catalogue(c).insert(b"", SECOND, 0, PaperId("arXiv:404"), NOW, "")
        )
    with pytest.raises(StorageError, match="Entry 404"):
        await database.write(lambda c: Catalogue(c).remove(b"", 404))
    assert await titles(database) == ["First"]
    document = await database.read(lambda c: Catalogue(c).document())
    assert document == ListDocument("L.md", b"x", 1)


async def test_latest(database: Database) -> None:
    """Newest first; what has no date comes last, from the end of the list."""
    await replace(database, FIRST, PROJECT)
    await insert(database, SECOND, 1)
    await insert(database, entry("Third"), 0, at=LATER + timedelta(hours=1))
    newest = await database.read(lambda c: Catalogue(c).latest(10))
    assert [one.title for one in newest] == ["Third", "Second", "A project", "First"]
    in_section = await database.read(lambda c: Catalogue(c).latest(1, SURVEYS))
    assert [one.title for one in in_section] == ["First"]


async def test_added_between(database: Database) -> None:
    """The window leaves its beginning out and takes its end in, so that windows join."""
    await replace(database, FIRST)
    for number in range(3):
        at = LATER + timedelta(hours=number)
        await insert(database, entry(f"Number {number}"), 0, at=at)
    found = await database.read(
        lambda c: Catalogue(c).added_between(LATER, LATER + timedelta(hours=2))
    )
    assert sorted(one.title for one in found) == ["Number 1", "Number 2"]


async def test_hostile_entries(database: Database) -> None:
    """Titles and sections nobody can store are cleaned, and sections still hold their entries."""
    hostile = entry("T\0\ud800", "url:\0", section="S\0")
    await database.write(lambda c: Catalogue(c).replace("\0", b"\0\xff", ["S\0"], [hostile], NOW))
    await database.write(lambda c: Catalogue(c).replace("\0", b"\0\xff", ["S\0"], [hostile], NOW))
    assert await database.read(lambda c: Catalogue(c).sections()) == (Section(0, "S\ufffd", 1),)
    (one,) = await entries(database)
    assert (one.title, one.paper, one.added_at) == ("T\ufffd\ufffd", "url:\ufffd", None)
    document = await database.read(lambda c: Catalogue(c).document())
    assert document is not None
    assert document.content == b"\0\xff"


@given(steps=st.lists(st.tuples(st.booleans(), st.integers(0, 99)), max_size=25))
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_ordinals_have_no_gap(
    sqlite_database: Database, steps: list[tuple[bool, int]]
) -> None:
    """After any inserts and removals the ordinals count from 0 in the order a plain list has."""
    await replace(sqlite_database)
    model: list[str] = []
    for number, (adding, where) in enumerate(steps):
        if adding or not model:
            place = where % (len(model) + 1)
            await insert(sqlite_database, entry(f"Entry {number}"), place)
            model.insert(place, f"Entry {number}")
        else:
            place = where % len(model)
            doomed = (await entries(sqlite_database))[place].id
            await sqlite_database.write(lambda c, id_=doomed: Catalogue(c).remove(b"", id_))
            del model[place]
        assert await titles(sqlite_database) == model
