"""/digest: which channels hear of new entries, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands.reply import Reply, say
from bot.domain.errors import UserError
from bot.domain.sentences import sentence

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.commands.registry import Context
    from bot.services.digest_channels import DigestChannels


class DigestCommands:
    """Here and stop."""

    def __init__(
        self, *, channels: DigestChannels, require_maintainer: Callable[[Context], None]
    ) -> None:
        self._channels = channels
        self._require_maintainer = require_maintainer

    async def here(self, context: Context, time: str = "", zone: str = "") -> Reply:
        """Send the daily digest to this channel."""
        self._require_maintainer(context)
        if context.channel_id is None or context.guild_id is None:
            raise UserError(
                sentence("There is no channel here: type /digest here in the Discord channel.")
            )
        channel = await self._channels.choose(context.channel_id, context.guild_id, time, zone)
        at = f"{channel.hour:02}:{channel.minute:02} {channel.zone}"
        return say(
            sentence(
                "This channel gets a digest daily at {at}, on days when the list has grown.", at=at
            )
        )

    async def stop(self, context: Context) -> Reply:
        """Send no more digests to this channel."""
        self._require_maintainer(context)
        if context.channel_id is None:
            raise UserError(
                sentence("There is no channel here: type /digest stop in the Discord channel.")
            )
        if not await self._channels.drop(context.channel_id):
            return say(sentence("This channel gets no digest."))
        return say(sentence("This channel gets no more digests."))
