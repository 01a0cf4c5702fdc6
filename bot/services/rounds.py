"""Keeps what fails for one card or one channel from everything else."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from bot.services.ports import Unreachable
from bot.services.trouble import Trouble
from storage.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from bot.services.pauses import Pauses


class Rounds:
    """One try at everything after the other; what is closed in one is tried again in the next.

    After a round with a `hiccup` (no answer, a 5xx) the next one may well succeed.
    """

    def __init__(self, pauses: Pauses) -> None:
        self._pauses = pauses
        self._reached: set[int] = set()
        self._closed: set[int] = set()
        self.hiccup = False
        self._channels = Trouble("review channel out of reach")
        self._cards = Trouble("card failed")

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[None]:
        """Try every channel anew; afterwards say which are in reach again."""
        self._reached.clear()
        self._closed.clear()
        self.hiccup = False
        yield
        for channel_id in self._reached - self._closed:
            self._channels.over(channel_id)
            self._pauses.over(channel_id)

    async def attempt(
        self, channel_id: int, candidate_id: int, work: Callable[[], Awaitable[None]]
    ) -> bool:
        """Whether the work was done. Raises StorageError, which concerns all cards."""
        if channel_id in self._closed or not self._pauses.allows(channel_id):
            return False
        try:
            await work()
        except StorageError:
            raise
        except Unreachable as error:
            self._unreachable(channel_id, candidate_id, error)
            return False
        except Exception as error:
            # The job boundary of a single card: what cannot be shown must not stop the rest.
            self._cards.met(candidate_id, str(error), error)
            return False
        self._reached.add(channel_id)
        self._cards.over(candidate_id)
        return True

    def _unreachable(self, channel_id: int, candidate_id: int, error: Unreachable) -> None:
        if error.refused or error.gone:
            self._cards.met(candidate_id, str(error))
        else:
            self._closed.add(channel_id)
            self.hiccup = self.hiccup or error.ambiguous
            self._pauses.met(channel_id, error)
            self._channels.met(channel_id, str(error))
