"""Threads that get the processor after all others.

On Linux niceness belongs to a thread, and the threads it starts inherit it (sched(7), pthreads(7)).
Elsewhere it belongs to the process, and all of this changes nothing.
"""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    T = TypeVar("T")

NICE = 10
"""Of two threads that want the same processor, one of this niceness gets about a tenth of it."""


def started_behind(start: Callable[[], T]) -> T:
    """What `start` gives; whatever threads it starts step behind all others for good. Blocking."""
    with ThreadPoolExecutor(1, initializer=_step_behind) as thread:
        return thread.submit(start).result()


def _step_behind() -> None:
    if sys.platform == "linux":
        now = os.getpriority(os.PRIO_PROCESS, 0)  # of this thread; nobody may ask for less
        os.setpriority(os.PRIO_PROCESS, 0, max(now, NICE))
