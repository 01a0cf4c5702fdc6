"""Growing pauses between tries at what Discord refuses: it bans who asks on and on."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bot.services.ports import Clock, Unreachable

FIRST = timedelta(minutes=1)
LONGEST = timedelta(hours=1)


class Pauses:
    """Which channels are left alone for now: 1, 2, 4 … 60 minutes after one refusal upon another.

    Unlike an answer that did not come, a refusal does not pass by itself.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._refusals: dict[int, int] = {}
        self._until: dict[int, datetime] = {}

    def allows(self, channel_id: int) -> bool:
        """Whether the channel may be tried."""
        until = self._until.get(channel_id)
        return until is None or until <= self._clock.now()

    def met(self, channel_id: int, error: Unreachable) -> None:
        """A message did not pass: the channel is closed, unless it was only this one, this time."""
        if not (error.refused or error.ambiguous):
            self.refused(channel_id)

    def refused(self, channel_id: int) -> None:
        """The channel is gone or forbidden."""
        count = self._refusals.get(channel_id, 0)
        self._refusals[channel_id] = count + 1
        pause = min(LONGEST, FIRST * 2 ** min(count, 10))
        self._until[channel_id] = self._clock.now() + pause

    def over(self, channel_id: int) -> None:
        """The channel is in reach."""
        self._refusals.pop(channel_id, None)
        self._until.pop(channel_id, None)

    def forget(self) -> None:
        """Try everything anew: somebody may have mended it."""
        self._refusals.clear()
        self._until.clear()
