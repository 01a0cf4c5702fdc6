"""What the search index is made of: one document a paper, or a listed entry that has no paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from storage.listing import key_of
from storage.models import PaperId
from storage.papers import BATCH, Papers
from storage.schema import entries, papers
from storage.statements import chunks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection

    from storage.models import Author, Link, Paper

ENTRY = "entry:"


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """One thing that can be found.

    `authors` are names as they are read (`Given Family`). `section`, `ordinal`, `entry_id` and
    `markdown` are those of the paper's first entry; empty or None where it is not listed. `ordinal`
    is as of now: an entry's shift by another one is no change of its document.
    """

    key: str
    paper_id: PaperId | None
    title: str
    authors: tuple[str, ...]
    abstract: str
    section: str
    listed: bool
    year: int | None
    ordinal: int | None
    links: tuple[Link, ...]
    entry_id: int | None
    markdown: str


async def documents(connection: AsyncConnection, keys: Sequence[str]) -> dict[str, SearchDocument]:
    """The documents under `keys`; a key that is missing is gone."""
    found: dict[str, SearchDocument] = {}
    for some in chunks(keys, BATCH):
        known = await Papers(connection).load(some)
        listed = await _entries_of(connection, some)
        for key in some:
            paper, entry = known.get(PaperId(key)), listed.get(key)
            if paper is not None or entry is not None:
                found[key] = _document(key, paper, entry)
    return found


async def listed_keys(connection: AsyncConnection) -> tuple[str, ...]:
    """The keys of everything on the list, in its order."""
    rows = await connection.execute(
        select(entries.c.id, entries.c.paper).order_by(entries.c.ordinal)
    )
    return tuple(dict.fromkeys(key_of(row.id, row.paper) for row in rows))


async def all_keys(connection: AsyncConnection, after: str, limit: int) -> tuple[str, ...]:
    """The next `limit` keys after `after` ("" to begin), by code point."""
    primaries = await connection.scalars(
        select(papers.c.id).where(papers.c.id > after).order_by(papers.c.id).limit(limit)
    )
    paperless = await connection.scalars(select(entries.c.id).where(entries.c.paper.is_(None)))
    own = (key for id_ in paperless if (key := key_of(id_, None)) > after)
    return tuple(sorted([*primaries, *own])[:limit])


async def _entries_of(connection: AsyncConnection, keys: Sequence[str]) -> dict[str, Row[Any]]:
    ids = [int(key.removeprefix(ENTRY)) for key in keys if _is_entry(key)]
    wanted = entries.c.paper.in_(keys) | (entries.c.id.in_(ids) & entries.c.paper.is_(None))
    rows = await connection.execute(select(entries).where(wanted).order_by(entries.c.ordinal))
    found: dict[str, Row[Any]] = {}
    for row in rows:
        found.setdefault(key_of(row.id, row.paper), row)
    return found


def _is_entry(key: str) -> bool:
    number = key.removeprefix(ENTRY)
    return number != key and number.isdecimal() and number.isascii() and len(number) < 19


def _document(key: str, paper: Paper | None, entry: Row[Any] | None) -> SearchDocument:
    return SearchDocument(
        key=key,
        paper_id=paper.id if paper else None,
        title=(paper and paper.title) or (entry.title if entry else ""),
        authors=_names((paper and paper.authors) or (entry.authors if entry else ())),
        abstract=paper.abstract if paper else "",
        section=entry.section if entry else "",
        listed=entry is not None,
        year=_year(paper, entry),
        ordinal=entry.ordinal if entry else None,
        links=tuple(
            dict.fromkeys((*(entry.links if entry else ()), *(paper.links if paper else ())))
        ),
        entry_id=entry.id if entry else None,
        markdown=entry.markdown if entry else "",
    )


def _names(authors: Sequence[Author]) -> tuple[str, ...]:
    return tuple(f"{author.given} {author.family}".strip() for author in authors)


def _year(paper: Paper | None, entry: Row[Any] | None) -> int | None:
    if paper is not None and paper.published is not None:
        return paper.published.year
    return entry.year if entry else None
