"""`harvest` and `ledger`: a pass by hand, and what passes did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from bot.composition import make_intake, open_bot, open_core
from bot.domain.errors import SourceError
from storage.harvests import Harvests

if TYPE_CHECKING:
    from datetime import date

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
    "complete",
)


async def harvest(
    settings: Settings, clock: Clock, since: date | None, until: date | None
) -> tuple[LedgerRow, ...]:
    """Run one pass over the configured sets and give its ledger rows; progress goes to stderr.

    Raises:
        SourceError: nothing could be read at all.
    """
    async with open_core(settings, clock, command="harvest") as core, open_bot(core) as bot:
        with _progress() as progress:
            tasks = {name: progress.add_task(name, total=None) for name in settings.arxiv.sets}
            report = await make_intake(bot).harvest(
                since, until, lambda name, records: progress.advance(tasks[name], records)
            )
        if len(report.faults) == len(settings.arxiv.sets) and not report.announced:
            raise SourceError(f"{report.faults[0]}; check the network, and oai_url in [arxiv]")
        return await core.database.read(lambda c: Harvests(c).ledger(len(settings.arxiv.sets)))


def _progress() -> Progress:
    console = Console(stderr=True)
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
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
    table = [COLUMNS, *(tuple(str(row[name]) for name in COLUMNS) for row in rows)]
    widths = [max(len(row[i]) for row in table) for i in range(len(COLUMNS))]
    lines = ["  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)) for row in table]
    faults = [f"pass {row['pass']}: {fault}" for row in rows for fault in _faults(row)]
    return "\n".join(line.rstrip() for line in (*lines, *faults))


def _faults(row: dict[str, object]) -> list[object]:
    faults = row["faults"]
    return faults if isinstance(faults, list) else []
