"""What the search index is made of: one document a paper, or a listed entry that has no paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from storage.listing import entry_id_of, key_of
from storage.papers import BATCH
from storage.schema import entries, papers
from storage.statements import chunks

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection

    from storage.models import Author

PAPER = [papers.c[name] for name in ("id", "title", "authors", "abstract", "published")]
ENTRY = [
    entries.c[name] for name in ("id", "paper", "title", "authors", "section", "year", "added_at")
]


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """One thing that can be found.

    `authors` are names as they are read (`Given Family`); `section` and `added_at` are those of the
    paper's first entry. `published` is None where no day is known; `year` may be known all the
    same.
    """

    key: str
    title: str
    authors: tuple[str, ...]
    abstract: str
    section: str
    listed: bool
    year: int | None
    published: date | None = None
    added_at: datetime | None = None


async def documents(connection: AsyncConnection, keys: Sequence[str]) -> dict[str, SearchDocument]:
    """The documents under `keys`; a key that is missing is gone."""
    found: dict[str, SearchDocument] = {}
    for some in chunks(keys, BATCH):
        rows = await connection.execute(select(*PAPER).where(papers.c.id.in_(some)))
        known = {row.id: row for row in rows}
        listed = await _entries_of(connection, some)
        for key in some:
            paper, entry = known.get(key), listed.get(key)
            if paper is not None or entry is not None:
                found[key] = _document(key, paper, entry)
    return found


async def listed_keys(connection: AsyncConnection) -> tuple[str, ...]:
    """The keys of everything on the list, in its order."""
    rows = await connection.execute(
        select(entries.c.id, entries.c.paper).order_by(entries.c.ordinal)
    )
    return tuple(dict.fromkeys(key_of(row.id, row.paper) for row in rows))


async def _entries_of(connection: AsyncConnection, keys: Sequence[str]) -> dict[str, Row[Any]]:
    """The first entry of each of `keys` that is on the list."""
    ids = [id_ for key in keys if (id_ := entry_id_of(key)) is not None]
    wanted = entries.c.paper.in_(keys) | (entries.c.id.in_(ids) & entries.c.paper.is_(None))
    rows = await connection.execute(select(*ENTRY).where(wanted).order_by(entries.c.ordinal))
    found: dict[str, Row[Any]] = {}
    for row in rows:
        found.setdefault(key_of(row.id, row.paper), row)
    return found


def _document(key: str, paper: Row[Any] | None, entry: Row[Any] | None) -> SearchDocument:
    return SearchDocument(
        key=key,
        title=(paper and paper.title) or (entry.title if entry else ""),
        authors=_names((paper and paper.authors) or (entry.authors if entry else ())),
        abstract=paper.abstract if paper else "",
        section=entry.section if entry else "",
        listed=entry is not None,
        year=_year(paper, entry),
        published=paper.published if paper else None,
        added_at=entry.added_at if entry else None,
    )


def _names(authors: Sequence[Author]) -> tuple[str, ...]:
    return tuple(f"{author.given} {author.family}".strip() for author in authors)


def _year(paper: Row[Any] | None, entry: Row[Any] | None) -> int | None:
    if paper is not None and paper.published is not None:
        return int(paper.published.year)
    return entry.year if entry else None
