"""Passes over arXiv, what each did, and how far each set is complete."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select, update

from storage.models import CandidateState, LedgerRow, Origin
from storage.schema import candidates, harvests, papers, watermarks
from storage.statements import upsert

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection

DECIDED = (
    select(func.count())
    .select_from(candidates.join(papers, papers.c.id == candidates.c.paper))
    .where(candidates.c.origin == Origin.HARVEST)
    .where(candidates.c.state.in_((CandidateState.APPROVED, CandidateState.REJECTED)))
    .where(papers.c.first_seen.between(harvests.c.begun_at, harvests.c.seen_at))
    .correlate(harvests)
    .scalar_subquery()
)
"""Of the papers a pass brought, how many were approved or rejected since."""


class Harvests:
    """Harvest passes and watermarks, over one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def watermark(self, set_name: str) -> datetime | None:
        """The instant up to which the set is complete, or None if it never was."""
        instant: datetime | None = await self._connection.scalar(
            select(watermarks.c.watermark).where(watermarks.c.set == set_name)
        )
        return instant

    async def begin(self, set_name: str, since: date, now: datetime) -> int:
        """Begin a pass over what a set had modified from day `since` on, and return its id."""
        values = {"set": set_name, "since": since, "begun_at": now, "seen_at": now}
        statement = insert(harvests).values(values).returning(harvests.c.id)
        return int((await self._connection.execute(statement)).scalar_one())

    async def page(
        self, pass_id: int, *, announced: int, new: int, late: int, updated: int, now: datetime
    ) -> None:
        """Add what one more page brought."""
        await self._update(
            pass_id,
            announced=harvests.c.announced + announced,
            new=harvests.c.new + new,
            late=harvests.c.late + late,
            updated=harvests.c.updated + updated,
            requests=harvests.c.requests + 1,
            seen_at=now,
        )

    async def ranked(self, pass_id: int, *, ranked: int, queued: int) -> None:
        """Add how many papers were ranked, and how many of them became candidates."""
        await self._update(
            pass_id, ranked=harvests.c.ranked + ranked, queued=harvests.c.queued + queued
        )

    async def fault(self, pass_id: int, fault: str, now: datetime) -> None:
        """Name one more fault of a pass."""
        faults = await self._connection.scalar(
            select(harvests.c.faults).where(harvests.c.id == pass_id)
        )
        await self._update(
            pass_id,
            faults=(*(faults or ()), fault),
            requests=harvests.c.requests + 1,
            seen_at=now,
        )

    async def complete(self, pass_id: int, watermark: datetime | None, now: datetime) -> None:
        """The pass brought everything it asked for.

        Its set is complete up to `watermark`, or later already; None leaves the set as it is, where
        a pass was not contiguous with it.
        """
        await self._update(pass_id, complete=True, seen_at=now)
        if watermark is not None:
            await self._move(pass_id, watermark)

    async def _move(self, pass_id: int, watermark: datetime) -> None:
        name = select(harvests.c.set).where(harvests.c.id == pass_id).scalar_subquery()
        insert_ = upsert(self._connection, watermarks).values(set=name, watermark=watermark)
        await self._connection.execute(
            insert_.on_conflict_do_update(
                index_elements=["set"],
                set_={"watermark": insert_.excluded.watermark},
                where=watermarks.c.watermark < insert_.excluded.watermark,
            )
        )

    async def ledger(self, limit: int) -> tuple[LedgerRow, ...]:
        """The latest passes, the newest first. The day is the UTC day a pass began."""
        rows = await self._connection.execute(
            select(harvests, DECIDED.label("decided")).order_by(harvests.c.id.desc()).limit(limit)
        )
        return tuple(_ledger_row(row) for row in rows)

    async def last_complete(self, sets: Collection[str]) -> datetime | None:
        """The instant up to which all of `sets` are complete; None if one of them never was."""
        rows = await self._connection.scalars(
            select(watermarks.c.watermark).where(watermarks.c.set.in_(set(sets)))
        )
        instants: list[datetime] = list(rows)
        return min(instants) if instants and len(instants) == len(set(sets)) else None

    async def _update(self, pass_id: int, **values: Any) -> None:
        await self._connection.execute(
            update(harvests).where(harvests.c.id == pass_id).values(**values)
        )


def _ledger_row(row: Row[Any]) -> LedgerRow:
    values = row._asdict()
    values["pass_id"], values["day"] = row.id, row.begun_at.astimezone(UTC).date()
    return LedgerRow(**{name: values[name] for name in LedgerRow.__slots__})
