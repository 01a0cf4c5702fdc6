"""One read for everybody who asks at the same moment."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

T = TypeVar("T")


class Shared(Generic[T]):
    """A read that whoever asks before it begins has part in.

    While one is under way, those who come share the next one: nobody gets what is older than their
    asking. What the read raises, all who share it get.
    """

    def __init__(self, read: Callable[[], Awaitable[T]]) -> None:
        self._read = read
        self._running: asyncio.Task[T] | None = None
        self._next: asyncio.Task[T] | None = None

    async def get(self) -> T:
        """What a read begun from now on finds; it goes on for the others if one is cancelled."""
        if self._next is None:
            self._next = asyncio.create_task(self._in_turn())
        return await asyncio.shield(self._next)

    async def _in_turn(self) -> T:
        if self._running is not None:
            await asyncio.wait([self._running])
        self._running, self._next = self._next, None
        try:
            return await self._read()
        finally:
            self._running = None


class Gathered(Generic[T]):
    """A shared read of what all who share it ask for, by keys."""

    def __init__(self, read: Callable[[Sequence[str]], Awaitable[T]]) -> None:
        self._read = read
        self._wanted: dict[str, None] = {}
        self._shared = Shared(self._read_wanted)

    async def get(self, keys: Iterable[str] = ()) -> T:
        """What a read begun from now on finds for these keys, and for those of others."""
        self._wanted.update(dict.fromkeys(keys))
        return await self._shared.get()

    async def _read_wanted(self) -> T:
        keys, self._wanted = list(self._wanted), {}
        return await self._read(keys)
