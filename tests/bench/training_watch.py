"""What the benchmark of training watches: the loop's stalls, and the memory of bot and child."""

from __future__ import annotations

import asyncio
import os
import resource
import threading
import time
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from typing import BinaryIO

EVERY = 0.01
"""Seconds between two looks at the child."""

TICK = 0.001


@dataclass
class Took:
    """What some work took: seconds, CPU here and in the child, the longest stalls of the loop.

    `own_stall` leaves out what the loop waited for a processor, which others had.
    """

    seconds: float = 0.0
    cpu: float = 0.0
    child_cpu: float = 0.0
    stall: float = 0.0
    own_stall: float = 0.0


@asynccontextmanager
async def measured() -> AsyncIterator[Took]:
    """Measure what is done meanwhile, with a ticker in the loop; full afterwards."""
    took = Took()
    ticker = asyncio.create_task(_tick(took))
    await asyncio.sleep(0)
    begun, cpu, children = time.perf_counter(), time.process_time(), _children_cpu()
    try:
        yield took
    finally:
        took.seconds = time.perf_counter() - begun
        took.cpu = time.process_time() - cpu
        took.child_cpu = _children_cpu() - children
        ticker.cancel()
        with suppress(asyncio.CancelledError):
            await ticker


async def _tick(took: Took) -> None:
    with _schedule() as schedule:
        while True:
            before, waited = time.perf_counter(), _waited(schedule)
            await asyncio.sleep(TICK)
            late = time.perf_counter() - before - TICK
            took.stall = max(took.stall, late)
            took.own_stall = max(took.own_stall, late - _waited(schedule) + waited)


def _schedule() -> BinaryIO:
    return Path(f"/proc/self/task/{threading.get_native_id()}/schedstat").open("rb")


def _waited(schedule: BinaryIO) -> float:
    """Seconds that this thread was ready to run and had no processor (proc, sched-stats)."""
    return int(os.pread(schedule.fileno(), 100, 0).split()[1]) / 1e9


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def memory_of(pid: int | str, field: str = "VmHWM") -> int:
    """Bytes by a line of /proc/PID/status (proc(5)); 0 of a process that has ended.

    VmHWM is what it held at most since it began, or since `forget_peak`.
    """
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) * 1024
    return 0


def forget_peak() -> None:
    """Let this process's peak begin anew (proc(5), clear_refs), where the system lets us."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


class ChildWatch(threading.Thread):
    """Looks at the next child of this process; gives it at most `limit` bytes of data.

    `peak` is what it held at most, `files` how much of that were files it maps, such as libraries.
    """

    def __init__(self, limit: int = 0) -> None:
        super().__init__(daemon=True)
        self.peak = 0
        self.files = 0
        self._others = set(psutil.Process().children())
        self._limit = limit
        self._done = threading.Event()

    def run(self) -> None:
        """Look until told to stop."""
        this = psutil.Process()
        while not self._done.wait(EVERY):
            for child in set(this.children()) - self._others:
                with suppress(OSError):
                    self._look(child.pid)

    def _look(self, pid: int) -> None:
        if self._limit:
            resource.prlimit(pid, resource.RLIMIT_DATA, (self._limit, self._limit))
        while (peak := memory_of(pid)) and not self._done.wait(EVERY):
            self.peak = max(self.peak, peak)
            self.files = max(self.files, memory_of(pid, "RssFile"))

    def stop(self) -> None:
        """Look no further."""
        self._done.set()
        self.join()
