"""Whoever waits for an answer goes first: background work stands back meanwhile, not for long.

A harvest, and the index that follows it, keep the interpreter busy for minutes; with one of it in
the process that is what an answer waits for.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PATIENCE = 1.5
"""Seconds for which an answer holds background work up; by then Discord is told to wait."""

CROWD = 5
"""Answers under way at once for which anybody stands back. A single one waits little beside a
harvest, and with one after the other the harvest took twice as long."""

STEP = 0.01
"""Seconds between two looks whether all is answered."""


class Precedence:
    """What is being answered, and who stands back for it.

    Whoever stood back may then go on for as long as that was, whatever is asked meanwhile: nobody
    who works in the background loses more than half of the time. Answers begin and end on the
    event loop; threads may ask. `crowd` answers at once go first, fewer do not; `now` gives
    seconds that never run backwards.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic, crowd: int = CROWD) -> None:
        self._now = now
        self._crowd = crowd
        self._begun: dict[object, float] = {}
        self._latest: float | None = None
        self._owed_until = 0.0

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Somebody waits for an answer within."""
        mine = object()
        self._begun[mine] = self._now()
        self._look()
        try:
            yield
        finally:
            del self._begun[mine]
            self._look()

    async def stand_back(self) -> None:
        """Return when it is the turn of background work on the event loop.

        Never to be awaited by what an answer waits for: not in a transaction, nor with a lock.
        """
        begun = self._now()
        while self._first(begun):  # noqa: ASYNC110  # also time ends it
            await asyncio.sleep(STEP)

    def pause(self) -> None:
        """The same in a thread. Blocking."""
        begun = self._now()
        while self._first(begun):
            time.sleep(STEP)

    def _look(self) -> None:
        crowded = len(self._begun) >= self._crowd
        self._latest = next(reversed(self._begun.values())) if crowded else None

    def _first(self, begun: float) -> bool:
        """Whether answers go before what has stood back since then."""
        now, latest = self._now(), self._latest
        if latest is not None and now >= self._owed_until and now < min(latest, begun) + PATIENCE:
            return True
        if now > begun:
            self._owed_until = max(self._owed_until, now + (now - begun))
        return False


ANSWERS_FIRST = Precedence()
"""Of this process."""
