"""What a child process of the bot is given to find the same code, and nothing secret."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_KEPT = frozenset(
    {
        "HOME",
        "LANG",
        "LD_LIBRARY_PATH",
        "PATH",
        "PYTHONDONTWRITEBYTECODE",
        "PYTHONHOME",
        "PYTHONPYCACHEPREFIX",
        "TMPDIR",
        "TZ",
    }
)

_SET = {
    # One core, whatever numpy counts with: the other one answers readers.
    "MKL_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    "PYTHONHASHSEED": "0",  # the same examples make the same model
}


def environment(own: Mapping[str, str]) -> dict[str, str]:
    """The variables of a child, of `own`: tokens and passwords are not among them."""
    kept = {name: value for name, value in own.items() if name in _KEPT or name.startswith("LC_")}
    return kept | _SET | {"PYTHONPATH": os.pathsep.join(_places())}


def _places() -> list[str]:
    """Where this process looks for code, wherever it stands; "" is the folder it works in."""
    return [str(Path(place).absolute()) for place in sys.path]
