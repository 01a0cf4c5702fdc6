"""Latent semantic analysis: the directions in which papers differ most (Deerwester et al. 1990)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bot.learning.matrix import Matrix

RANK = 60
SPARE = 10
ROUNDS = 2
NOTHING = 1e-6
"""A direction with less than this share of the strongest one's square is none."""

MOST = 8_000
"""Papers the directions are found from, evenly chosen; more changed no ranking."""


def directions(matrix: Matrix) -> NDArray[np.float32]:
    """Terms by at most RANK directions, each of length 1 and square to all others.

    There are none of papers that share no term, or all terms.

    By a randomized range finder (Halko, Martinsson and Tropp 2011, algorithm 4.4): the numbers are
    random once and for all, so the same papers give the same directions.
    """
    step = -(-matrix.size // MOST) if matrix.size else 1
    sample = matrix.rows(np.arange(0, matrix.size, step))
    rank = min(RANK + SPARE, sample.size, sample.width)
    turned = sample.turned()
    start = np.random.default_rng(0).standard_normal((sample.width, rank)).astype(np.float32)
    found = _orthogonal(sample.times_all(start))
    for _ in range(ROUNDS):
        found = _orthogonal(sample.times_all(_orthogonal(turned.times_all(found))))
    return _orthogonal(turned.times_all(found))[:, :RANK]


def _orthogonal(columns: NDArray[np.float32]) -> NDArray[np.float32]:
    """The left singular vectors of tall columns, the strongest first, by those of their products.

    Takes a quarter of the time and of the memory of a QR decomposition.
    """
    squares, turns = np.linalg.eigh((columns.T @ columns).astype(np.float64))
    strong = np.flatnonzero(squares > squares.max(initial=0) * NOTHING)[::-1]
    turn: NDArray[np.float32] = (turns[:, strong] / np.sqrt(squares[strong])).astype(np.float32)
    return columns @ turn
