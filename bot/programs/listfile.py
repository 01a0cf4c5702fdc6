"""`import`: the list as a file; and writing files."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from bot.composition import make_listing, open_database
from bot.domain.errors import UserError
from bot.services import mojibake
from bot.services.listing import inspect

if TYPE_CHECKING:
    from pathlib import Path

    from bot.config import Settings
    from bot.services.listing import ImportReport
    from bot.services.ports import Clock


REMARKS = 50
"""Duplicates and warnings a person is shown."""


def read(path: Path, *, repair: bool) -> bytes:
    """The bytes of a list file, with its mojibake repaired where that is asked for.

    Raises UserError.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}.") from error
    return mojibake.repair(content) if repair else content


async def take(
    settings: Settings, clock: Clock, name: str, content: bytes, *, replace: bool
) -> ImportReport:
    """Make `content` the list of the database. Raises ListExists."""
    async with open_database(settings, clock) as database:
        return await make_listing(settings, clock, database).take(name, content, replace=replace)


def write(path: Path | None, content: bytes) -> None:
    """Write to a file, or to standard output. Raises UserError."""
    if path is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    try:
        path.write_bytes(content)
    except OSError as error:
        raise UserError(f"{path} cannot be written: {error.strerror}.") from error


def dry_run(content: bytes) -> ImportReport:
    """What an import would find."""
    return inspect(content)


def fields(report: ImportReport) -> dict[str, object]:
    """The report as `--json` prints it."""
    return asdict(report)


def worded(report: ImportReport) -> str:
    """The report for a person: of a long row of warnings the first, and how many more there are."""
    remarks = [
        *(f"duplicate: {title}" for title in report.duplicates),
        *(f"warning: {warning}" for warning in report.warnings),
    ]
    if not report.entries:
        remarks.insert(0, "warning: no entry was found; a list has headings and items with links")
    more = len(remarks) - REMARKS
    return "\n".join(
        (
            f"{report.sections} sections, {report.entries} entries, {report.with_id} with an id",
            *remarks[:REMARKS],
            *((f"… and {more} more; --json names them all",) if more > 0 else ()),
        )
    )
