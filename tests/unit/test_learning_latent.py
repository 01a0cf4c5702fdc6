"""The latent directions are those of a singular value decomposition."""

from __future__ import annotations

import numpy as np
import pytest

from bot.learning import latent
from bot.learning.latent import RANK, directions
from bot.learning.matrix import Matrix


def papers(size: int, width: int, topics: int, seed: int = 3) -> Matrix:
    """Made-up counts of papers of so many topics, each with words of its own and stray ones."""
    chance = np.random.default_rng(seed)
    topic = chance.integers(topics, size=size)
    own = chance.integers(1, 9, (size, width)) * ((np.arange(width) % topics) == topic[:, None])
    table = own * (1 + topic[:, None]) + (chance.random((size, width)) < 0.02)
    rows, terms = np.nonzero(table)
    weights = table[rows, terms].astype(np.int32)
    return Matrix.summed(rows.astype(np.int32), terms.astype(np.int64), weights, (size, width))


def full(matrix: Matrix) -> np.ndarray:
    """The same as a full table."""
    table = np.zeros((matrix.size, matrix.width))
    table[matrix.row_of(), matrix.terms] = matrix.values
    return table


def test_directions_have_length_one_and_are_square() -> None:
    """All of them to all others."""
    found = directions(papers(400, 300, 6)).astype(float)
    assert found.shape == (300, RANK)
    assert np.allclose(found.T @ found, np.eye(RANK), atol=1e-3)


def test_the_strongest_directions_span_what_those_of_a_decomposition_do() -> None:
    """Six topics stand out: the first six directions lie in the space of numpy's first six."""
    matrix = papers(200, 120, 6)
    theirs = np.linalg.svd(full(matrix))[2][:6]
    ours = directions(matrix)[:, :6]
    assert np.linalg.norm(theirs @ ours) ** 2 == pytest.approx(6, abs=1e-2)


@pytest.mark.parametrize(("size", "width"), [(7, 50), (50, 7), (1, 9), (9, 1)])
def test_there_are_no_more_directions_than_papers_or_terms(size: int, width: int) -> None:
    """A few papers are spanned whole: nothing of them is lost."""
    matrix = papers(size, width, 2)
    found = directions(matrix)
    assert found.shape[1] <= min(size, width)
    assert np.allclose(full(matrix) @ found @ found.T, full(matrix), atol=0.05)


def test_papers_that_are_all_the_same_have_one_direction() -> None:
    """The direction of any of them."""
    matrix = papers(1, 20, 1).rows(np.zeros(50, np.intp))
    found = directions(matrix)
    assert found.shape == (20, 1)
    paper = full(matrix)[0]
    assert abs(paper / np.linalg.norm(paper) @ found[:, 0]) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize(("size", "width"), [(0, 0), (5, 0), (0, 5), (5, 4)])
def test_papers_without_any_term_have_no_direction(size: int, width: int) -> None:
    """No papers, no terms, or none of any weight."""
    nothing = np.zeros(0, np.int32)
    matrix = Matrix.summed(nothing, nothing.astype(np.int64), nothing, (size, width))
    assert directions(matrix).shape == (width, 0)


def test_papers_whose_terms_weigh_nothing_have_no_direction() -> None:
    """As when every paper has all terms: none of them is rare."""
    assert directions(papers(30, 4, 1).weighted(np.zeros(4))).shape == (4, 0)


def test_of_many_papers_some_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Evenly chosen ones give the space of all; the same papers give the same bytes."""
    matrix = papers(2_000, 60, 4)
    every = directions(matrix)[:, :4]
    monkeypatch.setattr(latent, "MOST", 600)
    some = directions(matrix)
    assert np.linalg.norm(every.T @ some[:, :4]) ** 2 == pytest.approx(4, abs=0.05)
    assert some.tobytes() == directions(matrix).tobytes()
