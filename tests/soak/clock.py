"""One simulated time for several processes."""

from __future__ import annotations

import asyncio
import mmap
import struct
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECONDS = struct.Struct("<d")


class SharedClock:
    """Time that passes only where somebody lets it: a sleeper moves it on at once.

    It stands in a file, as seconds since 1970, and outlives the process that is killed.
    """

    def __init__(self, memory: mmap.mmap) -> None:
        self._memory = memory

    def now(self) -> datetime:
        """The instant."""
        return datetime.fromtimestamp(SECONDS.unpack_from(self._memory)[0], UTC)

    async def sleep(self, seconds: float) -> None:
        """Let the time pass."""
        self.advance(seconds)
        await asyncio.sleep(0)

    def advance(self, seconds: float) -> None:
        """Move on."""
        self.move(self.now() + timedelta(seconds=max(0.0, seconds)))

    def move(self, instant: datetime) -> None:
        """Go to an instant, never back."""
        SECONDS.pack_into(self._memory, 0, max(instant, self.now()).timestamp())


@contextmanager
def shared_clock(path: Path) -> Iterator[SharedClock]:
    """The clock in a file, made where there is none; it then stands at 1970."""
    if not path.exists():
        path.write_bytes(bytes(SECONDS.size))
    with path.open("r+b") as file, mmap.mmap(file.fileno(), SECONDS.size) as memory:
        yield SharedClock(memory)
