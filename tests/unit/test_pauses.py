"""How long a channel that refuses is left alone."""

from __future__ import annotations

import pytest

from bot.services.pauses import Pauses
from bot.services.ports import Unreachable
from tests.fakes import FakeClock

MINUTE = 60


def test_pauses_grow_to_an_hour() -> None:
    """1, 2, 4 … minutes, and an hour at most, for each channel by itself."""
    clock = FakeClock()
    pauses = Pauses(clock)
    waited = []
    for _ in range(9):
        pauses.refused(1)
        minutes = 0
        while not pauses.allows(1):
            clock.advance(MINUTE)
            minutes += 1
        waited.append(minutes)
    assert waited == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert pauses.allows(2)


def test_what_is_over_is_forgotten() -> None:
    """A channel in reach again begins anew; forgetting lets all be tried at once."""
    clock = FakeClock()
    pauses = Pauses(clock)
    for _ in range(5):
        pauses.refused(1)
    pauses.over(1)
    assert pauses.allows(1)
    pauses.refused(1)
    clock.advance(MINUTE)
    assert pauses.allows(1)
    pauses.refused(1)
    pauses.forget()
    assert pauses.allows(1)


@pytest.mark.parametrize(
    ("error", "allowed"),
    [
        (Unreachable("forbidden"), False),
        (Unreachable("gone", gone=True), False),
        (Unreachable("400", refused=True), True),
        (Unreachable("503", ambiguous=True), True),
    ],
)
def test_a_channel_is_left_alone_only_for_what_concerns_all_of_it(
    error: Unreachable, *, allowed: bool
) -> None:
    """Neither a message that is not taken as it is nor an answer that failed closes a channel."""
    pauses = Pauses(FakeClock())
    pauses.met(1, error)
    assert pauses.allows(1) is allowed
