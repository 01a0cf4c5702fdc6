"""How a day's list was gone through, and how often arXiv failed in a pass."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.domain import intake
from bot.domain.errors import Refused, SourceError

if TYPE_CHECKING:
    from datetime import datetime

    from bot.services.ports import HarvestPage
    from storage.harvests import Slice
    from storage.models import PaperId

IN_A_ROW = 3
"""Days that fail one after the other until arXiv is given a rest."""


@dataclass(slots=True)
class Failures:
    """How often arXiv failed one time after the other; over all sets of a pass."""

    in_a_row: int = 0
    refused: bool = False

    @property
    def enough(self) -> bool:
        """Whether arXiv is better left alone until the next pass."""
        return self.refused or self.in_a_row >= IN_A_ROW

    def next_set(self) -> None:
        """Give the next set one try at least: what fails in one only must not starve the others."""
        self.in_a_row = min(self.in_a_row, IN_A_ROW - 1)

    def met(self, fault: SourceError) -> None:
        """Count one more."""
        self.in_a_row += 1
        self.refused = self.refused or isinstance(fault, Refused)


class Distrusted(SourceError):
    """All of a day's list came, and it cannot be right."""


@dataclass(slots=True)
class Walk:
    """One go through a day's list."""

    one: Slice
    seen: set[PaperId] = field(default_factory=set)
    first: int = 0
    faults: list[str] = field(default_factory=list)
    strays: int = 0
    oldest: datetime | None = None

    def look_at(self, page: HarvestPage, now: datetime) -> None:
        """Note what is odd about a page."""
        self.faults.extend(page.faults)
        self.strays += sum(one.datestamp not in {None, self.one.day} for one in page.papers)
        if intake.is_old_copy(page.response_date, now):
            self.oldest = min(self.oldest or page.response_date, page.response_date)

    @property
    def distrusted(self) -> str:
        """Why the day cannot count as read, if so."""
        if self.strays:
            return (
                f"arXiv was asked for {self.one.day} and sent {self.strays} records of other days"
            )
        if self.oldest:
            dated = f"{self.oldest:%Y-%m-%d %H:%M}"
            return f"arXiv's answer is dated {dated}: an old copy, or this machine's clock is wrong"
        return ""
