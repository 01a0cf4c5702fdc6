"""Long work that is all Python, on one thread beside the event loop.

On one, since several would take the interpreter from the loop in turns.
"""

from __future__ import annotations

import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    T = TypeVar("T")

TURN = 0.0005
"""Seconds after which a thread must let another one have the interpreter; Python's own are 5 ms.

A search is handed over between threads some forty times, and waited so long each time: beside a
harvest its p99 was 670 ms with 5 ms, and 298 ms with these.
"""

_thread = ThreadPoolExecutor(1, "aside", initializer=partial(sys.setswitchinterval, TURN))


async def aside(work: Callable[..., T], *arguments: object) -> T:
    """What `work` returns or raises, done after what was given before it.

    A caller that is cancelled leaves at once; what was begun goes on.
    """
    return await asyncio.get_running_loop().run_in_executor(_thread, work, *arguments)
