"""What a harvest asks for, and which of what it found is news."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.domain.identify import submitted_month

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, time

    from storage.models import Paper, PaperId

OVERLAP = timedelta(days=3)
"""How far before its watermark a pass starts: repairs records that moved across a page edge."""

LOOK_BACK = timedelta(days=7)
"""How far the very first pass reaches."""


AHEAD = timedelta(days=1)
"""How far arXiv's clock may be ahead of ours: well within the overlap."""

SLACK = timedelta(minutes=5)
"""How long before a scheduled time a pass may have begun and still count as that one's."""


def new_watermark(response: datetime, now: datetime) -> datetime:
    """The instant a set is complete up to, by the date arXiv gave its first page.

    A date far ahead would let the next passes ask for days that have not come.
    """
    return min(response, now + AHEAD)


def start_day(watermark: datetime | None, now: datetime) -> date:
    """The day a pass starts from.

    The stored watermark minus the overlap, never `now - N` once there is one.
    """
    return (watermark - OVERLAP if watermark else now - LOOK_BACK).date()


def is_recent(paper_id: PaperId, now: datetime) -> bool:
    """Whether an arXiv id is of this month or the last one.

    Others are late cross-lists and old papers.
    """
    month = submitted_month(paper_id)
    if month is None:
        return False
    age = (now.year - month[0]) * 12 + now.month - month[1]
    return age <= 1


def split_news(
    new: Iterable[PaperId], now: datetime
) -> tuple[tuple[PaperId, ...], tuple[PaperId, ...]]:
    """The ids unknown until now, as (new, late)."""
    ids = tuple(new)
    recent = frozenset(paper_id for paper_id in ids if is_recent(paper_id, now))
    return (
        tuple(paper_id for paper_id in ids if paper_id in recent),
        tuple(paper_id for paper_id in ids if paper_id not in recent),
    )


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
