"""`ledger`: what the passes over arXiv did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.composition import open_core
from storage.harvests import Harvests

if TYPE_CHECKING:
    from bot.config import Settings
    from bot.services.ports import Clock
    from storage.models import LedgerRow

COLUMNS = (
    "pass",
    "day",
    "set",
    "announced",
    "new",
    "late",
    "updated",
    "ranked",
    "queued",
    "decided",
    "complete",
)
WORDS = frozenset({"day", "set", "complete"})
"""Columns that are no numbers: they begin under their names."""


async def ledger(settings: Settings, clock: Clock, limit: int) -> tuple[LedgerRow, ...]:
    """The latest rows, newest first."""
    async with open_core(settings, clock, command="ledger") as core:
        return await core.database.read(lambda c: Harvests(c).ledger(limit))


def worded(rows: list[dict[str, object]]) -> str:
    """Rows as a table for a person, the faults below it."""
    if not rows:
        return "No harvest yet: run `python -m bot harvest`."
    table = [COLUMNS, *(tuple(_cell(row[name]) for name in COLUMNS) for row in rows)]
    widths = [max(len(row[i]) for row in table) for i in range(len(COLUMNS))]
    lines = [
        "  ".join(_aligned(*column) for column in zip(COLUMNS, cells, widths, strict=True))
        for cells in table
    ]
    faults = [
        f"pass {row['pass']}, {row['day']}, {row['set']}: {fault}"
        for row in rows
        for fault in _faults(row)
    ]
    return "\n".join(line.rstrip() for line in (*lines, *faults))


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "NO"
    return str(value)


def _aligned(name: str, cell: str, width: int) -> str:
    return cell.ljust(width) if name in WORDS else cell.rjust(width)


def _faults(row: dict[str, object]) -> list[object]:
    faults = row["faults"]
    return faults if isinstance(faults, list) else []
