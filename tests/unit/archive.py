"""arXiv in memory: what a harvest asks it for, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from bot.services.ports import HarvestPage

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from bot.domain.errors import SourceError
    from storage.models import Paper, PaperId
    from tests.fakes import FakeClock


@dataclass
class Archive:
    """arXiv's records by set, given day by day; `faults` come once each, behind the first page.

    Each page is asked for once more than arXiv is `busy`.
    """

    clock: FakeClock
    papers: dict[str, list[Paper]] = field(default_factory=dict)
    faults: dict[tuple[str, date], list[SourceError]] = field(default_factory=dict)
    unreadable: dict[tuple[str, date], tuple[str, ...]] = field(default_factory=dict)
    deleted: dict[date, tuple[PaperId, ...]] = field(default_factory=dict)
    ahead: timedelta = timedelta()
    busy: int = 0
    page_size: int = 2
    asked: list[tuple[str, date]] = field(default_factory=list)

    def add(self, *papers: Paper, sets: Sequence[str] = ("cs.CL",)) -> None:
        """Announce papers, or change them."""
        for set_name in sets:
            known = {paper.id: paper for paper in self.papers.get(set_name, [])}
            known.update((paper.id, paper) for paper in papers)
            self.papers[set_name] = list(known.values())

    def days(self, set_name: str = "cs.CL") -> list[date]:
        """The days asked for since the last call."""
        days = [day for one, day in self.asked if one == set_name]
        self.asked = [(one, day) for one, day in self.asked if one != set_name]
        return days

    async def pages(
        self, set_name: str, since: date, until: date | None = None
    ) -> AsyncIterator[HarvestPage]:
        assert since == until
        self.asked.append((set_name, since))
        found = [one for one in self.papers.get(set_name, []) if one.datestamp == since]
        faults = self.faults.get((set_name, since), [])
        last = max(0, len(found) - 1) // self.page_size
        for number in range(last + 1):
            some = found[number * self.page_size : (number + 1) * self.page_size]
            yield HarvestPage(
                tuple(some),
                self.deleted.get(since, ()),
                self.clock.now() + self.ahead,
                number == last and not faults,
                self.unreadable.get((set_name, since), ()),
                self.busy + 1,
            )
            if faults:
                raise faults.pop(0)
