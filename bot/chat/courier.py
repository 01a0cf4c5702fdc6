"""What members are told: by direct message, or in the channel they asked in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.chat.channels import Channels
from bot.chat.permissions import POSTING
from bot.commands.outcomes import outcome_reply

if TYPE_CHECKING:
    from datetime import datetime

    from bot.chat.refusals import CountedClient
    from bot.domain.cards import OutcomePost


class DiscordCourier:
    """A Courier. All methods raise Unreachable."""

    def __init__(self, client: CountedClient) -> None:
        self._channels = Channels(client, POSTING, direct=True)

    async def open(self, member_id: int) -> int:
        """The channel of a member's direct messages."""
        return await self._channels.open(member_id)

    async def post(self, channel_id: int, post: OutcomePost, key: str) -> int:
        """Say what became of a paper, naming the member where others read it too."""
        reply = outcome_reply(post)
        return await self._channels.send(channel_id, reply, key, mention=post.mention)

    async def find(self, channel_id: int, key: str, since: datetime) -> int | None:
        """The bot's own message with this key, or None."""
        return await self._channels.find(channel_id, key, since)
