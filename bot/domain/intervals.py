"""How far a share that was counted may be from the one behind it."""

from __future__ import annotations

import math
from dataclasses import dataclass

Z95 = 1.959964
"""Standard deviations on either side of the mean that hold 95 % of a normal distribution."""


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole`."""

    part: int
    whole: int

    @property
    def value(self) -> float:
        """0 to 1; of nothing it is 0."""
        return self.part / self.whole if self.whole else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The share's 95 % interval."""
        return wilson(self.part, self.whole)


def wilson(part: int, whole: int, z: float = Z95) -> tuple[float, float]:
    """The interval, 0 to 1, in which the share behind `part` of `whole` lies; 95 % by default.

    E. B. Wilson, Probable inference, the law of succession, and statistical inference, Journal of
    the American Statistical Association 22 (1927), 209-212. Of nothing nothing is known.

    Raises:
        ValueError: `part` is not within 0 and `whole`.
    """
    if not 0 <= part <= whole:
        raise ValueError(f"{part} of {whole} is no share")
    if not whole:
        return 0.0, 1.0
    middle = part + z * z / 2
    reach = z * math.sqrt(part * (whole - part) / whole + z * z / 4)
    size = whole + z * z
    low = (middle - reach) / size if part else 0.0
    high = (middle + reach) / size if part < whole else 1.0
    return low, high
