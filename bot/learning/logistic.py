"""Logistic regression of weighted examples on top of what is known beforehand."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Vector = NDArray[np.float64]
    Loss = Callable[[Vector], tuple[float, Vector]]

STEPS = 60
MEMORY = 8
ENOUGH = 1e-5
"""Training ends when no step makes the loss smaller by this share of it."""


class Lesson(NamedTuple):
    """What is to be learnt.

    A row's `answer` is 1 or 0, `counts` says how much it counts, and `known` are the log-odds known
    before any weight is learnt.
    """

    answer: Vector
    counts: Vector
    known: Vector

    def of(self, rows: NDArray[np.intp], loss: float) -> Lesson:
        """These rows alone, of which each counts `loss` times what it did."""
        return Lesson(self.answer[rows], loss * self.counts[rows], self.known[rows])


def fit(
    times: Callable[[Vector], Vector], turned_times: Callable[[Vector], Vector], lesson: Lesson
) -> Vector:
    """The weights, of which the last is the intercept.

    They make least the sum of counts × log-loss + half the square of all weights but the intercept.
    `times` multiplies the rows by weights, `turned_times` their transpose by a number a row.
    """
    sign = np.where(lesson.answer > 0, 1.0, -1.0)

    def loss(weights: Vector) -> tuple[float, Vector]:
        margin = sign * (times(weights[:-1]) + weights[-1] + lesson.known)
        wrong = np.exp(-np.logaddexp(0, margin))  # the probability of the other answer
        pull = -lesson.counts * sign * wrong
        square = 0.5 * float(weights[:-1] @ weights[:-1])
        value = float(lesson.counts @ np.logaddexp(0, -margin)) + square
        return value, np.append(turned_times(pull) + weights[:-1], pull.sum())

    width = len(turned_times(np.zeros(len(sign))))
    return _least(loss, np.zeros(width + 1))


def _least(loss: Loss, start: Vector) -> Vector:
    """Where a smooth convex loss is least: L-BFGS (Nocedal and Wright 2006, algorithm 7.5)."""
    at, (value, slope) = start, loss(start)
    moves: list[tuple[Vector, Vector]] = []
    for _ in range(STEPS):
        way = -_scaled(slope, moves)
        there = _step(loss, at, value, slope, way)
        if there is None:
            break
        moves = [*moves[1 - MEMORY :], (there[0] - at, there[2] - slope)]
        gain = value - there[1]
        at, value, slope = there
        if gain < ENOUGH * abs(value):
            break
    return at


def _scaled(slope: Vector, moves: list[tuple[Vector, Vector]]) -> Vector:
    """The slope by the inverse of the curvature that the last moves showed."""
    left = slope.copy()
    shares: list[float] = []
    for move, change in reversed(moves):
        shares.append(float(move @ left) / float(move @ change))
        left -= shares[-1] * change
    if moves:
        move, change = moves[-1]
        left *= float(move @ change) / float(change @ change)
    else:
        left /= max(1.0, float(np.linalg.norm(slope)))
    for (move, change), share in zip(moves, reversed(shares), strict=True):
        left += move * (share - float(change @ left) / float(move @ change))
    return left


def _step(
    loss: Loss, at: Vector, value: float, slope: Vector, way: Vector
) -> tuple[Vector, float, Vector] | None:
    """The first point on the way, halved again and again, that is well below; None if none is."""
    fall = float(slope @ way)
    length = 1.0
    while length > 1e-6 and fall < 0:
        there = at + length * way
        reached, steep = loss(there)
        curved = float((there - at) @ (steep - slope)) > 0
        if curved and reached <= value + 1e-4 * length * fall:
            return there, reached, steep
        length /= 2
    return None
