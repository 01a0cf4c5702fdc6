"""When arXiv announces: Sunday to Thursday 20:00 US/Eastern, but on its holidays.

Submissions until 14:00 of a working day come that evening, Friday's on Sunday
(info.arxiv.org/help/availability).
"""

from __future__ import annotations

import bisect
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

EASTERN = ZoneInfo("US/Eastern")
DAY = timedelta(days=1)
EVENING, CUT_OFF, READY = time(20), time(14), time(22, 30)
"""The announcement, what still belongs to it, and when OAI has it."""
FIXED = ((1, 1), (7, 4), (12, 24), (12, 25), (12, 31))
FLOATING = ((1, 0, 3), (5, 0, -1), (9, 0, 1), (11, 3, 4))
"""(month, weekday, which of them in the month): King, Memorial and Labor Day, Thanksgiving."""


@dataclass(frozen=True)
class Evening:
    """One announcement: its date in US/Eastern, and its instants in UTC."""

    day: date
    at: datetime
    cut_off: datetime
    ready: datetime

    @classmethod
    def of(cls, day: date) -> Self:
        """The announcement of an evening; Sunday's closed on Friday."""
        closes = day - 2 * DAY if day.weekday() == 6 else day
        return cls(day, _utc(day, EVENING), _utc(closes, CUT_OFF), _utc(day, READY))


def _utc(day: date, at: time) -> datetime:
    return datetime.combine(day, at, EASTERN).astimezone(UTC)


def holidays(year: int) -> frozenset[date]:
    """The US/Eastern dates of a year's evenings without an announcement."""
    floating = (_nth(year, month, weekday, which) for month, weekday, which in FLOATING)
    return frozenset([*(date(year, month, day) for month, day in FIXED), *floating])


def _nth(year: int, month: int, weekday: int, which: int) -> date:
    days = [date(year, month, 1) + DAY * offset for offset in range(31)]
    fitting = [day for day in days if day.month == month and day.weekday() == weekday]
    return fitting[which - 1 if which > 0 else which]


class Evenings:
    """All announcements between two days."""

    def __init__(self, first: date, last: date) -> None:
        closed = {day for year in range(first.year, last.year + 1) for day in holidays(year)}
        days = (first + DAY * offset for offset in range((last - first).days + 1))
        self.all = [
            Evening.of(day) for day in days if day.weekday() not in {4, 5} and day not in closed
        ]
        self.closed = frozenset(day for day in closed if first <= day <= last)
        self._cut_offs = [evening.cut_off for evening in self.all]

    def after(self, submitted: datetime) -> Evening | None:
        """The announcement that brings what was ready at an instant; None beyond the last."""
        place = bisect.bisect_left(self._cut_offs, submitted)
        return self.all[place] if place < len(self.all) else None
