"""Which channel the maintainers review in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from storage.database import Database


async def _nothing() -> None:
    return None


class ReviewChannel:
    """Which channel the cards go to: the configured one, else the one chosen with /review here.

    `on_chosen` hears of a choice, also of the same channel once more.
    """

    KEY = "review_channel"

    def __init__(self, *, database: Database, configured: int | None) -> None:
        self.configured = configured
        self.on_chosen: Callable[[], Awaitable[None]] = _nothing
        self._database = database

    async def current(self) -> int | None:
        """The channel's id, or None where nobody has chosen one."""
        if self.configured is not None:
            return self.configured
        chosen = await self._database.read(lambda c: Settings(c).get(self.KEY))
        return int(chosen) if chosen else None

    async def choose(self, channel_id: int) -> None:
        """Send cards to this channel from now on."""
        await self._database.write(lambda c: Settings(c).put(self.KEY, str(channel_id)))
        await self.on_chosen()
