"""Who took a reaction away? Discord names its owner only: a clean-up is known by its company."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime

    from bot.services.ports import Clock

COMPANY = 2.0
"""Seconds around a removal in which others' reactions vanish too where somebody cleans up."""


class _Removal(NamedTuple):
    message_id: int
    member_id: int
    at: datetime


class Removals:
    """The reactions that were removed of late."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._recent: list[_Removal] = []
        self._handled: dict[tuple[int, int], asyncio.Event] = {}

    def saw(self, message_id: int, member_id: int) -> None:
        """A reaction of this member (or of the bot itself) is gone from a message."""
        now = self._clock.now()
        self._recent = [
            one for one in self._recent if abs((now - one.at).total_seconds()) <= 2 * COMPANY
        ]
        self._recent.append(_Removal(message_id, member_id, now))

    async def alone(self, message_id: int, member_id: int) -> bool:
        """Whether nobody else's reaction vanishes from the message around this moment."""
        await self._clock.sleep(COMPANY)
        return not any(
            one.message_id == message_id and one.member_id != member_id for one in self._recent
        )

    @asynccontextmanager
    async def handling(self, message_id: int, member_id: int) -> AsyncIterator[None]:
        """A reaction of this member is gone; what they add meanwhile waits (see `handled`)."""
        self.saw(message_id, member_id)
        event = self._handled[message_id, member_id] = asyncio.Event()
        try:
            yield
        finally:
            event.set()
            if self._handled.get((message_id, member_id)) is event:
                del self._handled[message_id, member_id]

    async def handled(self, message_id: int, member_id: int) -> None:
        """Wait until a removal by this member has had its effect: ✅ taken back, then ❌ given."""
        if event := self._handled.get((message_id, member_id)):
            await event.wait()
