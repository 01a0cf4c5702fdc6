"""`python -m tests.bench.calibration`: ways to turn scores into probabilities, compared.

Made-up streams of finds with scores as the harvest queues them, and a chance of approval that rises
with the score in four manners. Printed is the log loss by five-fold cross-validation in nats a
verdict, the mean of many streams, and how far it is above that of the true chances.
"""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING, TypeAlias

from bot.domain.calibration import fit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Judged: TypeAlias = tuple[float, bool]
    Way: TypeAlias = Callable[[Sequence[Judged]], Callable[[float], float]]

SIZES = (40, 100, 300, 500)
STREAMS = 60
FOLDS = 5
SMOOTHING = 4.0
"""So many verdicts at the common rate are added to each step of the isotonic regression."""


def _sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-value))


TRUTHS: dict[str, Callable[[float], float]] = {
    "logistic": lambda score: _sigmoid(-1.5 + 1.2 * math.log(score / (1.001 - score))),
    "steep": lambda score: _sigmoid(-4 + 3.5 * math.log(score / (1.001 - score))),
    "flat": lambda _score: 0.3,
    "step": lambda score: 0.1 if score < 0.75 else 0.7,
}


def constant(judged: Sequence[Judged]) -> Callable[[float], float]:
    """The common rate, whatever the score."""
    rate = (sum(yes for _, yes in judged) + 1) / (len(judged) + 2)
    return lambda _score: rate


def logistic(judged: Sequence[Judged]) -> Callable[[float], float]:
    """What the product does; the common rate where that does not dare."""
    fitted = fit(judged)
    return fitted.probability if fitted else constant(judged)


def isotonic(judged: Sequence[Judged]) -> Callable[[float], float]:
    """Pooled adjacent violators, drawn to the common rate, with lines between the steps."""
    rate = constant(judged)(0.5)
    steps: list[list[float]] = []
    for score, yes in sorted(judged):
        steps.append([score, float(yes), 1.0])
        while len(steps) > 1 and steps[-2][1] * steps[-1][2] >= steps[-1][1] * steps[-2][2]:
            last = steps.pop()
            steps[-1] = [
                (steps[-1][0] * steps[-1][2] + last[0] * last[2]) / (steps[-1][2] + last[2]),
                steps[-1][1] + last[1],
                steps[-1][2] + last[2],
            ]
    heights = [(at, (yes + SMOOTHING * rate) / (count + SMOOTHING)) for at, yes, count in steps]

    def probability(score: float) -> float:
        below = max((one for one in heights if one[0] <= score), default=heights[0])
        above = min((one for one in heights if one[0] >= score), default=heights[-1])
        share = (score - below[0]) / (above[0] - below[0]) if above[0] > below[0] else 0.0
        return min(0.99, max(0.01, below[1] + share * (above[1] - below[1])))

    return probability


WAYS: dict[str, Way] = {"common rate": constant, "isotonic": isotonic, "logistic": logistic}


def stream(chance: random.Random, size: int, truth: Callable[[float], float]) -> list[Judged]:
    """So many finds above the usual threshold, most of them just above it."""
    scores = [0.5 + 0.49 * chance.random() ** 1.7 for _ in range(size)]
    return [(score, chance.random() < truth(score)) for score in scores]


def loss(probability: Callable[[float], float], judged: Sequence[Judged]) -> float:
    """Nats a verdict."""
    found = ((min(0.99, max(0.01, probability(score))), yes) for score, yes in judged)
    return -sum(math.log(one if yes else 1 - one) for one, yes in found) / len(judged)


def cross_validated(way: Way, judged: Sequence[Judged]) -> float:
    """The loss on what was left out, the mean of all parts."""
    parts = [judged[number::FOLDS] for number in range(FOLDS)]
    total = 0.0
    for number, left_out in enumerate(parts):
        rest = [one for other, part in enumerate(parts) if other != number for one in part]
        total += loss(way(rest), left_out) * len(left_out)
    return total / len(judged)


def main() -> None:
    """Print a row a manner and size."""
    chance = random.Random(6)
    print("manner    verdicts   true  " + "".join(f"{name:>14}" for name in WAYS))
    for name, truth in TRUTHS.items():
        for size in SIZES:
            streams = [stream(chance, size, truth) for _ in range(STREAMS)]
            best = sum(loss(truth, one) for one in streams) / STREAMS
            found = [
                sum(cross_validated(way, one) for one in streams) / STREAMS - best
                for way in WAYS.values()
            ]
            row = "".join(f"{'+' + format(one, '.3f'):>14}" for one in found)
            print(f"{name:10}{size:8}   {best:.3f}{row}")


if __name__ == "__main__":
    main()
