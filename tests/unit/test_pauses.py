"""How long a channel that refuses is left alone."""

from __future__ import annotations

from bot.services.pauses import Pauses
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
