"""Spans of time in the API's minutes (info.arxiv.org/help/api/user-manual, `submittedDate`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterable

_MINUTE = timedelta(minutes=1)
_LENIENCE = timedelta(days=1)
"""What lies outside by less may be a matter of how arXiv counts."""


@dataclass(frozen=True, slots=True)
class Span:
    """From a minute to a minute, UTC, both inclusive, as arXiv reads them."""

    start: datetime
    end: datetime

    def __str__(self) -> str:
        return f"{self.start:%Y-%m-%d %H:%M} to {self.end:%Y-%m-%d %H:%M} UTC"

    @property
    def condition(self) -> str:
        """What the API is asked for."""
        return f"submittedDate:[{self.start:%Y%m%d%H%M} TO {self.end:%Y%m%d%H%M}]"

    def halves(self) -> tuple[Self, ...]:
        """Two spans that meet in a minute both have; nothing for what cannot be divided."""
        minutes = int((self.end - self.start) / _MINUTE)
        if minutes < 2:
            return ()
        middle = self.start + minutes // 2 * _MINUTE
        return type(self)(self.start, middle), type(self)(middle, self.end)

    def is_far_from(self, moments: Iterable[datetime]) -> bool:
        """Whether any of these moments lies more than a day outside."""
        earliest, latest = self.start - _LENIENCE, self.end + _LENIENCE
        return any(not earliest <= moment <= latest for moment in moments)


def days(since: datetime, until: datetime) -> list[Span]:
    """The spans of whole days that cover a window.

    Each ends in the minute the next one begins with: no second falls between them, however arXiv
    reads the last minute of a span.
    """
    start = since.astimezone(UTC).replace(second=0, microsecond=0)
    last = until.astimezone(UTC)
    spans: list[Span] = []
    while start < last:
        midnight = datetime.combine(start.date() + timedelta(days=1), time(), UTC)
        end = min(midnight, last + _MINUTE - timedelta(microseconds=1))
        spans.append(Span(start, end.replace(second=0, microsecond=0)))
        start = midnight
    return spans
