"""The ledger as a person looks at it: an announcement day over all sets and passes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import date, time

    from storage.models import LedgerRow

CROSS_CHECK = "cross-check"
"""What stands for a set in the ledger's row of a cross-check."""

WEEKEND = 5
WEEK = 7


@dataclass(frozen=True, slots=True)
class Day:
    """One announcement day.

    `announced` counts the records of the pass that had most, over the sets; the other counts are
    sums over all passes. `missing` are sets not known to be complete, `faults` what is wrong with
    whom since it was complete last, and `found` how many papers the cross-check brought that the
    passes had not (None: it was not completed).
    """

    day: date
    announced: int
    new: int
    late: int
    updated: int
    queued: int
    decided: int
    missing: tuple[str, ...]
    faults: tuple[tuple[str, str], ...]
    found: int | None


def days(rows: Iterable[LedgerRow], sets: Collection[str]) -> tuple[Day, ...]:
    """The days of these rows, the newest first; every one of `sets` has to be complete."""
    by_day: dict[date, list[LedgerRow]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.pass_id):
        by_day[row.day].append(row)
    return tuple(_day(day, by_day[day], sets) for day in sorted(by_day, reverse=True))


def _day(day: date, rows: Sequence[LedgerRow], sets: Collection[str]) -> Day:
    of_sets: dict[str, list[LedgerRow]] = {name: [] for name in sets}
    for row in rows:
        of_sets.setdefault(row.set, []).append(row)
    checks = of_sets.pop(CROSS_CHECK, [])
    harvested = [row for row in rows if row.set != CROSS_CHECK]
    open_faults = {name: _open_faults(some) for name, some in of_sets.items()}
    wrong = [(name, fault) for name, faults in open_faults.items() for fault in faults or ()]
    wrong += [(CROSS_CHECK, fault) for fault in _open_faults(checks) or ()]
    return Day(
        day=day,
        announced=sum(max((r.announced for r in some), default=0) for some in of_sets.values()),
        new=sum(row.new for row in harvested),
        late=sum(row.late for row in harvested),
        updated=sum(row.updated for row in harvested),
        queued=sum(row.queued for row in rows),
        decided=sum(row.decided for row in rows),
        missing=tuple(name for name, faults in open_faults.items() if faults != ()),
        faults=_by_fault(wrong),
        found=sum(r.new + r.late for r in checks) if any(r.complete for r in checks) else None,
    )


def _open_faults(rows: Sequence[LedgerRow]) -> tuple[str, ...] | None:
    """What was wrong since the rows of a set were complete last: nothing at all where they are.

    None where no pass came to its end. One that was broken off says nothing against those before.
    """
    faults: tuple[str, ...] | None = None
    for row in rows:
        if row.complete:
            faults = ()
        elif row.faults:
            faults = row.faults
    return faults


def _by_fault(wrong: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """(who, what): the same fault of several sets is named once."""
    who: dict[str, list[str]] = defaultdict(list)
    for name, fault in wrong:
        who[fault].append(name)
    return tuple((", ".join(names), fault) for fault, names in who.items())


def next_pass(times: Iterable[time], now: datetime) -> datetime | None:
    """When arXiv is asked next by the schedule (UTC, Monday to Friday); None where it never is."""
    today = now.astimezone(UTC).date()
    instants = (
        datetime.combine(today + timedelta(days=ahead), at, UTC)
        for at in times
        for ahead in range(WEEK + 1)
    )
    return min((one for one in instants if one > now and one.weekday() < WEEKEND), default=None)
