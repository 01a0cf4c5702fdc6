"""The curated list: the bytes of its file, its sections and its entries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, nulls_last, select, update

from storage.changes import Changes
from storage.columns import clean
from storage.errors import StorageError
from storage.listing import Kept, key_of, snapshot
from storage.models import Entry, ListDocument, Paper, PaperId, Section
from storage.papers import Papers
from storage.schema import documents, entries, sections
from storage.statements import upsert

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.ext.asyncio import AsyncConnection
    from sqlalchemy.sql.dml import ReturningInsert

    from storage.models import ListedEntry

COLUMNS = [entries.c[name] for name in Entry.__slots__]


class Catalogue:
    """The list over one connection. Its entries' ordinals are always 0 to n-1, as in the file."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def document(self) -> ListDocument | None:
        """The list's file, or None where no list was imported yet."""
        row = (await self._connection.execute(select(documents))).one_or_none()
        return None if row is None else ListDocument(row.name, row.content, row.revision)

    async def revision(self) -> int:
        """The revision of the list's file, 0 where there is none."""
        return int(await self._connection.scalar(select(documents.c.revision)) or 0)

    async def replace(
        self,
        name: str,
        content: bytes,
        sections: Sequence[str],
        entries: Sequence[ListedEntry],
        now: datetime,
    ) -> None:
        """Make the whole list this one. Papers and verdicts stay; what its ids name is stored.

        An entry that stood before, by its paper or else by its title, keeps its id, `added_at` and
        `added_by`. Others are added `now`, but at the very first import, where nobody knows when.
        """
        first = await self.document() is None
        before = await snapshot(self._connection)
        found = await self._store_papers(entries, now)
        kept = Kept(before.values())
        rows = [
            {**_row(entry, ordinal, paper), **kept.take(entry, paper, None if first else now)}
            for ordinal, (entry, paper) in enumerate(zip(entries, found, strict=True))
        ]
        await self._write_document(content, name)
        await self._write_sections([*sections, *(entry.section for entry in entries)])
        await self._write_entries(rows)
        after = await snapshot(self._connection)
        await self._touch_differences(before, after)

    async def _store_papers(
        self, listed: Sequence[ListedEntry], now: datetime
    ) -> list[PaperId | None]:
        papers = Papers(self._connection)
        known = [_paper(entry) for entry in listed if entry.ids]
        await papers.store(known, now)
        primaries = await papers.resolve([paper.id for paper in known])
        return [primaries[entry.ids[0]] if entry.ids else None for entry in listed]

    async def _write_document(self, content: bytes, name: str | None = None) -> None:
        values: dict[str, Any] = {"content": content, "revision": documents.c.revision + 1}
        if name is not None:
            values["name"] = name
        changed = await self._connection.execute(update(documents).values(values))
        if changed.rowcount:
            return
        if name is None:
            raise StorageError("There is no list to change yet: import one first")
        first = {"id": 1, "name": name, "content": content, "revision": 1}
        await self._connection.execute(insert(documents).values(first))

    async def _write_sections(self, titles: Sequence[str]) -> None:
        await self._connection.execute(delete(sections))
        distinct = dict.fromkeys(map(clean, titles))
        rows = [{"ordinal": n, "title": title} for n, title in enumerate(distinct)]
        if rows:
            await self._connection.execute(insert(sections), rows)

    async def _write_entries(self, rows: Sequence[dict[str, Any]]) -> None:
        await self._connection.execute(delete(entries))
        # All rows of one statement name the same columns.
        for some in ([r for r in rows if "id" in r], [r for r in rows if "id" not in r]):
            if some:
                await self._connection.execute(insert(entries), some)

    async def _touch_differences(self, before: dict[int, Any], after: dict[int, Any]) -> None:
        changed = [id_ for id_ in {**before, **after} if before.get(id_) != after.get(id_)]
        rows = [row for id_ in changed for row in (before.get(id_), after.get(id_)) if row]
        await Changes(self._connection).touch([key_of(row.id, row.paper) for row in rows])

    async def insert(
        self,
        content: bytes,
        entry: ListedEntry,
        ordinal: int,
        paper: PaperId | None,
        now: datetime,
        added_by: str,
    ) -> Entry:
        """Put one entry at `ordinal` (at most the number of entries); later ones shift.

        Raises StorageError where there is no list or the paper is not stored, ValueError for an
        ordinal outside the list.
        """
        primary = await self._primary(paper)
        await self._require_place(ordinal)
        await self._write_document(content)
        await self._shift(ordinal, 1)
        values = {**_row(entry, ordinal, primary), "added_at": now, "added_by": added_by}
        statement = insert(entries).values(values).returning(*COLUMNS)
        added = (await self._all(statement))[0]
        await self._add_section(entry.section)
        await Changes(self._connection).touch([key_of(added.id, primary)])
        return added

    async def remove(self, content: bytes, entry_id: int) -> None:
        """Take an entry off the list. Raises StorageError if it does not stand there."""
        gone = delete(entries).where(entries.c.id == entry_id)
        row = (
            await self._connection.execute(gone.returning(entries.c.ordinal, entries.c.paper))
        ).one_or_none()
        if row is None:
            raise _not_listed(entry_id)
        await self._write_document(content)
        await self._shift(row.ordinal, -1)
        await Changes(self._connection).touch([key_of(entry_id, row.paper)])

    async def rewrite(
        self, content: bytes, entry_id: int, entry: ListedEntry, ordinal: int
    ) -> None:
        """Let an entry be `entry` at `ordinal`; who added it, when, and its paper stay.

        Raises StorageError if it is not on the list, ValueError for an ordinal outside it.
        """
        statement = select(entries.c.ordinal, entries.c.paper).where(entries.c.id == entry_id)
        row = (await self._connection.execute(statement)).one_or_none()
        if row is None:
            raise _not_listed(entry_id)
        await self._write_document(content)
        await self._place(entry_id, -1)
        await self._shift(row.ordinal, -1)
        await self._require_place(ordinal, others=1)
        await self._shift(ordinal, 1)
        values = _row(entry, ordinal, row.paper)
        await self._connection.execute(
            update(entries).where(entries.c.id == entry_id).values(values)
        )
        await self._add_section(entry.section)
        await Changes(self._connection).touch([key_of(entry_id, row.paper)])

    async def get(self, entry_id: int) -> Entry | None:
        """The entry with this id, or None where it is not on the list (any more)."""
        found = await self._all(select(*COLUMNS).where(entries.c.id == entry_id))
        return found[0] if found else None

    async def sections(self) -> tuple[Section, ...]:
        """The list's headings in the order of the file, those without entries too."""
        count = func.count(entries.c.id)
        rows = await self._connection.execute(
            select(sections.c.ordinal, sections.c.title, count)
            .select_from(sections.outerjoin(entries, entries.c.section == sections.c.title))
            .group_by(sections.c.ordinal, sections.c.title)
            .order_by(sections.c.ordinal)
        )
        return tuple(Section(*row) for row in rows)

    async def entries(self, section: str | None = None) -> tuple[Entry, ...]:
        """All entries, or those of one section, in the order of the list."""
        return await self._all(_within(section).order_by(entries.c.ordinal))

    async def latest(
        self, limit: int, section: str | None = None, offset: int = 0
    ) -> tuple[Entry, ...]:
        """What was added last, the newest first; then what has no date, from the list's end."""
        newest = (nulls_last(entries.c.added_at.desc()), entries.c.ordinal.desc())
        return await self._all(_within(section).order_by(*newest).limit(limit).offset(offset))

    async def entry_of(self, paper: PaperId) -> Entry | None:
        """The first entry of the paper known by this id or alias, or None."""
        primary = (await Papers(self._connection).resolve([paper])).get(paper)
        statement = select(*COLUMNS).where(entries.c.paper == primary)
        found = await self._all(statement.order_by(entries.c.ordinal).limit(1))
        return found[0] if found else None

    async def added_between(self, since: datetime, until: datetime) -> tuple[Entry, ...]:
        """Entries with since < added_at <= until, in the order of the list."""
        window = (entries.c.added_at > since, entries.c.added_at <= until)
        return await self._all(select(*COLUMNS).where(*window).order_by(entries.c.ordinal))

    async def _primary(self, paper: PaperId | None) -> PaperId | None:
        if paper is None:
            return None
        primary = (await Papers(self._connection).resolve([paper])).get(paper)
        if primary is None:
            raise StorageError(f"{paper} cannot be listed: store the paper first")
        return primary

    async def _place(self, entry_id: int, ordinal: int) -> None:
        moved = update(entries).where(entries.c.id == entry_id).values(ordinal=ordinal)
        await self._connection.execute(moved)

    async def _require_place(self, ordinal: int, others: int = 0) -> None:
        """Raises ValueError unless `ordinal` is one of the list's without so many of its rows."""
        count = await self._connection.scalar(select(func.count()).select_from(entries)) or 0
        if not 0 <= ordinal <= count - others:
            raise ValueError(f"the list has {count} entries: no place for one at {ordinal}")

    async def _shift(self, ordinal: int, by: int) -> None:
        await self._connection.execute(
            update(entries)
            .where(entries.c.ordinal >= ordinal)
            .values(ordinal=entries.c.ordinal + by)
        )

    async def _add_section(self, title: str) -> None:
        end = select(func.coalesce(func.max(sections.c.ordinal), -1) + 1).scalar_subquery()
        statement = upsert(self._connection, sections).values(ordinal=end, title=title)
        await self._connection.execute(statement.on_conflict_do_nothing(index_elements=["title"]))

    async def _all(self, statement: Select[Any] | ReturningInsert[Any]) -> tuple[Entry, ...]:
        rows = await self._connection.execute(statement)
        return tuple(Entry(**row._asdict()) for row in rows)


def _within(section: str | None) -> Select[Any]:
    statement = select(*COLUMNS)
    return statement if section is None else statement.where(entries.c.section == section)


def _row(entry: ListedEntry, ordinal: int, paper: PaperId | None) -> dict[str, Any]:
    return {
        "ordinal": ordinal,
        "section": entry.section,
        "markdown": entry.markdown,
        "title": entry.title,
        "paper": paper,
        "authors": entry.authors,
        "year": entry.year,
        "links": entry.links,
    }


def _paper(entry: ListedEntry) -> Paper:
    primary, *others = entry.ids
    return Paper(
        primary, entry.title, authors=entry.authors, aliases=tuple(others), links=entry.links
    )


def _not_listed(entry_id: int) -> StorageError:
    return StorageError(f"Entry {entry_id} is not on the list")
