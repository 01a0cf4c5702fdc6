"""Sends and finds the bot's own messages by their keys, in servers and in direct messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.chat import render
from bot.chat.reach import message_channel, reaching, require

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.chat.refusals import CountedClient
    from bot.commands.reply import Reply

PAGE = 100
"""Messages Discord gives at once (discord-api-docs, Get Channel Messages)."""


class Channels:
    """The channels a purpose needs permissions in. All methods raise Unreachable.

    `needed` names the permissions; `direct` says that direct messages are meant too, where there
    are none to need.
    """

    def __init__(
        self, client: CountedClient, needed: Sequence[str], *, direct: bool = False
    ) -> None:
        self._client = client
        self._needed = needed
        self._direct = direct

    async def open(self, member_id: int) -> int:
        """The channel of a member's direct messages, opened where there is none yet."""
        with reaching(self._client, f"direct messages of {member_id}"):
            channel = await self._client.create_dm(discord.Object(member_id))
            return channel.id

    async def send(
        self, channel_id: int, reply: Reply, key: str, *, mention: int | None = None
    ) -> int:
        """Send a message and return its id; `mention` is the one member it may ping."""
        parts: dict[str, Any] = {"embed": render.embed(reply, key=key), "nonce": key}
        if (view := render.view(reply, key=key)) is not None:
            parts["view"] = view
        if mention is not None:
            parts |= _mentioning(mention)
        with reaching(self._client, channel_id, self._needed):
            channel = await message_channel(self._client, channel_id, direct=self._direct)
            # discord.py sets enforce_nonce: a nonce seen just before gets the first message again.
            message = await channel.send(**parts)
            return message.id

    async def edit(self, channel_id: int, message_id: int, reply: Reply, key: str) -> None:
        """Let a message show `reply`."""
        with reaching(self._client, channel_id, self._needed):
            channel = await message_channel(self._client, channel_id, direct=self._direct)
            await channel.get_partial_message(message_id).edit(
                embed=render.embed(reply, key=key), view=render.view(reply, key=key)
            )

    async def find(self, channel_id: int, key: str, since: datetime) -> int | None:
        """The bot's own message with this key, or None.

        The history is read back to `since`, 100 messages a request. A page is read in any case: our
        clock, which `since` is from, may be ahead of Discord's. Without Read Message History
        Discord answers with nothing instead of an error: that must not pass for “it was never
        sent”.
        """
        with reaching(self._client, channel_id, self._needed):
            channel = await message_channel(self._client, channel_id, direct=self._direct)
            require(channel, ("view_channel", "read_message_history"))
            read = 0
            async for message in channel.history(limit=None):
                if message.author == self._client.user and render.key_of(message) == key:
                    return message.id
                read += 1
                if read >= PAGE and message.created_at < since:
                    break
        return None


def _mentioning(member_id: int) -> dict[str, Any]:
    only = discord.AllowedMentions(
        everyone=False, roles=False, users=[discord.Object(member_id)], replied_user=False
    )
    return {"content": f"<@{member_id}>", "allowed_mentions": only}
