"""A score means the same in every version: a share of the background."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.model import Curve
from bot.learning.curve import HALF, STRONG, log_odds, tail_curve

FEWEST = 300 // 8
"""Margins: of so many background papers one in eight is held out."""


def value(curve: Curve, margin: float) -> float:
    """The score of a margin."""
    return 1 / (1 + math.exp(-curve.at(margin)))


def test_the_two_shares_have_their_values() -> None:
    """1 in 90 is one half and 1 in 500 is 0.8; rarer is more."""
    values = [1 / (1 + math.exp(-log_odds(share))) for share in (0.5, HALF, STRONG, 1e-6)]
    assert values[1:3] == pytest.approx([0.5, 0.8])
    assert values[0] < 0.1
    assert values[3] > 0.98


@pytest.mark.parametrize("scale", [0.01, 1.0, 1_000.0])
def test_a_large_background_has_the_values_of_its_shares(scale: float) -> None:
    """Of margins that fall off exponentially, whatever their unit."""
    margins = np.random.default_rng(4).exponential(scale, 200_000) - 3 * scale
    curve = tail_curve(margins)
    assert value(curve, np.quantile(margins, 1 - HALF)) == pytest.approx(0.5, abs=0.02)
    assert value(curve, np.quantile(margins, 1 - STRONG)) == pytest.approx(0.8, abs=0.02)
    share = value(curve, np.quantile(margins, 0.5))
    assert share == pytest.approx(1 / (1 + math.exp(-log_odds(0.5))), abs=0.01)


def test_the_fewest_margins_give_a_fair_guess() -> None:
    """37 of them tell where 1 paper in 90 lies as well as three margins of a tail can."""
    shares = []
    for seed in range(60):
        curve = tail_curve(np.random.default_rng(seed).exponential(1.0, FEWEST))
        halves = [margin for margin in np.arange(0, 20, 0.01) if curve.at(margin) >= 0]
        shares.append(math.exp(-halves[0]))
    assert HALF / 3 < np.median(shares) < HALF * 3
    assert max(shares) < 0.2


margins_of_any_size = st.floats(-1e6, 1e6, allow_nan=False, allow_subnormal=False)


@given(
    st.one_of(
        st.lists(margins_of_any_size, min_size=30, max_size=90),
        st.lists(st.sampled_from((0.0, 1e-17, 1.0, 1.0000001, 50.0)), min_size=30, max_size=90),
    )
)
def test_the_curve_always_rises(margins: list[float]) -> None:
    """Ties, gaps, numbers all but equal: more margin is never less, and nothing is not a number."""
    curve = tail_curve(np.array(margins))
    reached = [curve.at(margin) for margin in sorted(margins)]
    assert all(math.isfinite(odds) for odds in (*reached, curve.at(-1e9), curve.at(1e9)))
    assert reached == sorted(reached)
    assert curve.at(max(margins) + 1) > curve.at(min(margins) - 1)


@pytest.mark.parametrize("margin", [0.0, -4.2, 1e6])
def test_margins_all_the_same_are_what_is_usual(margin: float) -> None:
    """They score low, and what has more scores more."""
    curve = tail_curve(np.full(FEWEST, margin))
    assert value(curve, margin) < 0.1
    step = curve.margins[1] - curve.margins[0]
    more = [value(curve, margin + times * step) for times in range(5)]
    assert more == sorted(set(more))


@pytest.mark.parametrize(
    ("margins", "odds"),
    [((), ()), ((1.0,), (1.0,)), ((1.0, 1.0), (0.0, 1.0)), ((1.0, 2.0), (1.0, 0.0)),
     ((1.0, 2.0), (1.0,)), ((1.0, float("nan")), (0.0, 1.0))],
)  # fmt: skip
def test_a_curve_that_does_not_rise_is_refused(
    margins: tuple[float, ...], odds: tuple[float, ...]
) -> None:
    """Fewer than two knots, or knots that stand still, fall, or are no numbers."""
    with pytest.raises(ValueError, match="two knots"):
        Curve(margins, odds)
