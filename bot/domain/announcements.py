"""When arXiv announces: Sunday to Thursday at 20:00 US/Eastern, but on its holidays.

The announcement of a Sunday evening is that of Monday: days here are arXiv's listing days, Monday
to Friday, which are also the UTC days its records are dated with
(info.arxiv.org/help/availability.html).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

EASTERN = ZoneInfo("America/New_York")
READY = time(22, 30)
"""Eastern time from which on OAI-PMH has an evening's announcement."""
GRACE = timedelta(minutes=30)
"""How much later than usual that may be before it counts."""
DAY = timedelta(days=1)
SATURDAY = 5

HOLIDAYS = (
    # As arXiv published them (github.com/arXiv/arxiv-docs, help/availability).
    *("2023-01-16", "2023-06-14", "2023-06-19", "2023-07-04", "2023-09-04", "2023-11-23"),
    *("2023-12-25", "2023-12-27"),
    *("2025-01-01", "2025-01-20", "2025-06-19", "2025-07-06", "2025-09-01", "2025-11-27"),
    # Not published when this was written: the same occasions.
    *("2025-12-24", "2025-12-25", "2025-12-31"),
    *("2026-01-01", "2026-01-19", "2026-09-07", "2026-11-26", "2026-12-24", "2026-12-31"),
    *("2027-01-18", "2027-07-04", "2027-09-06", "2027-11-25"),
)
"""Evenings without an announcement, by their US/Eastern date."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """`holidays` are evenings without an announcement, by their US/Eastern date."""

    holidays: frozenset[date] = frozenset()

    def announces(self, day: date) -> bool:
        """Whether there is an announcement of this listing day."""
        return day.weekday() < SATURDAY and day - DAY not in self.holidays

    def day_of(self, datestamp: date) -> date:
        """The listing day a record so dated belongs to: the last one until then."""
        day = datestamp
        while not self.announces(day):
            day -= DAY
        return day

    def latest_ready(self, now: datetime) -> date:
        """The last listing day whose records are surely there."""
        day = self.day_of(now.astimezone(UTC).date())
        while now < ready_at(day):
            day = self.day_of(day - DAY)
        return day


def ready_at(day: date) -> datetime:
    """When the records of a listing day are there at the latest."""
    return datetime.combine(day - DAY, READY, EASTERN).astimezone(UTC) + GRACE
