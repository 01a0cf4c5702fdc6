"""Numbers as a model keeps them: single floats, which is more than training can tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@overload
def rounded(numbers: float) -> float: ...
@overload
def rounded(numbers: NDArray[np.float64]) -> list[float]: ...
def rounded(numbers: float | NDArray[np.float64]) -> float | list[float]:
    """As single floats."""
    single: float | list[float] = np.asarray(numbers, np.float32).tolist()
    return single
