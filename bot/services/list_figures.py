"""The list in figures: entries by section, by month and by year of publication."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from bot.domain.identify import submitted_month
from storage.catalogue import Catalogue
from storage.figures import Figures

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.services.ports import Clock
    from storage.database import Database
    from storage.figures import Dated
    from storage.models import Section

RECENT = timedelta(days=30)
MONTHS = 12


class ListSum(NamedTuple):
    """How many entries there are; `recent` of them came in the last 30 days.

    `months` are the last twelve up to the newest paper's, newest first, named by their first day;
    `years` count what is not in them.
    """

    total: int
    recent: int
    sections: tuple[Section, ...]
    months: tuple[tuple[date, int], ...]
    years: tuple[tuple[int, int], ...]
    undated: int


class ListFigures:
    """Counts what is on the list."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def sum(self) -> ListSum:
        """All of it as it stands."""
        now = self._clock.now()

        async def work(connection: AsyncConnection) -> ListSum:
            figures = Figures(connection)
            recent = await figures.added_after(now - RECENT)
            sections = await Catalogue(connection).sections()
            return _sum(await figures.dates(), recent, sections, now.date())

        return await self._database.read(work)


def _sum(
    dates: Iterable[Dated], recent: int, sections: tuple[Section, ...], today: date
) -> ListSum:
    counts = Counter(map(_when, dates))
    known = [month for _, month in counts if month is not None]
    last = _last_months(min(max(known), today.replace(day=1))) if known else ()
    months = {month: counts[month.year, month] for month in last}
    years: Counter[int] = Counter()
    for (year, month), count in counts.items():
        if year is not None and month not in months:
            years[year] += count
    return ListSum(
        sum(counts.values()),
        recent,
        sections,
        tuple(months.items()),
        tuple(sorted(years.items(), reverse=True)),
        counts[None, None],
    )


def _when(dated: Dated) -> tuple[int | None, date | None]:
    """Year and month of publication, as the source or the arXiv id has it, else the year alone."""
    if dated.published is not None:
        return dated.published.year, dated.published.replace(day=1)
    year, month = (dated.paper and submitted_month(dated.paper)) or (dated.year, 0)
    return year, date(year, month, 1) if year and 1 <= month <= 12 else None


def _last_months(newest: date) -> tuple[date, ...]:
    months = [newest]
    while len(months) < MONTHS and months[-1] > date(1, 1, 1):
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    return tuple(months)
