"""When the ranker is trained anew."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.domain.retraining import GROWTH, PLENTY, due, outgrown_by
from bot.services.training_set import MOST_BACKGROUND
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
        ("17 12:00", "16 12:00", None),
        ("17 12:01", "16 12:00", Why.NIGHT),
    ],
)
def test_once_a_night_all_that_changed_is_learnt_from(
    looked: str, now: str, expected: Why | None
) -> None:
    """From three o'clock UTC on; a missed night is made up for, also after the clock was wrong."""

    def at(written: str) -> datetime:
        return datetime.strptime(f"2024-09-{written}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC)

    assert due(at(looked), (), at(now)) is expected


def test_the_night_is_that_of_utc_wherever_the_clock_stands() -> None:
    """Four in the morning in Berlin is two in UTC."""
    berlin = timezone(2 * HOUR)
    looked = datetime(2024, 9, 16, 4, 0, tzinfo=berlin)
    assert due(looked, (), datetime(2024, 9, 16, 4, 59, tzinfo=berlin)) is None
    assert due(looked, (), datetime(2024, 9, 16, 5, 0, tzinfo=berlin)) is Why.NIGHT


@pytest.mark.parametrize(
    ("background", "enough"),
    [(0, 300), (75, 300), (299, 1_196), (300, 1_200), (5_999, 23_996), (6_000, None)],
)
def test_with_few_papers_four_times_as_many_are_worth_a_training(
    background: int, enough: int | None
) -> None:
    """So that a new installation does not judge by what is assumed until the night."""
    assert outgrown_by(background) == enough


def test_the_last_training_of_these_has_all_the_background_there_may_be() -> None:
    """More is not learnt from."""
    assert PLENTY * GROWTH <= MOST_BACKGROUND
