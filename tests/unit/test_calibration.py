"""Scores become chances of approval."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calibration import FEWEST, Calibration, fit, odds

JUDGED = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=FEWEST, max_size=60)


def stream(count: int, level: float, slope: float) -> list[tuple[float, bool]]:
    """Finds whose chance is logistic in the log-odds of their score."""
    chance = random.Random(count)
    scores = [0.5 + chance.random() * 0.49 for _ in range(count)]
    return [(score, chance.random() < true(score, level, slope)) for score in scores]


def true(score: float, level: float, slope: float) -> float:
    """The chance behind such a stream."""
    return 1 / (1 + math.exp(-level - slope * math.log(score / (1 - score))))


def test_it_finds_the_chances_behind_a_long_stream() -> None:
    """Within a tenth wherever scores lie."""
    found = fit(stream(500, -2.0, 1.3))
    assert found is not None
    for score in (0.5, 0.6, 0.7, 0.8, 0.9, 0.98):
        assert found.probability(score) == pytest.approx(true(score, -2.0, 1.3), abs=0.1)


@pytest.mark.parametrize(("yes", "no"), [(0, 100), (4, 100), (100, 4), (5, 24), (0, 0)])
def test_of_few_verdicts_it_says_nothing(yes: int, no: int) -> None:
    """Thirty in all, and five of each kind."""
    assert fit([(0.9, True)] * yes + [(0.6, False)] * no) is None


def test_thirty_verdicts_suffice_and_equal_scores_get_the_common_rate() -> None:
    """Nothing but the rate is known of a single score."""
    found = fit([(0.7, True)] * 12 + [(0.7, False)] * 18)
    assert found is not None
    assert found.probability(0.7) == pytest.approx(0.4, abs=1e-6)


def test_a_higher_score_never_lowers_the_chance() -> None:
    """Though the verdicts say so: then all scores have the common rate."""
    found = fit([(0.55, True)] * 20 + [(0.95, False)] * 20)
    assert found is not None
    assert found.probability(0.5) == found.probability(0.99) == pytest.approx(0.5)


def test_scores_that_tell_everything_are_believed_but_not_wholly() -> None:
    """A perfect order ends at 0.99 and 0.01 at the most."""
    found = fit([(0.999, True)] * 250 + [(0.001, False)] * 250)
    assert found is not None
    assert found.probability(1.0) == 0.99
    assert found.probability(0.0) == pytest.approx(0.01)


@given(JUDGED)
def test_whatever_was_judged_the_chances_rise_and_stay_in_bounds(
    judged: list[tuple[float, bool]],
) -> None:
    """And the same verdicts in another order say the same."""
    found = fit(judged)
    if found is None:
        return
    chances = [found.probability(number / 50) for number in range(51)]
    assert chances == sorted(chances)
    assert all(0.0099 <= one <= 0.9901 for one in chances)
    again = fit(judged[::-1])
    assert again is not None
    assert [again.probability(number / 50) for number in range(51)] == pytest.approx(chances)


def test_it_is_the_likeliest_of_all() -> None:
    """No neighbour in level or slope fits better, the prior on the slope counted in."""
    judged = stream(80, -1.0, 0.8)
    found = fit(judged)
    assert found is not None

    def badness(level: float, slope: float) -> float:
        other = Calibration(found.middle, level, slope)
        chances = ((other.probability(score), yes) for score, yes in judged)
        return (slope - 1) ** 2 / 2 - sum(math.log(p if yes else 1 - p) for p, yes in chances)

    best = badness(found.level, found.slope)
    for up, along in ((0.02, 0), (-0.02, 0), (0, 0.02), (0, -0.02), (0.02, -0.02)):
        assert badness(found.level + up, found.slope + along) > best


@pytest.mark.parametrize(
    ("probability", "said"),
    [
        (0.01, "about 1 in 20"),
        (0.074, "about 1 in 20"),
        (0.076, "about 1 in 10"),
        (0.149, "about 1 in 10"),
        (0.4, "about 4 in 10"),
        (0.86, "about 9 in 10"),
        (0.99, "about 9 in 10"),
    ],
)
def test_chances_are_said_in_tenths(probability: float, said: str) -> None:
    """No more than nine of them, and a twentieth where there is less than one."""
    assert odds(probability) == said
