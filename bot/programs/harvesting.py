"""`harvest`: a pass by hand."""

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

from bot.assembly import make_intake, open_bot
from bot.composition import open_core

if TYPE_CHECKING:
    from datetime import date

    from bot.config import Settings
    from bot.services.intake import HarvestReport
    from bot.services.ports import Clock
    from bot.services.set_harvest import Progress


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
