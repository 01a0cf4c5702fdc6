"""A file of labelled papers as a stream: on which day each of them came."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from bot.domain.identify import identify, submitted_month

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.programs.labelled import Labelled

A_DAY = 50
"""Papers of a day where nothing tells a time."""

_MONTH = 28  # days of a month over which papers are spread of which only the month is known
_MONDAY = date(2024, 1, 1)  # where nothing tells when the stream began
_DAY = timedelta(days=1)
_SATURDAY = 5

_Month = tuple[int, int]


def by_day(rows: Sequence[Labelled]) -> list[tuple[date, list[Labelled]]]:
    """The papers of each day, in order: by their ids where all are arXiv's, else by their days.

    A day is the latest one published until then, since arXiv's ids follow the announcements; where
    few papers have one, those of a month are spread over it. What comes on a weekend comes on
    Monday, as at arXiv.
    """
    months = [_month(row) for row in rows]
    numbered = list(zip(rows, months, strict=True))
    if all(months):
        numbered.sort(key=lambda one: (one[1] or (0, 0), _number(one[0])))
    else:
        numbered.sort(key=lambda one: one[0].published or date.min)
    dated = zip(_days(numbered), (row for row, _ in numbered), strict=True)
    return [(day, [row for _, row in some]) for day, some in groupby(dated, key=lambda one: one[0])]


def _month(row: Labelled) -> _Month | None:
    paper_id = identify(row.id)
    return submitted_month(paper_id) if paper_id else None


def _number(row: Labelled) -> str:
    return str(identify(row.id))


def _days(rows: Sequence[tuple[Labelled, _Month | None]]) -> Iterator[date]:
    told = [_told(row, month) for row, month in rows]
    known = [day for day in told if day]
    days = _latest(told, min(known)) if 2 * len(known) > len(told) else _spread(rows)
    for day in days:
        yield day + _DAY * (7 - day.weekday() if day.weekday() >= _SATURDAY else 0)


def _told(row: Labelled, month: _Month | None) -> date | None:
    """The day a row gives; none where it cannot be, since its id was given long before."""
    day = row.published
    if day is None or month is None:
        return day
    return day if (day.year - month[0]) * 12 + day.month - month[1] <= 1 else None


def _latest(told: Sequence[date | None], first: date) -> Iterator[date]:
    day = first
    for one in told:
        day = max(day, one or day)
        yield day


def _spread(rows: Sequence[tuple[Labelled, _Month | None]]) -> Iterator[date]:
    sizes = Counter(month for _, month in rows)
    seen: Counter[_Month | None] = Counter()
    for place, (_, month) in enumerate(rows):
        if month is None or None in sizes:
            weeks, days = divmod(place // A_DAY, _SATURDAY)
            yield _MONDAY + _DAY * (7 * weeks + days)
        else:
            yield date(*month, 1 + _MONTH * seen[month] // sizes[month])
        seen[month] += 1
