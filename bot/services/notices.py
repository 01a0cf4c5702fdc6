"""What the maintainers are told beside the cards, each thing once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.services.ports import Unreachable
from bot.services.trouble import Trouble
from storage.errors import StorageError
from storage.notices import MESSAGE, Notices

if TYPE_CHECKING:
    from bot.services.delivery import Board, Delivery
    from bot.services.pauses import Pauses
    from bot.services.review_channel import ReviewChannel
    from storage.database import Database
    from storage.models import Notice


class NoticeService:
    """Sends the notices that are due to the review channel; without one they wait."""

    def __init__(
        self,
        *,
        database: Database,
        board: Board[Notice],
        delivery: Delivery,
        channel: ReviewChannel,
        pauses: Pauses,
    ) -> None:
        self._database = database
        self._board = board
        self._delivery = delivery
        self._channel = channel
        self._pauses = pauses
        self._one_at_a_time = asyncio.Lock()
        self._trouble = Trouble("notice not delivered")

    async def run(self) -> None:
        """Send what was not said yet, the oldest first; what cannot be sent now is sent later."""
        async with self._one_at_a_time:
            unsaid = await self._database.read(lambda c: Notices(c).unsaid())
            channel_id = await self._channel.current() if unsaid else None
            if channel_id is None or not self._pauses.allows(channel_id):
                return
            for notice in unsaid:
                if not await self._say(notice, channel_id):
                    return

    async def _say(self, notice: Notice, channel_id: int) -> bool:
        """Whether the channel is in reach: then the next one may pass though this one did not."""
        try:
            await self._delivery.deliver(
                self._board, notice, kind=MESSAGE, ref=notice.id, part=0, channel_id=channel_id
            )
        except StorageError:
            raise
        except Unreachable as error:
            self._trouble.met(notice.id, str(error))
            self._pauses.met(channel_id, error)
            return error.refused
        except Exception as error:
            # The job boundary of one notice: the others are sent.
            self._trouble.met(notice.id, str(error), error)
            return True
        self._trouble.over(notice.id)
        self._pauses.over(channel_id)
        return True
