"""How likely a find is to be approved: learnt from what became of earlier finds with such scores.

P(approved) = 1 / (1 + exp(-(a + b (x - m)))), x the log-odds of the score and m their mean (J.
Platt, Probabilistic outputs for support vector machines, 1999).

Isotonic regression with smoothing was tried beside it: cross-validated on made-up streams of 40 to
500 verdicts (tests/bench/calibration.py) its log loss was two to five times as far above that of
the true chances, 0.024 against 0.012 at 100 verdicts, unless the chance rises in one step, where it
was 0.047 against 0.071.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.sentences import sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

FEWEST = 30
"""Verdicts it takes."""

FEWEST_OF_A_KIND = 5
"""So many of them approvals, and so many rejections."""

MOST_SURE = 0.99
"""No find is surer than this, or than its opposite."""

_PRIOR_SLOPE = 1.0
_PRIOR_WEIGHT = 1.0  # one over the variance of the slope that is expected
_LARGEST_STEP = 2.0
_STEPS = 100
_NEAR = 1e-9


@dataclass(frozen=True, slots=True)
class Calibration:
    """What a score comes to, as far as verdicts have told."""

    middle: float
    level: float
    slope: float

    def probability(self, score: float) -> float:
        """How likely a find with this score is to be approved, 0.01 to 0.99."""
        found = _logistic(self.level + self.slope * (_log_odds(score) - self.middle))
        return min(MOST_SURE, max(1 - MOST_SURE, found))


def fit(judged: Sequence[tuple[float, bool]]) -> Calibration | None:
    """What these finds teach, each with its score (0 to 1) and whether it was approved.

    None where they are too few to say.
    """
    approved = sum(yes for _, yes in judged)
    if len(judged) < FEWEST or min(approved, len(judged) - approved) < FEWEST_OF_A_KIND:
        return None
    places = [_log_odds(score) for score, _ in judged]
    middle = sum(places) / len(places)
    points = [(place - middle, yes) for place, (_, yes) in zip(places, judged, strict=True)]
    level, slope = _climb(points, _log_odds(approved / len(judged)))
    if slope < 0:
        # A higher score never makes a find less likely.
        return Calibration(middle, _log_odds(approved / len(judged)), 0.0)
    return Calibration(middle, level, slope)


def odds(probability: float) -> str:
    """`about 4 in 10`, or `about 1 in 20`."""
    if probability < 0.075:
        return sentence("about {n} in {of}", n=1, of=20)
    return sentence("about {n} in {of}", n=min(9, max(1, round(10 * probability))), of=10)


def _climb(points: Iterable[tuple[float, bool]], level: float) -> tuple[float, float]:
    """The level and the slope that are likeliest, by Newton's method."""
    points, slope = tuple(points), _PRIOR_SLOPE
    for _ in range(_STEPS):
        up_level, up_slope = _ascent(points, level, slope)
        level, slope = level + up_level, slope + up_slope
        if abs(up_level) + abs(up_slope) < _NEAR:
            break
    return level, slope


def _ascent(
    points: Sequence[tuple[float, bool]], level: float, slope: float
) -> tuple[float, float]:
    """One step: the gradient by the inverse of the curvature, no longer than is safe."""
    gradient_level, gradient_slope = 0.0, _PRIOR_WEIGHT * (_PRIOR_SLOPE - slope)
    of_level, of_both, of_slope = 0.0, 0.0, _PRIOR_WEIGHT
    for place, yes in points:
        found = _logistic(level + slope * place)
        gradient_level += yes - found
        gradient_slope += (yes - found) * place
        curve = found * (1 - found)
        of_level += curve
        of_both += curve * place
        of_slope += curve * place * place
    size = of_level * of_slope - of_both * of_both
    step_level = (of_slope * gradient_level - of_both * gradient_slope) / size
    step_slope = (of_level * gradient_slope - of_both * gradient_level) / size
    length = max(abs(step_level), abs(step_slope), _LARGEST_STEP) / _LARGEST_STEP
    return step_level / length, step_slope / length


def _log_odds(score: float) -> float:
    inside = min(0.999, max(0.001, score))
    return math.log(inside / (1 - inside))


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-value)) if value > -500 else 0.0
