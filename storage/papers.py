"""The papers the bot knows, each under one primary id and any number of aliases."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, insert, select, update

from storage.changes import Changes
from storage.columns import clean
from storage.merge import Batch, cleaned
from storage.models import Paper, PaperId, Stored
from storage.schema import aliases, papers
from storage.statements import chunks, upsert

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date, datetime

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection

FIELDS = tuple(field.name for field in fields(Paper) if field.name != "aliases")
COLUMNS = [papers.c[name] for name in FIELDS]
UPDATE = (
    update(papers)
    .where(papers.c.id == bindparam("new_id"))
    .values({papers.c[name]: bindparam(f"new_{name}") for name in FIELDS if name != "id"})
)

BATCH = 100
"""Papers worked on between two turns of the event loop: about 10 ms."""


class Papers:
    """The papers, read and written over one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def store(
        self, arriving: Sequence[Paper], now: datetime, announced: date | None = None
    ) -> Stored:
        """Insert what is new and update what is known; of two with the same id the later wins.

        A paper whose id, or else one of whose aliases, belongs to a known paper updates that one:
        its primary id stays. An alias that belongs to another paper stays there. What is empty
        never replaces what is full. See storage.merge. `announced` is the day of those of which
        none is known yet.
        """
        new: dict[PaperId, None] = {}
        updated: dict[PaperId, None] = {}
        for some in chunks(arriving, BATCH):
            batch = await self._store(some, now, announced)
            new.update((paper.id, None) for paper in batch.new)
            updated.update((paper.id, None) for paper in batch.altered if paper.id not in new)
        await Changes(self._connection).touch([*new, *updated])
        return Stored(tuple(new), tuple(updated))

    async def _store(
        self, arriving: Sequence[Paper], now: datetime, announced: date | None
    ) -> Batch:
        some = [cleaned(paper) for paper in arriving]
        owners = await self.resolve([id_ for paper in some for id_ in (paper.id, *paper.aliases)])
        batch = Batch(owners, await self.load(set(owners.values())), announced)
        for paper in some:
            batch.take(paper)
        await self._write(batch, now)
        return batch

    async def _write(self, batch: Batch, now: datetime) -> None:
        new, changed = batch.new, batch.changed
        if new:
            rows = [{**_row(paper), "first_seen": now} for paper in new]
            await self._connection.execute(insert(papers), rows)
        if changed:
            rows = [{f"new_{name}": value for name, value in _row(p).items()} for p in changed]
            await self._connection.execute(UPDATE, rows)
        await self._write_aliases(batch, [*new, *changed])

    async def _write_aliases(self, batch: Batch, written: Sequence[Paper]) -> None:
        rows = [
            {"alias": alias, "paper": paper.id, "position": position}
            for paper in written
            for position, alias in batch.new_aliases(paper)
        ]
        if rows:
            statement = upsert(self._connection, aliases).on_conflict_do_nothing()
            await self._connection.execute(statement, rows)

    async def get(self, paper_id: PaperId) -> Paper | None:
        """The paper known by this id or alias, or None."""
        return (await self.get_many([paper_id])).get(paper_id)

    async def get_many(self, ids: Collection[PaperId]) -> dict[PaperId, Paper]:
        """The known papers among `ids`, by the id that was asked for."""
        primaries = await self.resolve(ids)
        found = await self.load(set(primaries.values()))
        return {asked: found[primary] for asked, primary in primaries.items() if primary in found}

    async def resolve(self, ids: Collection[PaperId]) -> dict[PaperId, PaperId]:
        """The primary id of each known one among `ids`, by the id that was asked for."""
        asked = {id_: clean(id_) for id_ in ids}
        known: dict[str, PaperId] = {}
        for some in chunks(list(dict.fromkeys(asked.values()))):
            rows = await self._connection.execute(
                select(aliases.c.alias, aliases.c.paper).where(aliases.c.alias.in_(some))
            )
            known.update((row.alias, PaperId(row.paper)) for row in rows)
        return {id_: known[key] for id_, key in asked.items() if key in known}

    async def withdraw(self, ids: Collection[PaperId]) -> tuple[PaperId, ...]:
        """Mark the known papers among these ids, aliases too, and give their primary ids."""
        primaries = tuple(dict.fromkeys((await self.resolve(ids)).values()))
        for some in chunks(primaries):
            marked = update(papers).where(papers.c.id.in_(some), ~papers.c.withdrawn)
            await self._connection.execute(marked.values(withdrawn=True))
        return primaries

    async def edit(self, paper: Paper) -> None:
        """Let a known paper have the title, links and `edited` of this one."""
        changed = {"title": clean(paper.title), "links": paper.links, "edited": paper.edited}
        await self._connection.execute(
            update(papers).where(papers.c.id == paper.id).values(changed)
        )
        await Changes(self._connection).touch([paper.id])

    async def announced_on(self, day: date, ids: Collection[PaperId]) -> int:
        """How many papers among these primary ids were first announced on a day."""
        found = 0
        for some in chunks(list(ids)):
            statement = select(func.count()).where(papers.c.id.in_(some), papers.c.announced == day)
            found += int(await self._connection.scalar(statement) or 0)
        return found

    async def count(self) -> int:
        """How many papers are known."""
        return int(await self._connection.scalar(select(func.count()).select_from(papers)) or 0)

    async def load(self, primaries: Collection[str]) -> dict[PaperId, Paper]:
        """The papers among these primary ids; aliases are not looked at."""
        found: dict[PaperId, Paper] = {}
        for some in chunks(list(primaries), BATCH):
            others = await self._aliases(some)
            rows = await self._connection.execute(select(*COLUMNS).where(papers.c.id.in_(some)))
            found.update((row.id, _paper(row, others.get(row.id, []))) for row in rows)
        return found

    async def _aliases(self, primaries: Sequence[str]) -> dict[PaperId, list[PaperId]]:
        rows = await self._connection.execute(
            select(aliases.c.paper, aliases.c.alias)
            .where(aliases.c.paper.in_(primaries), aliases.c.alias != aliases.c.paper)
            .order_by(aliases.c.position, aliases.c.alias)
        )
        found: dict[PaperId, list[PaperId]] = {}
        for row in rows:
            found.setdefault(row.paper, []).append(row.alias)
        return found


def _row(paper: Paper) -> dict[str, Any]:
    return {name: getattr(paper, name) for name in FIELDS}


def _paper(row: Row[Any], others: Sequence[PaperId]) -> Paper:
    return Paper(**row._asdict(), aliases=tuple(others))
