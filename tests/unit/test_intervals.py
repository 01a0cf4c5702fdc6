"""Shares and their intervals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.intervals import Share, wilson


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_is_the_published_one(part: int, whole: int, low: float, high: float) -> None:
    """R. G. Newcombe, Statistics in Medicine 17 (1998), table I, method 3."""
    assert wilson(part, whole) == pytest.approx((low, high), abs=0.00005)


def test_of_nothing_nothing_is_known() -> None:
    """Neither a share nor an interval."""
    assert Share(0, 0).value == 0
    assert Share(0, 0).interval == (0, 1)


@pytest.mark.parametrize(("part", "whole"), [(-1, 3), (4, 3), (1, 0)])
def test_more_than_there_is_is_no_share(part: int, whole: int) -> None:
    """It says what was given."""
    with pytest.raises(ValueError, match=f"{part} of {whole} is no share"):
        wilson(part, whole)


@given(st.integers(1, 10**9), st.floats(0, 1))
def test_the_share_lies_within_its_interval(whole: int, ratio: float) -> None:
    """Which stays within 0 and 1, and is that of the others turned around."""
    share = Share(int(ratio * whole), whole)
    low, high = share.interval
    assert 0 <= low <= share.value + 1e-12
    assert share.value - 1e-12 <= high <= 1
    others = wilson(whole - share.part, whole)
    assert (1 - others[1], 1 - others[0]) == pytest.approx((low, high), abs=1e-9)
