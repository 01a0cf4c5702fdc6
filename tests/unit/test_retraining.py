"""When the ranker is trained anew."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.domain.retraining import due
from storage.models import Why

NOON = datetime(2024, 9, 16, 12, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        ((), None),
        ((9,), None),
        ((10,), Why.DECISIONS),
        ((59, 40, 1), None),
        ((60, 40, 1), Why.DECISIONS),
        ((59, 10), Why.DECISIONS),
        ((-5,), None),
    ],
)
def test_decisions_are_learnt_from_soon(minutes: tuple[int, ...], expected: Why | None) -> None:
    """Ten minutes after the last one, at the latest an hour after the first one."""
    changes = [NOON - ago * MINUTE for ago in minutes]
    assert due(NOON - 2 * HOUR, changes, NOON) is expected


@pytest.mark.parametrize(
    ("looked", "now", "expected"),
    [
        ("16 02:59", "16 03:00", Why.NIGHT),
        ("16 03:00", "16 23:59", None),
        ("16 03:00", "17 02:59", None),
        ("16 03:00", "17 03:00", Why.NIGHT),
        ("14 12:00", "17 01:00", Why.NIGHT),
        ("16 12:00", "16 11:00", None),
    ],
)
def test_once_a_night_all_that_changed_is_learnt_from(
    looked: str, now: str, expected: Why | None
) -> None:
    """From three o'clock UTC on; a night that was missed is made up for."""

    def at(written: str) -> datetime:
        return datetime.strptime(f"2024-09-{written}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC)

    assert due(at(looked), (), at(now)) is expected


def test_the_night_is_that_of_utc_wherever_the_clock_stands() -> None:
    """Four in the morning in Berlin is two in UTC."""
    berlin = timezone(2 * HOUR)
    looked = datetime(2024, 9, 16, 4, 0, tzinfo=berlin)
    assert due(looked, (), datetime(2024, 9, 16, 4, 59, tzinfo=berlin)) is None
    assert due(looked, (), datetime(2024, 9, 16, 5, 0, tzinfo=berlin)) is Why.NIGHT
