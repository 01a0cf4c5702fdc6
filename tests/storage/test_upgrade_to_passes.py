"""A database of the version before passes had days: what it knew is known after the upgrade."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from storage.candidates import Candidates
from storage.harvests import Harvests
from storage.models import LedgerRow, PaperId
from storage.unranked import Unranked
from storage.watermarks import Reach, Watermarks
from tests.storage.conftest import NOW
from tests.storage.upgrading import empty_url, upgraded_from

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from storage.database import Database

__all__ = ["empty_url"]

BEFORE = "0002"
FRIDAY = date(2024, 9, 13)
PAPER = (
    "INSERT INTO papers (id, title, authors, abstract, published, categories, comment, journal_ref,"
    " doi, links, datestamp, withdrawn, first_seen) VALUES"
    " ('{id}', 'T', '[]', 'A', '2024-09-12', '[]', '', '', '', '[]', '2024-09-13', false, '{seen}')"
)
ALIAS = "INSERT INTO aliases (alias, paper, position) VALUES ('{id}', '{id}', 0)"
HARVEST = (
    'INSERT INTO harvests (id, "set", since, begun_at, seen_at, announced, new, late, updated,'
    " ranked, queued, requests, faults, complete) VALUES ({id}, '{set}', '2024-09-06', '{begun}',"
    " '{seen}', 9, 5, 1, 2, 5, 1, 3, '{faults}', {complete})"
)
WATERMARK = "INSERT INTO watermarks (\"set\", watermark) VALUES ('{set}', '{at}')"
CANDIDATE = (
    "INSERT INTO candidates (id, paper, state, score, reasons, section, origin, queued_at) VALUES"
    " ({number}, 'arXiv:2409.0000{number}', '{state}', 0.5, '[]', 'S', '{origin}',"
    " '2024-09-13 04:31:00.000000+00:00')"
)
ROWS = (
    PAPER.format(id="arXiv:2409.00001", seen="2024-09-13 04:21:00.000000+00:00"),
    PAPER.format(id="arXiv:2409.00002", seen="2024-09-13 06:25:00.000000+00:00"),
    PAPER.format(id="arXiv:2409.00003", seen="2024-09-12 12:00:00.000000+00:00"),
    *(ALIAS.format(id=f"arXiv:2409.0000{number}") for number in (1, 2, 3)),
    HARVEST.format(
        id=3,
        set="cs.CL",
        begun="2024-09-13 04:20:00.000000+00:00",
        seen="2024-09-13 04:30:00.000000+00:00",
        faults="[]",
        complete="true",
    ),
    HARVEST.format(
        id=7,
        set="cs.LG",
        begun="2024-09-13 06:20:00.000000+00:00",
        seen="2024-09-13 06:30:00.000000+00:00",
        faults='["arXiv sent HTML"]',
        complete="false",
    ),
    WATERMARK.format(set="cs.CL", at="2024-09-13 04:20:05.000000+00:00"),
    WATERMARK.format(set="cs.IR", at="2024-09-01 04:20:05.000000+00:00"),
    "INSERT INTO unranked (paper) VALUES ('arXiv:2409.00002')",
    CANDIDATE.format(number=1, state="rejected", origin="harvest"),
    CANDIDATE.format(number=3, state="approved", origin="submission"),
)


@pytest.fixture
async def upgraded(empty_url: str, tmp_path: Path) -> AsyncIterator[Database]:
    """Made and filled by the version before, opened by this one."""
    async with upgraded_from(BEFORE, ROWS, empty_url, tmp_path) as database:
        yield database


async def test_each_set_goes_on_from_its_watermark(upgraded: Database) -> None:
    """News are what came since seven days before the first harvest; a new set is met anew."""

    async def reach(set_name: str) -> Reach:
        return await upgraded.write(lambda c: Watermarks(c).reach(set_name, date(2024, 9, 9)))

    begun = datetime(2024, 9, 13, 4, 20, 5, tzinfo=UTC)
    assert await reach("cs.CL") == Reach(begun, date(2024, 9, 6))
    assert await reach("cs.IR") == Reach(begun.replace(day=1), date(2024, 8, 25))
    assert await reach("stat.ML") == Reach(None, date(2024, 9, 9))
    monday = datetime(2024, 9, 9, tzinfo=UTC)
    assert await upgraded.read(lambda c: Harvests(c).completed_since(monday))


async def test_the_ledger_reads_as_before(upgraded: Database) -> None:
    """A harvest of a set is a pass with one row, and still counts what was decided."""
    rows = await upgraded.read(lambda c: Harvests(c).ledger(9))
    failed, fine = rows
    assert fine == LedgerRow(
        pass_id=3,
        day=FRIDAY,
        set="cs.CL",
        announced=9,
        new=5,
        late=1,
        updated=2,
        ranked=5,
        queued=1,
        decided=1,
        requests=3,
        faults=(),
        complete=True,
    )
    assert (failed.pass_id, failed.set, failed.faults) == (7, "cs.LG", ("arXiv sent HTML",))
    assert (failed.complete, failed.decided) == (False, 0)
    assert await upgraded.write(lambda c: Harvests(c).begin(NOW)) > 7
    assert await upgraded.read(lambda c: Harvests(c).first_announced("cs.CL", FRIDAY, 9)) == {
        FRIDAY: 5
    }


async def test_what_waited_still_waits(upgraded: Database) -> None:
    """To be ranked, and to be decided; each paper's day is that of its record."""
    (waiting,) = await upgraded.read(lambda c: Unranked(c).papers(9))
    assert (waiting.id, waiting.announced) == (PaperId("arXiv:2409.00002"), FRIDAY)
    taken = await upgraded.write(lambda c: Unranked(c).remove([waiting.id]))
    assert taken == {waiting.id: None}
    first = await upgraded.read(lambda c: Candidates(c).of_paper(PaperId("arXiv:2409.00001")))
    assert first is not None
    row = text("SELECT ledger FROM candidates ORDER BY id")
    assert (await upgraded.read(lambda c: c.scalars(row))).all() == [3, None]
