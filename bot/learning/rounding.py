"""Numbers as a model keeps them: five digits, which is more than training can tell."""

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
    """To five significant digits."""
    if isinstance(numbers, np.ndarray):
        return [float(f"{number:.5g}") for number in numbers.tolist()]
    return float(f"{numbers:.5g}")
