"""The sign of life `run` leaves beside the database, and how `health` reads it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

FRESH = timedelta(minutes=2)


def beat(data: Path, now: datetime) -> None:
    """Leave a sign of life."""
    (data / "heartbeat").write_text(now.isoformat(), encoding="ascii")


def last(data: Path) -> datetime | None:
    """The last sign of life, or None where there is none that can be read."""
    try:
        return datetime.fromisoformat((data / "heartbeat").read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


def is_alive(data: Path, now: datetime) -> bool:
    """Whether the last sign is younger than two minutes."""
    seen = last(data)
    return seen is not None and seen.tzinfo is not None and now - seen < FRESH


def worded(data: Path, now: datetime) -> str:
    """One line about the last sign of life."""
    seen = last(data)
    if seen is None or seen.tzinfo is None:
        return f"no heartbeat in {data}: `python -m bot run` is not running, or with another folder"
    age = (now - seen).total_seconds()
    return f"last heartbeat {age:.0f} s ago ({seen.astimezone(UTC):%F %T} UTC)"
