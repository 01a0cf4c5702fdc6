"""When what is done every night was last due."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

DAY = timedelta(days=1)


def last_night(hour: int, now: datetime) -> datetime:
    """The last time, up to `now`, that this UTC hour struck; the next one is a DAY later."""
    night = now.astimezone(UTC).replace(hour=hour, minute=0, second=0, microsecond=0)
    return night if night <= now else night - DAY
