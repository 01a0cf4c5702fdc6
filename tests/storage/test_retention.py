"""Old abstracts that nobody needs are dropped; all else stays, and SQLite uses the space again."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from storage.catalogue import Catalogue
from storage.changes import Changes
from storage.models import PaperId
from storage.papers import Papers
from storage.retention import Idle, Retention
from storage.saved import ReadingLists
from storage.unranked import Unranked
from tests.factories import listed_entry, paper
from tests.storage.conftest import NOW
from tests.storage.test_candidates import queue

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from storage.database import Database
    from storage.models import Paper

LATER = NOW + timedelta(days=400)
IDLE = Idle(seen=LATER - timedelta(days=365), changed=LATER - timedelta(days=30))
OLD = paper(id=PaperId("arXiv:2401.00001"), aliases=(PaperId("doi:10.1/x"),), comment="12 pages")


async def store(database: Database, *papers: Paper, seen: datetime = NOW) -> None:
    """Store papers."""
    await database.write(lambda c: Papers(c).store(papers, seen))


async def drop(database: Database, limit: int = 100) -> list[PaperId]:
    """Drop all there is to drop; gives the ids in the order they came."""
    dropped: list[PaperId] = []
    while ids := await _next(database, dropped[-1] if dropped else "", limit):
        assert await database.write(lambda c, ids=ids: Retention(c).drop(IDLE, ids)) == len(ids)
        dropped += ids
    return dropped


async def _next(database: Database, after: str, limit: int) -> tuple[PaperId, ...]:
    return await database.read(lambda c: Retention(c).idle(IDLE, after, limit))


async def known(database: Database, one: Paper = OLD) -> Paper:
    """A paper as it is stored."""
    found = await database.read(lambda c: Papers(c).get(one.id))
    assert found is not None
    return found


async def test_the_abstract_goes_and_everything_else_stays(database: Database) -> None:
    """Ids, aliases, title, authors, dates; the search index hears of it."""
    await store(database, OLD)
    revision = await database.read(lambda c: Changes(c).revision())
    assert await drop(database) == [OLD.id]
    assert await known(database) == replace(OLD, abstract="")
    changed = await database.read(lambda c: Changes(c).since(revision, 10))
    assert [key for key, _ in changed] == [OLD.id]
    assert await drop(database) == []


@pytest.mark.parametrize(
    "kept",
    ["listed", "queued", "unranked", "new", "changed at arXiv lately"],
)
async def test_what_may_be_needed_keeps_its_abstract(database: Database, kept: str) -> None:
    """Whatever its age."""
    one = OLD
    if kept == "changed at arXiv lately":
        one = replace(OLD, datestamp=IDLE.changed.date())
    await store(database, one, seen=IDLE.seen if kept == "new" else NOW)
    if kept == "listed":
        entry = listed_entry(ids=(OLD.aliases[0],))
        await database.write(lambda c: Catalogue(c).replace("l.md", b"", ["S"], [entry], NOW))
    elif kept == "queued":
        await queue(database, OLD.aliases[0])
    elif kept == "unranked":
        await database.write(lambda c: Unranked(c).add([OLD.id]))
    assert await drop(database) == []
    assert (await known(database)).abstract == OLD.abstract


async def test_what_came_to_be_needed_meanwhile_is_not_dropped(database: Database) -> None:
    """It was found idle, and queued before its turn came."""
    await store(database, OLD)
    ids = await _next(database, "", 10)
    await queue(database, OLD.id)
    assert await database.write(lambda c: Retention(c).drop(IDLE, ids)) == 0
    assert (await known(database)).abstract


async def test_batches_follow_one_another_by_id(database: Database) -> None:
    """Each paper once, however small they are; papers without a datestamp too."""
    papers = [replace(OLD, id=PaperId(f"arXiv:2401.{n:05}"), aliases=()) for n in range(25)]
    papers[3] = replace(papers[3], datestamp=None)
    await store(database, *papers)
    assert await drop(database, limit=4) == [one.id for one in papers]


async def test_a_later_version_brings_the_abstract_back(database: Database) -> None:
    """As an update of the known paper; it is no new one, and is dropped again in time."""
    await store(database, OLD)
    await drop(database)
    version = replace(OLD, abstract="Better.", datestamp=IDLE.changed.date())
    stored = await database.write(lambda c: Papers(c).store([version], LATER))
    assert (stored.new, stored.updated) == ((), (OLD.id,))
    assert (await known(database)).abstract == "Better."
    assert await drop(database) == []
    month = timedelta(days=31)
    later = Idle(seen=IDLE.seen + month, changed=IDLE.changed + month)
    assert await database.read(lambda c: Retention(c).idle(later, "", 9)) == (OLD.id,)


async def test_nothing_comes_twice_after_its_abstract_went(database: Database) -> None:
    """By whatever id it comes, it is known."""
    await store(database, OLD)
    await drop(database)
    again = replace(OLD, id=PaperId("doi:10.1/x"), aliases=())
    stored = await database.write(lambda c: Papers(c).store([OLD, again], LATER))
    assert stored.new == ()


async def test_sqlite_uses_the_space_of_dropped_abstracts_again(
    sqlite_database: Database, tmp_path: Path
) -> None:
    """A second year of papers grows the file by far less than the first one did."""

    def year(number: int) -> list[Paper]:
        return [
            replace(OLD, id=PaperId(f"arXiv:2{number}01.{n:05}"), aliases=(), abstract="ab " * 400)
            for n in range(1_500)
        ]

    def pages(pragma: str = "page_count") -> int:
        with closing(sqlite3.connect(tmp_path / "papers.db")) as connection:
            return int(connection.execute(f"PRAGMA {pragma}").fetchone()[0])

    empty = pages()
    await store(sqlite_database, *year(4))
    first = pages() - empty
    assert len(await drop(sqlite_database, limit=250)) == 1_500
    assert pages("freelist_count") > first * 0.6
    await store(sqlite_database, *year(5), seen=LATER)
    assert pages() - empty < first * 1.4
    with closing(sqlite3.connect(tmp_path / "papers.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


async def test_what_a_member_saved_keeps_its_abstract(database: Database) -> None:
    """Until nobody has it on a reading list."""
    await store(database, OLD)
    await database.write(lambda c: ReadingLists(c).add(7, OLD.id, NOW))
    assert await drop(database) == []
    await database.write(lambda c: ReadingLists(c).remove(7, OLD.id))
    assert await drop(database) == [OLD.id]
