"""Harvest passes, their ledger, and how far each set is complete."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from storage.candidates import Candidates
from storage.harvests import Harvests
from storage.models import CandidateState, LedgerRow
from tests.storage.conftest import NOW
from tests.storage.test_candidates import change, queued

if TYPE_CHECKING:
    from storage.database import Database

HOUR = timedelta(hours=1)


async def begin(database: Database, set_name: str = "cs.CL", at: datetime = NOW) -> int:
    """Begin a pass."""
    return await database.write(lambda c: Harvests(c).begin(set_name, date(2024, 9, 13), at))


async def complete(database: Database, pass_id: int, watermark: datetime) -> None:
    """Complete a pass."""
    await database.write(lambda c: Harvests(c).complete(pass_id, watermark, NOW + HOUR))


async def test_the_ledger_adds_up(database: Database) -> None:
    """Pages, rankings and faults of a pass are summed in its row, the newest pass first."""
    first, second = await begin(database), await begin(database, "cs.LG")
    for _ in range(2):
        await database.write(
            lambda c: Harvests(c).page(first, announced=10, new=4, late=1, updated=2, now=NOW)
        )
    await database.write(lambda c: Harvests(c).ranked(first, ranked=8, queued=3))
    for fault in ("503", "HTML with status 200"):
        await database.write(lambda c, said=fault: Harvests(c).fault(second, said, NOW))
    await complete(database, first, NOW)
    newest, oldest = await database.read(lambda c: Harvests(c).ledger(10))
    assert oldest == LedgerRow(
        pass_id=first,
        day=NOW.date(),
        set="cs.CL",
        announced=20,
        new=8,
        late=2,
        updated=4,
        ranked=8,
        queued=3,
        decided=0,
        requests=2,
        faults=(),
        complete=True,
    )
    assert (newest.pass_id, newest.complete) == (second, False)
    assert (newest.faults, newest.requests) == (("503", "HTML with status 200"), 2)
    assert await database.read(lambda c: Harvests(c).ledger(1)) == (newest,)


async def test_the_ledger_counts_what_was_decided(database: Database) -> None:
    """Of the papers a pass brought, those approved or rejected since count as decided."""
    await begin(database, at=NOW - HOUR)
    pass_id = await begin(database)
    for number, state in enumerate((CandidateState.APPROVED, CandidateState.SNOOZED)):
        candidate = await queued(database, f"arXiv:{number}")
        await change(database, candidate, CandidateState.QUEUED, state)
    await complete(database, pass_id, NOW)
    rows = await database.read(lambda c: Harvests(c).ledger(2))
    assert [row.decided for row in rows] == [1, 0]
    assert await database.read(lambda c: Candidates(c).count(CandidateState.SNOOZED)) == 1


async def test_the_watermark_never_goes_back(database: Database) -> None:
    """A complete pass moves its own set's watermark forward only."""
    assert await database.read(lambda c: Harvests(c).watermark("cs.CL")) is None
    for watermark in (NOW, NOW + HOUR, NOW - HOUR):
        await complete(database, await begin(database), watermark)
    assert await database.read(lambda c: Harvests(c).watermark("cs.CL")) == NOW + HOUR
    assert await database.read(lambda c: Harvests(c).watermark("cs.LG")) is None


async def test_complete_through(database: Database) -> None:
    """All sets are complete up to the oldest of their watermarks, if each has one."""

    async def last(*sets: str) -> datetime | None:
        return await database.read(lambda c: Harvests(c).last_complete(sets))

    assert await last("cs.CL") is None
    await complete(database, await begin(database, "cs.CL"), NOW + HOUR)
    await complete(database, await begin(database, "cs.LG"), NOW)
    assert await last("cs.CL") == NOW + HOUR
    assert await last("cs.CL", "cs.LG") == NOW
    assert await last("cs.CL", "cs.LG", "cs.AI") is None
    assert await last() is None
