"""The review channel and the digest channels, behind the ports of bot.services."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.chat.channels import PAGE, Channels
from bot.chat.permissions import POSTING, REVIEWING
from bot.chat.reach import UNKNOWN_MESSAGE, message_channel, reaching, require
from bot.chat.voters import current_member, voters
from bot.commands.cards import card_reply, digest_reply
from bot.commands.notices import notice_reply
from bot.domain.review import EMOJI

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence
    from datetime import datetime

    from bot.chat.reach import MessageChannel
    from bot.chat.refusals import CountedClient
    from bot.domain.cards import Card, DigestPost
    from bot.services.ports import Reaction
    from storage.models import Member, Notice


class DiscordAnnouncer:
    """The digest channels: an Announcer. All methods raise Unreachable."""

    def __init__(self, client: CountedClient) -> None:
        self._channels = Channels(client, POSTING)

    async def post(self, channel_id: int, post: DigestPost, key: str) -> int:
        """Send a digest and return its message id."""
        return await self._channels.send(channel_id, digest_reply(post), key)

    async def update(self, channel_id: int, message_id: int, post: DigestPost, key: str) -> None:
        """Edit a digest so that it shows `post`."""
        await self._channels.edit(channel_id, message_id, digest_reply(post), key)

    async def find(self, channel_id: int, key: str, since: datetime) -> int | None:
        """The bot's own message with this key, or None."""
        return await self._channels.find(channel_id, key, since)


class DiscordNotices:
    """Where notices go: a Board of them. All methods raise Unreachable."""

    def __init__(self, client: CountedClient) -> None:
        self._channels = Channels(client, POSTING)

    async def post(self, channel_id: int, post: Notice, key: str) -> int:
        """Send a notice and return its message id."""
        return await self._channels.send(channel_id, notice_reply(post), key)

    async def find(self, channel_id: int, key: str, since: datetime) -> int | None:
        """The bot's own message with this key, or None."""
        return await self._channels.find(channel_id, key, since)


class DiscordBoard:
    """The review channel: a ReviewBoard. All methods raise Unreachable."""

    def __init__(self, client: CountedClient) -> None:
        self._client = client
        self._channels = Channels(client, REVIEWING)

    async def post(self, channel_id: int, post: Card, key: str) -> int:
        """Send a card and return its message id."""
        return await self._channels.send(channel_id, card_reply(post), key)

    async def find(self, channel_id: int, key: str, since: datetime) -> int | None:
        """The bot's own message with this key, or None."""
        return await self._channels.find(channel_id, key, since)

    async def seed(self, channel_id: int, message_id: int) -> None:
        """Put those of the deciding reactions under a card that are not there yet."""
        with reaching(self._client, channel_id, REVIEWING):
            channel = await message_channel(self._client, channel_id)
            message = await channel.fetch_message(message_id)
            present = {str(reaction.emoji) for reaction in message.reactions if reaction.me}
            for emoji in EMOJI:
                if emoji not in present:
                    await message.add_reaction(emoji)

    async def update(self, channel_id: int, message_id: int, card: Card, key: str) -> None:
        """Edit a card so that it shows `card`."""
        await self._channels.edit(channel_id, message_id, card_reply(card), key)

    async def reactions(
        self, channel_id: int, message_ids: Sequence[int]
    ) -> Mapping[int, tuple[Reaction, ...]]:
        """All members' deciding reactions on the cards that still stand, with the roles held now.

        Cards are read as history, so that a hundred of them may take one request.
        """
        with reaching(self._client, channel_id, REVIEWING):
            channel = await message_channel(self._client, channel_id)
            require(channel, ("view_channel", "read_message_history"))
            seen: dict[int, Member | None] = {}
            return {
                message.id: await voters(message, channel.guild, seen)
                async for message in _standing(channel, message_ids)
            }

    async def member(self, channel_id: int, member_id: int) -> Member | None:
        """A member of the channel's server with the roles held now, or None."""
        with reaching(self._client, channel_id, REVIEWING):
            channel = await message_channel(self._client, channel_id)
            return await current_member(channel.guild, member_id)

    async def stands(self, channel_id: int, message_id: int) -> bool:
        """Whether a card was not deleted."""
        with reaching(self._client, channel_id, REVIEWING):
            channel = await message_channel(self._client, channel_id)
            try:
                await channel.fetch_message(message_id)
            except discord.NotFound as error:
                if error.code != UNKNOWN_MESSAGE:
                    raise
                return False
            return True


async def _standing(
    channel: MessageChannel, message_ids: Sequence[int]
) -> AsyncIterator[discord.Message]:
    """Those of the messages that were not deleted, newest first, in as few pages as it takes."""
    wanted = sorted(message_ids)
    while wanted:
        newest = discord.Object(wanted[-1] + 1)
        page = [message async for message in channel.history(limit=PAGE, before=newest)]
        for message in page:
            if message.id in wanted:
                yield message
        oldest = page[-1].id if len(page) == PAGE else 0
        wanted = [message_id for message_id in wanted if message_id < oldest]
