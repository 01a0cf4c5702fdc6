"""What a margin means: tied to the share of background papers that have at least so much.

So a score says the same in every version of the ranker: one half belongs to 1 paper in 90, and
0.8 to 1 in 500; the log-odds fall evenly with the logarithm of the share.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from bot.domain.model import Curve
from bot.learning.rounding import rounded

if TYPE_CHECKING:
    from numpy.typing import NDArray

HELD_OUT = 8
"""Of so many background papers one teaches nothing: it tells how new papers score."""

HALF = 1 / 90
STRONG = 1 / 500
_STEEPNESS = math.log(0.8 / 0.2) / math.log(HALF / STRONG)
_SHARES = (0.8, 0.5, 0.25, 0.12, 0.06)
_TAIL = _SHARES[-1]
"""From here on the margins of papers are taken to fall off exponentially."""

_APART = 1e-4
"""The least between two knots, beside 1 or a larger margin: what single floats tell apart."""


def log_odds(share: float) -> float:
    """The log-odds that stand for a share of the background."""
    return _STEEPNESS * (math.log(HALF) - math.log(share))


def tail_curve(margins: NDArray[np.float64]) -> Curve:
    """The curve by the margins of held-out background papers, of which there are at least 30."""
    knots = [(float(np.quantile(margins, 1 - share)), log_odds(share)) for share in _SHARES]
    begin = knots[-1][0]
    apart = _APART * max(1.0, float(np.abs(margins).max()))
    mean = max(_mean_above(margins, begin), apart)
    knots += [(begin + mean * math.log(_TAIL / share), log_odds(share)) for share in (HALF, STRONG)]
    rising = [knots[0]]
    for margin, odds in knots[1:]:
        if margin > rising[-1][0] + apart:
            rising.append((margin, odds))
    return Curve(
        tuple(rounded(margin) for margin, _ in rising), tuple(rounded(odds) for _, odds in rising)
    )


def _mean_above(margins: NDArray[np.float64], begin: float) -> float:
    """How far the margins above `begin` are above it, on average."""
    above = margins[margins > begin]
    return float((above - begin).mean()) if len(above) else 1.0
