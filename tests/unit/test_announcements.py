"""The days on which arXiv announces."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.domain.announcements import HOLIDAYS, Calendar, ready_at

CALENDAR = Calendar(frozenset(map(date.fromisoformat, HOLIDAYS)))


@pytest.mark.parametrize(
    ("day", "announces"),
    [
        ("2024-09-16", True),
        ("2024-09-20", True),
        ("2024-09-21", False),
        ("2024-09-22", False),
        ("2025-07-07", False),
        ("2025-11-28", False),
        ("2025-11-27", True),
    ],
)
def test_monday_to_friday_but_after_a_holiday(day: str, announces: bool) -> None:
    """The announcement of Sunday evening is Monday's; a holiday closes the evening's next day."""
    assert CALENDAR.announces(date.fromisoformat(day)) is announces


@pytest.mark.parametrize(
    ("datestamp", "day"),
    [
        ("2024-09-16", "2024-09-16"),
        ("2024-09-21", "2024-09-20"),
        ("2024-09-22", "2024-09-20"),
        ("2025-07-07", "2025-07-04"),
        ("2025-12-26", "2025-12-24"),
    ],
)
def test_a_datestamp_belongs_to_the_last_announcement(datestamp: str, day: str) -> None:
    """What is modified on a closed day counts for the announcement before."""
    assert CALENDAR.day_of(date.fromisoformat(datestamp)) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2024-09-17T02:59", "2024-09-16"),
        ("2024-09-17T03:00", "2024-09-17"),
        ("2024-12-17T03:59", "2024-12-16"),
        ("2024-12-17T04:00", "2024-12-17"),
        ("2024-09-16T01:00", "2024-09-13"),
        ("2024-09-21T12:00", "2024-09-20"),
        ("2025-07-07T23:00", "2025-07-04"),
    ],
)
def test_the_latest_day_whose_records_are_there(now: str, day: str) -> None:
    """From half an hour after 22:30 US/Eastern on, in summer and in winter."""
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert CALENDAR.latest_ready(moment) == date.fromisoformat(day)


def test_the_scheduled_times_come_after_the_announcement() -> None:
    """The first default time is 04:20 UTC."""
    for day in (date(2024, 7, 2), date(2024, 12, 3)):
        assert ready_at(day) <= datetime(day.year, day.month, day.day, 4, 20, tzinfo=UTC)
