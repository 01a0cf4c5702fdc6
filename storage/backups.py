"""Copies of a SQLite database, made while it is in use."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from storage.errors import StorageError

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

KEPT = 3
BEFORE_MIGRATION = "*-before-*.db"


def copy(database: Path, target: Path) -> None:
    """Copy `database` to `target`, whole or not at all. Blocking. Raises StorageError."""
    if target.exists():
        raise StorageError(f"{target} exists already: name another file for the backup")
    part = target.with_name(f".{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        with closing(sqlite3.connect(database, isolation_level=None)) as connection:
            connection.execute("VACUUM INTO ?", (str(part),))
        _flush(part)
        part.rename(target)
    except (OSError, sqlite3.Error) as error:
        with suppress(OSError):
            part.unlink()
        raise StorageError(f"{target} could not be written: {error}") from error


def _flush(path: Path) -> None:
    # VACUUM INTO does not wait for the disk (sqlite.org/lang_vacuum.html).
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def before_migration(database: Path, folder: Path, revision: str, now: datetime) -> Path:
    """Copy `database` before it is migrated to `revision`, and keep the last three. Blocking."""
    target = folder / f"{now:%Y%m%dT%H%M%S%fZ}-before-{revision}.db"
    copy(database, target)
    for old in _all(folder)[:-KEPT]:
        old.unlink(missing_ok=True)
    return target


def newest(folder: Path) -> Path | None:
    """The latest copy made before a migration, or None."""
    return next(reversed(_all(folder)), None)


def _all(folder: Path) -> list[Path]:
    return sorted(folder.glob(BEFORE_MIGRATION))
