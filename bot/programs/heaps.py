"""How many heaps the C library keeps for the threads of this process."""

from __future__ import annotations

import ctypes

M_ARENA_MAX = -8
HEAPS = 2


def share() -> None:
    """Let all threads share two heaps (mallopt(3)), where the C library is glibc.

    It gives each new thread one of its own otherwise, which stays as large as it ever was: with
    the threads of database and index the bot took 360 MB in a harvest, and 220 MB with two.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_ARENA_MAX, HEAPS)
