"""What the tests of search share: made-up papers, stored and found."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.domain.query import parse
from storage.catalogue import Catalogue
from storage.changes import Changes
from storage.models import ListedEntry, Paper, PaperId
from storage.papers import Papers
from tests.factories import listed_entry, paper

if TYPE_CHECKING:
    from pathlib import Path

    from storage.database import Database
    from storage.search import SearchIndex

NOW = datetime(2024, 9, 16, 9, 0, tzinfo=UTC)


async def store(database: Database, *papers: Paper) -> None:
    """Store papers as a harvest does."""
    await database.write(lambda c: Papers(c).store(papers, NOW))


async def make_list(database: Database, *entries: ListedEntry) -> None:
    """Make the list hold these entries."""
    await database.write(lambda c: Catalogue(c).replace("l.md", b"", ["Papers"], entries, NOW))


async def keys(index: SearchIndex, typed: str, *, listed: bool | None = None) -> list[str]:
    """What the index holds for a query, now."""
    page = await index.search(parse(typed), listed=listed, section=None, limit=100)
    return sorted(hit.key for hit in page.hits)


async def is_current(index: SearchIndex, database: Database) -> bool:
    """Whether the index holds everything the database does."""
    return index.revision == await database.read(lambda c: Changes(c).revision())


def made_up(number: int) -> Paper:
    """A paper with a word of its own."""
    return paper(id=PaperId(f"arXiv:2401.{number:05}"), title=f"Common word{number}", abstract="x")


def on_list(number: int) -> ListedEntry:
    """The entry of a made-up paper."""
    one = made_up(number)
    return listed_entry(title=one.title, ids=(one.id,))


def names(folder: Path) -> list[str]:
    """What stands in a folder."""
    return sorted(path.name for path in folder.iterdir())
