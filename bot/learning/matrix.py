"""A sparse matrix of papers by terms, with what training needs of one; numpy has none."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

CHUNK = 40_000
"""Values multiplied by several columns in one go, which bounds the memory."""


class Matrix(NamedTuple):
    """Compressed rows: those of row i are at `starts[i]:starts[i + 1]`, and none is empty of width.

    `values` are single floats, `terms` the columns they stand in.
    """

    values: NDArray[np.float32]
    terms: NDArray[np.int32]
    starts: NDArray[np.int64]
    width: int

    @classmethod
    def summed(
        cls,
        rows: NDArray[np.int32],
        terms: NDArray[np.int64],
        weights: NDArray[np.int32],
        shape: tuple[int, int],
    ) -> Matrix:
        """The sum of the weights that fall together."""
        size, width = shape
        codes, place = np.unique(rows * np.int64(width) + terms, return_inverse=True)
        values = np.bincount(place, weights, len(codes)).astype(np.float32)
        starts = np.searchsorted(codes, np.arange(size + 1) * np.int64(width))
        return cls(values, (codes % width).astype(np.int32), starts, width)

    @classmethod
    def stacked(cls, parts: Sequence[Matrix], width: int) -> Matrix:
        """The rows of all `parts`, one under the other."""
        sizes = [np.diff(part.starts) for part in parts]
        lengths = np.concatenate(sizes) if sizes else np.zeros(0, np.int64)
        return cls(
            np.concatenate([part.values for part in parts] or [np.zeros(0, np.float32)]),
            np.concatenate([part.terms for part in parts] or [np.zeros(0, np.int32)]),
            np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
            width,
        )

    @property
    def size(self) -> int:
        """How many rows there are."""
        return len(self.starts) - 1

    def row_of(self) -> NDArray[np.int32]:
        """The row of each value."""
        return np.repeat(np.arange(self.size, dtype=np.int32), np.diff(self.starts))

    def papers_with(self) -> NDArray[np.int64]:
        """In how many rows each column has a value."""
        return np.bincount(self.terms, minlength=self.width)

    def only(self, kept: NDArray[np.intp]) -> Matrix:
        """Only these columns, which must rise."""
        place = np.full(self.width, -1, np.int32)
        place[kept] = np.arange(len(kept), dtype=np.int32)
        renamed = place[self.terms]
        stays = renamed >= 0
        before = np.concatenate([[0], np.cumsum(stays)])
        return Matrix(self.values[stays], renamed[stays], before[self.starts], len(kept))

    def rows(self, wanted: NDArray[np.intp]) -> Matrix:
        """These rows in this order."""
        lengths = np.diff(self.starts)[wanted]
        starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        at = np.arange(starts[-1]) + np.repeat(self.starts[wanted] - starts[:-1], lengths)
        return Matrix(self.values[at], self.terms[at], starts, self.width)

    def weighted(self, rarity: NDArray[np.float64]) -> Matrix:
        """Counts become TF-IDF: (1 + ln count) × rarity, each row of length 1."""
        values = (1 + np.log(self.values)) * rarity[self.terms]
        row = self.row_of()
        length = np.sqrt(np.bincount(row, values**2, self.size))
        length[length == 0] = 1
        return self._replace(values=(values / length[row]).astype(np.float32))

    def times_all(self, columns: NDArray[np.float32]) -> NDArray[np.float32]:
        """The product with several columns."""
        found = np.zeros((self.size, columns.shape[1]), np.float32)
        filled = np.flatnonzero(np.diff(self.starts))
        chunk = self.starts[filled] // CHUNK
        for some in np.split(filled, np.flatnonzero(np.diff(chunk)) + 1):
            if len(some):
                first, end = self.starts[some[0]], self.starts[some[-1] + 1]
                products = columns[self.terms[first:end]]
                products *= self.values[first:end, None]
                found[some] = np.add.reduceat(products, self.starts[some] - first, axis=0)
        return found

    def turned(self) -> Matrix:
        """Terms by papers."""
        order = np.argsort(self.terms, kind="stable")
        starts = np.concatenate([[0], np.cumsum(self.papers_with())]).astype(np.int64)
        return Matrix(self.values[order], self.row_of()[order], starts, self.size)


class Products:
    """Multiplies a matrix and its transpose by a column, again and again."""

    def __init__(self, matrix: Matrix) -> None:
        self._matrix = matrix
        self._row = matrix.row_of()

    def times(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """A number a row of a number a column."""
        products = self._matrix.values * weights[self._matrix.terms]
        return np.bincount(self._row, products, self._matrix.size).astype(np.float64)

    def turned_times(self, numbers: NDArray[np.float64]) -> NDArray[np.float64]:
        """A number a column of a number a row."""
        products = self._matrix.values * numbers[self._row]
        return np.bincount(self._matrix.terms, products, self._matrix.width).astype(np.float64)
