"""What a ranking is worth, and how far that may be from what it is worth on other papers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bot.domain.intervals import wilson

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

SHARES = (0.005, 0.01, 0.02, 0.03, 0.05)
MOST = 0.8
NAMES = ("AP", "0.5 %", "1 %", "2 %", "3 %", "5 %", "80 % in")
RESAMPLES = 1_000
AP, MOST_IN = 0, 6


@dataclass(frozen=True, slots=True)
class Ranking:
    """Whether each paper is relevant, the best first; `order` is where each stood before."""

    relevant: NDArray[np.bool_]
    order: NDArray[np.int64]

    @classmethod
    def of(cls, relevant: Sequence[bool], scores: Sequence[float]) -> Ranking:
        """Rank by falling score; what scores the same keeps its order, which is that of the ids."""
        order = np.argsort(-np.asarray(scores, float), kind="stable")
        return cls(np.asarray(relevant, bool)[order], order)


@dataclass(frozen=True, slots=True)
class Judged:
    """The measures by the order of NAMES, their 95 % intervals, and each resample of them."""

    values: NDArray[np.float64]
    lows: NDArray[np.float64]
    highs: NDArray[np.float64]
    resampled: NDArray[np.float64]

    @classmethod
    def of(cls, ranking: Ranking) -> Judged:
        """Measure: recalls have Wilson's interval, the others that of a bootstrap over papers."""
        values = measures(ranking.relevant, np.ones(len(ranking.relevant)))
        resampled = np.array(
            [measures(ranking.relevant, w[ranking.order]) for w in weights(len(ranking.order))]
        )
        lows, highs = np.percentile(resampled, (2.5, 97.5), axis=0)
        positives = int(ranking.relevant.sum())
        for column in range(AP + 1, MOST_IN):
            found = round(values[column] * positives)
            lows[column], highs[column] = wilson(found, positives)
        return cls(values, lows, highs, resampled)

    def ahead_of(self, other: Judged, column: int) -> tuple[float, float, float]:
        """By how much one measure is greater, with the interval of a paired bootstrap."""
        low, high = np.percentile(
            self.resampled[:, column] - other.resampled[:, column], (2.5, 97.5)
        )
        return float(self.values[column] - other.values[column]), float(low), float(high)


def weights(count: int) -> Iterator[NDArray[np.float64]]:
    """How often each of `count` papers was drawn, for each resample; the same for every ranking."""
    random = np.random.default_rng(6)
    for _ in range(RESAMPLES):
        yield np.bincount(random.integers(0, count, count), minlength=count).astype(float)


def measures(relevant: NDArray[np.bool_], weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """The measures of papers from best to worst, each there `weight` times, in the order of NAMES.

    Average precision, the recall among the first shares of all, and the share that has to be read
    to find 80 % of the relevant ones; all 0 where none is relevant. What was drawn twice does not
    count among the papers before itself, which would make resamples better than what they are of.
    """
    read, found = np.cumsum(weight), np.cumsum(weight * relevant)
    if not found[-1]:
        return np.zeros(len(NAMES))
    at = relevant & (weight > 0)
    found_before, read_before = (so_far[at] - weight[at] for so_far in (found, read))
    precision = (weight[at] * (1 + found_before) / (1 + read_before)).sum() / found[-1]
    recalls = [_found_in(share, read, found) / found[-1] for share in SHARES]
    enough = np.searchsorted(found, MOST * found[-1] - 1e-9)
    return np.array([precision, *recalls, read[enough] / read[-1]])


def _found_in(share: float, read: NDArray[np.float64], found: NDArray[np.float64]) -> float:
    places = np.searchsorted(read, round(share * read[-1]), side="right")
    return float(found[places - 1]) if places else 0.0
