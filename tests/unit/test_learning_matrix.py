"""A sparse matrix does what the same numbers in a full table do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.learning import matrix as sparse
from bot.learning.matrix import Matrix, Products

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Table = NDArray[np.float64]


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Full tables of few numbers, rows or columns without any among them."""
    rows, width = draw(st.integers(0, 7)), draw(st.integers(0, 6))
    numbers = st.sampled_from((0, 0, 0, 1, 2, 5))
    cells = draw(st.lists(numbers, min_size=rows * width, max_size=rows * width))
    return np.array(cells, float).reshape(rows, width)


def of(table: Table) -> Matrix:
    """The same as a sparse matrix."""
    rows, terms = np.nonzero(table)
    weights = table[rows, terms].astype(np.int32)
    size, width = table.shape
    return Matrix.summed(rows.astype(np.int32), terms.astype(np.int64), weights, (size, width))


def full(matrix: Matrix) -> Table:
    """The same as a full table."""
    table = np.zeros((matrix.size, matrix.width))
    table[matrix.row_of(), matrix.terms] = matrix.values
    return table


def test_what_falls_together_is_summed() -> None:
    """Two numbers of one cell become their sum, in whatever order they come."""
    rows, terms = np.array([1, 0, 1], np.int32), np.array([2, 0, 2], np.int64)
    matrix = Matrix.summed(rows, terms, np.array([3, 1, 4], np.int32), (3, 4))
    assert full(matrix).tolist() == [[1, 0, 0, 0], [0, 0, 7, 0], [0, 0, 0, 0]]


@given(tables(), st.data())
def test_rows_and_columns_are_chosen_as_of_a_table(table: Table, data: st.DataObject) -> None:
    """Any rows in any order, again and again; any columns that rise; turned around."""
    matrix, (size, width) = of(table), table.shape
    assert np.array_equal(full(matrix), table)
    rows = data.draw(st.lists(st.integers(0, size - 1), max_size=9)) if size else []
    wanted = np.array(rows, np.intp)
    assert np.array_equal(full(matrix.rows(wanted)), table[wanted])
    columns = sorted(data.draw(st.sets(st.integers(0, width - 1)))) if width else []
    kept = np.array(columns, np.intp)
    assert np.array_equal(full(matrix.only(kept)), table[:, kept])
    assert np.array_equal(full(matrix.turned()), table.T)
    assert np.array_equal(matrix.papers_with(), (table > 0).sum(0))


@given(st.lists(tables(), max_size=4))
def test_parts_stand_one_under_the_other(parts: list[Table]) -> None:
    """Also of no parts, and of parts without rows."""
    parts = [np.pad(part, ((0, 0), (0, 6 - part.shape[1]))) for part in parts]
    whole = np.concatenate([*parts, np.zeros((0, 6))])
    assert np.array_equal(full(Matrix.stacked([of(part) for part in parts], 6)), whole)


@given(tables(), st.integers(1, 12), st.integers(0, 3), st.integers(0, 999))
def test_products_are_those_of_a_table(table: Table, chunk: int, columns: int, seed: int) -> None:
    """With one column or several, also where a row is longer than what is multiplied in one go."""
    matrix, (size, width) = of(table), table.shape
    draw = np.random.default_rng(seed).standard_normal
    several = draw((width, columns)).astype(np.float32)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sparse, "CHUNK", chunk)
        assert np.allclose(matrix.times_all(several), table @ several, atol=1e-4)
    one, other = draw(width), draw(size)
    assert np.allclose(Products(matrix).times(one), table @ one)
    assert np.allclose(Products(matrix).turned_times(other), table.T @ other)


def test_rows_longer_than_a_chunk_are_multiplied_whole() -> None:
    """Between short ones and empty ones, at the size that is used."""
    width = sparse.CHUNK + 10
    table = np.zeros((5, width))
    table[0, :3] = table[1] = table[3, 5:] = 1
    table[4, -1] = 7
    columns = np.random.default_rng(1).standard_normal((width, 2)).astype(np.float32)
    assert np.allclose(of(table).times_all(columns), table @ columns, atol=0.02)


@given(tables())
def test_counts_become_weights_of_length_one(table: Table) -> None:
    """(1 + ln count) × rarity, and rows of length 1; a row of nothing stays one."""
    rarity = np.arange(table.shape[1], dtype=float)  # the first is worth nothing
    logs = np.log(np.where(table > 0, table, 1))
    expected = np.where(table > 0, 1 + logs, 0) * rarity
    length = np.linalg.norm(expected, axis=1, keepdims=True)
    found = full(of(table).weighted(rarity))
    assert np.allclose(found, expected / np.where(length > 0, length, 1), atol=1e-6)
