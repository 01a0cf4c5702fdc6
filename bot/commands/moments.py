"""Days and durations in words."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def day_text(day: date) -> str:
    """`12 Sep 2024`."""
    return f"{day.day} {day:%b %Y}"


def lasting(span: timedelta) -> str:
    """`3 days`, `5 h`, `12 min`: the greatest unit of which there are two, rounded down."""
    if span >= 2 * DAY:
        return f"{span // DAY} days"
    if span >= 2 * HOUR:
        return f"{span // HOUR} h"
    return f"{max(span, timedelta()) // timedelta(minutes=1)} min"
