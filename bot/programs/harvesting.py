"""`harvest` and `ledger`: a pass by hand, and what passes did."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rich.progress
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from bot.composition import make_intake, open_bot, open_core
from storage.harvests import Harvests

if TYPE_CHECKING:
    from datetime import date

    from bot.config import Settings
    from bot.services.intake import HarvestReport
    from bot.services.ports import Clock
    from bot.services.set_harvest import Progress
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


async def harvest(
    settings: Settings, clock: Clock, since: date | None, until: date | None
) -> HarvestReport:
    """Run one pass over the configured sets; progress goes to stderr."""
    async with (
        open_core(settings, clock, command="harvest", may_lead=False) as core,
        open_bot(core) as bot,
    ):
        with _progress() as progress:
            tasks = {name: progress.add_task(name, total=None) for name in settings.arxiv.sets}

            def watch(at: Progress) -> None:
                """Move the bar of a set."""
                progress.update(tasks[at.set_name], total=at.days, completed=at.days_read)

            return await make_intake(bot).harvest(since, until, watch)


def advice(report: HarvestReport, *, by_hand: bool) -> str:
    """What to do about a pass that is not sound; nothing where it is."""
    if report.sound:
        return ""
    if not report.announced and not any(row.complete for row in report.rows):
        return "Nothing could be read: check the network, and oai_url in [arxiv]."
    if report.complete:
        return "Some records could not be read; the nightly cross-check asks for them another way."
    if by_hand:
        return "Not complete: the same call goes on where this one stopped."
    return "Not complete: the next pass asks again from where the categories are complete."


def _progress() -> rich.progress.Progress:
    console = Console(stderr=True)
    return rich.progress.Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("days"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


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
