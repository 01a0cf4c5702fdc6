"""Logistic regression finds the weights at which its loss is least."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.learning.logistic import Lesson, fit


def fitted(rows: np.ndarray, lesson: Lesson) -> np.ndarray:
    """The weights of a full table of rows, the intercept last."""
    return fit(lambda weights: rows @ weights, lambda numbers: numbers @ rows, lesson)


def slope(rows: np.ndarray, lesson: Lesson, weights: np.ndarray) -> np.ndarray:
    """How the loss changes with each weight, written down once more."""
    margin = rows @ weights[:-1] + weights[-1] + lesson.known
    off = lesson.counts * (1 / (1 + np.exp(-margin)) - lesson.answer)
    return np.append(off @ rows + weights[:-1], off.sum())


def test_without_anything_to_tell_apart_the_intercept_is_the_share() -> None:
    """Of rows of nothing: ln of the count of yes over that of no, counted by weight."""
    answer = np.array([1.0, 0, 0, 0])
    counts = np.array([6.0, 1, 1, 1])
    found = fitted(np.zeros((4, 2)), Lesson(answer, counts, np.zeros(4)))
    assert found == pytest.approx([0, 0, np.log(6 / 3)], abs=1e-2)


def test_one_weight_is_where_its_loss_is_least() -> None:
    """Two opposite examples: weight = 2 / (1 + e^weight), by bisection."""
    rows = np.array([[1.0], [-1.0]])
    found = fitted(rows, Lesson(np.array([1.0, 0]), np.ones(2), np.zeros(2)))
    low, high = 0.0, 2.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if middle < 2 / (1 + np.exp(middle)) else (low, middle)
    assert found == pytest.approx([low, 0], abs=1e-2)


def test_what_is_known_is_not_learnt_again() -> None:
    """Where the log-odds known are right already, hardly anything is added."""
    chance = np.random.default_rng(2)
    rows = chance.standard_normal((4_000, 2))
    known = rows @ [1.0, -2.0]
    answer = (chance.random(4_000) < 1 / (1 + np.exp(-known))).astype(float)
    found = fitted(rows, Lesson(answer, np.ones(4_000), known))
    assert np.abs(found).max() < 0.2
    alone = fitted(rows, Lesson(answer, np.ones(4_000), np.zeros(4_000)))
    assert alone == pytest.approx([1, -2, 0], abs=0.2)


@given(st.integers(0, 10_000), st.integers(1, 40), st.integers(1, 60))
def test_the_slope_ends_near_nothing(seed: int, size: int, width: int) -> None:
    """Whatever is taught: more weights than examples, what tells all apart, all one answer."""
    chance = np.random.default_rng(seed)
    rows = chance.standard_normal((size, width))
    answer = (chance.random(size) < chance.random()).astype(float)
    answer[0] = 1.0 - answer[-1] if size > 1 else answer[0]
    lesson = Lesson(answer, chance.random(size) * 5, chance.standard_normal(size))
    found = fitted(rows, lesson)
    begun = np.linalg.norm(slope(rows, lesson, np.zeros(width + 1)))
    assert np.linalg.norm(slope(rows, lesson, found)) < 0.05 * begun + 0.05


def test_what_can_be_told_apart_gets_bounded_weights() -> None:
    """Separable examples: all on their side, and the square of the weights holds them back."""
    rows = np.array([[3.0], [2.0], [-2.0], [-3.0]])
    found = fitted(rows, Lesson(np.array([1.0, 1, 0, 0]), np.full(4, 100.0), np.zeros(4)))
    assert (rows @ found[:-1] + found[-1] > 0).tolist() == [True, True, False, False]
    assert 1 < found[0] < 10


@pytest.mark.parametrize("answer", [0.0, 1.0])
def test_one_answer_alone_is_no_error(answer: float) -> None:
    """Without a positive, or with nothing else, the intercept says so and all stays finite."""
    rows = np.random.default_rng(1).standard_normal((20, 3))
    found = fitted(rows, Lesson(np.full(20, answer), np.ones(20), np.zeros(20)))
    assert np.isfinite(found).all()
    assert (found[-1] > 2) == bool(answer)


def test_examples_that_count_nothing_teach_nothing() -> None:
    """All weights stay zero."""
    rows = np.eye(3)
    found = fitted(rows, Lesson(np.array([1.0, 0, 1]), np.zeros(3), np.ones(3)))
    assert not found.any()


def test_margins_of_any_size_are_no_error() -> None:
    """Log-odds known of a million either way overflow nowhere."""
    known = np.array([1e6, -1e6, 1e6, -1e6])
    found = fitted(np.eye(4), Lesson(np.array([1.0, 0, 0, 1]), np.ones(4), known))
    assert np.isfinite(found).all()
