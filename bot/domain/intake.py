"""What a harvest asks for, and which of what it found is news."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from bot.domain.identify import submitted_month

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from storage.models import Paper, PaperId

OVERLAP = timedelta(days=3)
"""How far before its watermark a pass starts: repairs records that moved across a page edge."""

DEEP_OVERLAP = timedelta(days=14)
"""How far before it the first pass of a week starts."""

LONGEST_BEGINNING = timedelta(days=90)
"""How long ago a first pass may have been broken off for the next one to begin where it did."""

EARLIEST = date(2005, 9, 16)
"""The earliest day of modification at arXiv, which it says when asked to identify itself."""

OLD = timedelta(days=5)
"""An answer dated longer ago is no answer: arXiv keeps copies for four days at the most."""

SLACK = timedelta(minutes=5)
"""How long before a scheduled time a pass may have begun and still count as that one's."""

DAY = timedelta(days=1)

JUDGED = 20
"""Announcement days it takes to tell a set's habits."""

OFTEN_QUIET = 3
"""Of these, so many without a new paper are the habit of a small set."""

SMALL = 5
"""Fewer new papers a day than this, on the average of these days, and a set is small."""


def start_day(
    watermark: datetime | None, since: date, now: datetime, *, look_back: timedelta, deep: bool
) -> date:
    """The day a pass starts from.

    The stored watermark minus the overlap, never `now - N` once there is one. Until a first pass
    was completed, the day `since` which that one began, however often it was broken off; one far
    back is of a wrong clock.
    """
    if watermark is not None:
        return (watermark - (DEEP_OVERLAP if deep else OVERLAP)).date()
    usual = (now - look_back).date()
    return min(since, usual) if since > usual - LONGEST_BEGINNING else usual


def week_of(now: datetime) -> datetime:
    """Midnight at which the week began: its first pass goes deep."""
    monday = now.astimezone(UTC).date() - timedelta(days=now.astimezone(UTC).weekday())
    return midnight(monday)


def midnight(day: date) -> datetime:
    """When a UTC day begins."""
    return datetime.combine(day, time(), UTC)


@dataclass(frozen=True, slots=True)
class Range:
    """The days, both inclusive, that a pass asks of a set; `open_end` where it goes up to now."""

    start: date
    end: date
    open_end: bool

    @property
    def days(self) -> tuple[date, ...]:
        """One after the other."""
        count = (self.end - self.start).days + 1
        return tuple(self.start + timedelta(days=number) for number in range(count))

    def missing(self, read: Mapping[date, datetime]) -> tuple[date, ...]:
        """The days not read yet; one read before it was over has to be read again."""
        return tuple(day for day in self.days if day not in read or read[day].date() <= day)

    def moved(self, watermark: datetime | None, first_response: datetime) -> datetime | None:
        """The instant the set is complete up to after this range; None where there is a gap.

        That is the earliest date arXiv put on its pages, but never beyond the range's last day: a
        first page may have been waited for over days that were not asked for, or be dated ahead.
        """
        if watermark is None and not self.open_end:
            return None
        if watermark is not None and self.start > watermark.date():
            return None
        return min(first_response, midnight(self.end + DAY))


def by_datestamp(papers: Iterable[Paper], asked: date) -> dict[date, list[Paper]]:
    """Papers by the day their records were modified: all on the one asked for, if arXiv is right.

    A record without a day counts as of that one.
    """
    found: dict[date, list[Paper]] = {}
    for paper in papers:
        found.setdefault(paper.datestamp or asked, []).append(paper)
    return found


def is_old_copy(response: datetime, now: datetime) -> bool:
    """Whether an answer is too old for a watermark to be set by it."""
    return response < now - OLD


def is_suspicious(first_announced: Mapping[date, int], day: date) -> bool:
    """Whether it is odd that a set brought no paper first announced on an announcement day.

    It is not where a small set is known to have such days: of the last ones before, given with what
    they brought, some had papers and several had none. A large set never has: what it lacked on
    several days was held back.
    """
    if first_announced.get(day, 0):
        return False
    before = [first_announced[one] for one in sorted(first_announced) if one < day][-JUDGED:]
    empty = before.count(0)
    small = sum(before) < SMALL * len(before)
    return not (len(before) >= JUDGED and small and OFTEN_QUIET <= empty < len(before))


def is_recent(paper_id: PaperId, day: date) -> bool:
    """Whether an arXiv id is of the month of this day or of the one before.

    Others are late cross-lists and old papers.
    """
    month = submitted_month(paper_id)
    if month is None:
        return False
    age = (day.year - month[0]) * 12 + day.month - month[1]
    return age <= 1


def split_news(
    new: Iterable[PaperId], day: date
) -> tuple[tuple[PaperId, ...], tuple[PaperId, ...]]:
    """The ids unknown until they came with this day's records, as (new, late)."""
    ids = tuple(new)
    recent = frozenset(paper_id for paper_id in ids if is_recent(paper_id, day))
    return (
        tuple(paper_id for paper_id in ids if paper_id in recent),
        tuple(paper_id for paper_id in ids if paper_id not in recent),
    )


def is_news(paper: Paper, since: Mapping[str, date]) -> bool:
    """Whether a paper may be proposed by the day of its submission.

    `since` has the day from which on each watched set brings news.
    """
    days = [since[one] for one in paper.categories if one in since] or since.values()
    return paper.published is None or any(day <= paper.published for day in days)


def may_queue(paper: Paper, *, listed: bool) -> bool:
    """Whether a paper may become a candidate at all."""
    return bool(paper.title) and not listed and not paper.withdrawn


def catch_up_is_due(
    complete_through: datetime | None, times: Iterable[time], now: datetime
) -> bool:
    """Whether a scheduled pass was missed.

    The last one (UTC, Monday to Friday) came after all sets were complete. arXiv's clock, which
    says how far they are, may be a little behind ours: that is no reason to harvest again at every
    start.
    """
    if complete_through is None:
        return True
    instants = (
        datetime.combine(now.date() - timedelta(days=back), at, UTC)
        for back in range(8)
        for at in times
    )
    passed = [instant for instant in instants if instant <= now and instant.weekday() < 5]
    return bool(passed) and complete_through < max(passed) - SLACK
