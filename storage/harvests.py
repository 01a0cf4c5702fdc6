"""Passes over arXiv, and what each did on which day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select, update

from storage.models import DECIDED, LedgerRow
from storage.schema import candidates, ledger, passes, slices
from storage.statements import upsert

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date, datetime

    from sqlalchemy import Row, Select
    from sqlalchemy.ext.asyncio import AsyncConnection

HARVEST = "harvest"
CHECK = "check"
"""The kinds of passes: along the route of record, and the cross-check of it."""

FORGOTTEN = timedelta(days=2)
"""How long a pass may have been under way at the most."""

_DECIDED_SINCE = (
    select(func.count())
    .where(candidates.c.ledger == ledger.c.id)
    .where(candidates.c.state.in_(DECIDED))
    .correlate(ledger)
    .scalar_subquery()
)
"""Of the candidates a row brought, how many were approved or rejected since."""


@dataclass(frozen=True, slots=True)
class Slice:
    """One day of one set in a pass, and the row of the ledger that sums it up."""

    pass_id: int
    set_name: str
    day: date
    row: int


@dataclass(frozen=True, slots=True)
class Page:
    """What one more page brought. `announced` and `first` count all pages of the slice so far.

    `first` are the recent papers whose day of first announcement is the row's; `requests` those it
    took.
    """

    announced: int
    first: int
    new: int
    late: int
    updated: int
    requests: int = 1


class Harvests:
    """Passes, their checkpoints and their ledger, over one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def begin(
        self,
        now: datetime,
        since: date | None = None,
        until: date | None = None,
        *,
        kind: str = HARVEST,
    ) -> int:
        """Begin a pass and return its id. Without days it goes on from the watermarks.

        The checkpoints of such passes that were broken off are dropped once that was days ago:
        nothing goes on with them.
        """
        await self._drop_checkpoints(
            passes.c.since.is_(None), passes.c.until.is_(None), passes.c.begun_at < now - FORGOTTEN
        )
        values = {"kind": kind, "since": since, "until": until, "begun_at": now, "complete": False}
        statement = insert(passes).values(values).returning(passes.c.id)
        return int((await self._connection.execute(statement)).scalar_one())

    async def unfinished(self, since: date | None, until: date | None) -> int | None:
        """The last pass asked for with just these days, if it was broken off."""
        statement = (
            select(passes.c.id, passes.c.complete)
            .where(passes.c.kind == HARVEST)
            .where(passes.c.since.is_not_distinct_from(since))
            .where(passes.c.until.is_not_distinct_from(until))
            .order_by(passes.c.id.desc())
        )
        row = (await self._connection.execute(statement.limit(1))).first()
        return None if row is None or row.complete else int(row.id)

    async def end(self, pass_id: int) -> None:
        """The pass read everything it was asked for: its checkpoints are not needed any more."""
        own = passes.c.id == pass_id
        await self._connection.execute(update(passes).where(own).values(complete=True))
        await self._drop_checkpoints(own)

    async def completed_since(self, instant: datetime, *, kind: str = HARVEST) -> bool:
        """Whether a pass that went on from the watermarks, begun then or later, was completed."""
        found = await self._connection.scalar(
            select(passes.c.id)
            .where(passes.c.kind == kind, passes.c.begun_at >= instant, passes.c.complete)
            .where(passes.c.since.is_(None), passes.c.until.is_(None))
            .limit(1)
        )
        return found is not None

    async def row(self, pass_id: int, set_name: str, day: date, now: datetime) -> int:
        """The id of the ledger's row for a set and an announcement day, made where it is new."""
        values = {"pass": pass_id, "set": set_name, "day": day, "begun_at": now}
        fresh = upsert(self._connection, ledger).values(values)
        await self._connection.execute(
            fresh.on_conflict_do_nothing(index_elements=["pass", "set", "day"])
        )
        found = select(ledger.c.id).where(
            ledger.c["pass"] == pass_id, ledger.c.set == set_name, ledger.c.day == day
        )
        return int((await self._connection.execute(found)).scalar_one())

    async def page(self, one: Slice, page: Page, response: datetime) -> None:
        """Add a page that arXiv dated `response`; the earliest date of a slice is kept."""
        counted = {"announced": page.announced, "first": page.first}
        fresh = upsert(self._connection, slices).values(
            {"pass": one.pass_id, "set": one.set_name, "day": one.day, "ledger": one.row}
            | {"asked_at": response, **counted}
        )
        earliest = func.least if self._connection.dialect.name == "postgresql" else func.min
        await self._connection.execute(
            fresh.on_conflict_do_update(
                index_elements=["pass", "set", "day"],
                set_=counted | {"asked_at": earliest(slices.c.asked_at, fresh.excluded.asked_at)},
            )
        )
        await self._add(
            one.row,
            announced=_of_slices(slices.c.announced, one.row),
            first=_of_slices(slices.c.first, one.row),
            **_more(page),
        )

    async def read(self, one: Slice, response: datetime) -> None:
        """A slice was read to its end: its last page is dated `response`."""
        await self._connection.execute(
            update(slices)
            .where(slices.c["pass"] == one.pass_id)
            .where(slices.c.set == one.set_name, slices.c.day == one.day)
            .values(read_at=response)
        )

    async def checkpoints(self, pass_id: int, set_name: str) -> dict[date, datetime]:
        """The days of a set that a pass has read to their end, and arXiv's date of that."""
        rows = await self._connection.execute(
            select(slices.c.day, slices.c.read_at)
            .where(slices.c["pass"] == pass_id, slices.c.set == set_name)
            .where(slices.c.read_at.is_not(None))
        )
        return {row.day: row.read_at for row in rows}

    async def asked_at(self, pass_id: int, set_name: str) -> datetime | None:
        """The earliest date arXiv put on a page of a set in a pass."""
        of_set = (slices.c["pass"] == pass_id, slices.c.set == set_name)
        instant: datetime | None = await self._connection.scalar(
            select(slices.c.asked_at).where(*of_set).order_by(slices.c.asked_at).limit(1)
        )
        return instant

    async def first_announced(self, set_name: str, until: date, limit: int) -> dict[date, int]:
        """For the last days up to `until`: the papers a set brought that were announced on them.

        Days nobody read to their end are left out, but where they brought some.
        """
        most = func.max(ledger.c.first)
        rows = await self._connection.execute(
            select(ledger.c.day, most.label("first"))
            .where(ledger.c.set == set_name, ledger.c.day <= until)
            .where(ledger.c.complete | (ledger.c.first > 0))
            .group_by(ledger.c.day)
            .order_by(ledger.c.day.desc())
            .limit(limit)
        )
        return {row.day: int(row.first) for row in rows}

    async def named(
        self, set_name: str, fault: str, before: datetime, days: Collection[date]
    ) -> set[date]:
        """Those of `days` about which a pass that came to them before an instant named a fault."""
        rows = await self._connection.execute(
            select(ledger.c.day, ledger.c.faults)
            .where(ledger.c.set == set_name, ledger.c.day.in_(days))
            .where(ledger.c.begun_at < before)
        )
        return {row.day for row in rows if fault in row.faults}

    async def count(self, row: int, page: Page) -> None:
        """Add what came by another way than slices."""
        await self._add(
            row,
            announced=ledger.c.announced + page.announced,
            first=ledger.c.first + page.first,
            **_more(page),
        )

    async def asked_again(self, row: int) -> None:
        """Count a request whose answer brought nothing and is no fault."""
        await self._add(row, requests=ledger.c.requests + 1)

    async def complete(self, row: int) -> None:
        """Everything came for this row."""
        await self._add(row, complete=True)

    async def ranked(self, row: int, *, ranked: int, queued: int) -> None:
        """Add how many papers of a row were ranked, and how many of them became candidates."""
        await self._add(row, ranked=ledger.c.ranked + ranked, queued=ledger.c.queued + queued)

    async def fault(self, row: int, fault: str, *, requests: int = 1) -> None:
        """Name one more fault: the row is not complete."""
        known: Sequence[str] | None = await self._connection.scalar(
            select(ledger.c.faults).where(ledger.c.id == row)
        )
        faults = tuple(dict.fromkeys((*(known or ()), fault)))
        await self._add(row, faults=faults, requests=ledger.c.requests + requests, complete=False)

    async def ledger(self, limit: int) -> tuple[LedgerRow, ...]:
        """The latest rows: the newest pass first, and in it the newest day."""
        return await self._rows(_ROWS.limit(limit))

    async def of_last_days(self, count: int) -> tuple[LedgerRow, ...]:
        """All rows of the last `count` announcement days that have any."""
        last = select(ledger.c.day).distinct().order_by(ledger.c.day.desc()).limit(count)
        return await self._rows(_ROWS.where(ledger.c.day.in_(last)))

    async def of_pass(self, pass_id: int) -> tuple[LedgerRow, ...]:
        """The rows of one pass, the newest day first."""
        return await self._rows(_ROWS.where(ledger.c["pass"] == pass_id))

    async def _rows(self, statement: Select[Any]) -> tuple[LedgerRow, ...]:
        return tuple(_ledger_row(row) for row in await self._connection.execute(statement))

    async def _add(self, row: int, **values: Any) -> None:
        await self._connection.execute(update(ledger).where(ledger.c.id == row).values(**values))

    async def _drop_checkpoints(self, *of_passes: Any) -> None:
        dropped = select(passes.c.id).where(*of_passes)
        await self._connection.execute(delete(slices).where(slices.c["pass"].in_(dropped)))


_ROWS = select(ledger, _DECIDED_SINCE.label("decided")).order_by(
    ledger.c["pass"].desc(), ledger.c.day.desc(), ledger.c.id
)


def _more(page: Page) -> dict[str, Any]:
    """What adds up over pages, whichever way they came."""
    names = ("new", "late", "updated", "requests")
    return {name: ledger.c[name] + getattr(page, name) for name in names}


def _of_slices(column: Any, row: int) -> Any:
    """All slices of a row together."""
    return (
        select(func.coalesce(func.sum(column), 0)).where(slices.c.ledger == row).scalar_subquery()
    )


def _ledger_row(row: Row[Any]) -> LedgerRow:
    values = row._asdict()
    values["pass_id"] = values["pass"]
    return LedgerRow(**{name: values[name] for name in LedgerRow.__slots__})
