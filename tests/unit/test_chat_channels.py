"""Messages of the bot's own, in channels and in direct messages: sent, found, refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.chat.channels import Channels
from bot.chat.permissions import POSTING
from bot.commands.reply import Button, Reply, say, text
from bot.services.ports import Unreachable
from tests.unit.chat_face import serving

KEY = "o7.0.0"


def since() -> datetime:
    """Before anything in the test was sent."""
    return datetime.now(UTC) - timedelta(minutes=1)


async def test_a_mention_names_one_member_and_nobody_else(discord, guild):
    """Hostile text beside it pings nobody; without a mention there is no content at all."""
    channel, ana = discord.channel(guild, "papers"), discord.member(guild, "ana")
    async with serving(discord, guild.id) as face:
        channels = Channels(face.client, POSTING)
        await channels.send(channel.id, say("@everyone <@1>"), KEY, mention=ana.id)
        named = discord.sent("POST", "/messages")[-1].json
        await channels.send(channel.id, say("@everyone"), "o7.0.1")
        plain = discord.sent("POST", "/messages")[-1].json
    assert named["content"] == f"<@{ana.id}>"
    assert named["allowed_mentions"] == {"parse": [], "users": [ana.id]}
    assert not plain.get("content")
    assert plain["allowed_mentions"]["parse"] == []
    assert "users" not in plain["allowed_mentions"]
    assert [message.ping_user_ids for message in discord.messages(channel)] == [[ana.id], []]


async def test_direct_messages_are_opened_sent_and_found_again(discord, guild):
    """The key finds a direct message after a restart, when the channel has to be fetched."""
    ana = discord.member(guild, "ana")
    reply = Reply(lines=(text("Added."),), buttons=(Button("More", "more", "7"),))
    async with serving(discord, guild.id) as face:
        channels = Channels(face.client, POSTING, direct=True)
        channel_id = await channels.open(ana.id)
        message_id = await channels.send(channel_id, reply, KEY)
        assert await channels.send(channel_id, reply, KEY) == message_id
    async with serving(discord, guild.id) as face:
        channels = Channels(face.client, POSTING, direct=True)
        assert await channels.find(channel_id, KEY, since()) == message_id
        assert await channels.find(channel_id, "o8.0.0", since()) is None
        assert await channels.open(ana.id) == channel_id
    assert [message.id for message in discord.messages(discord.direct_channel(ana))] == [message_id]


@pytest.mark.parametrize("code", [50007, 50278])
async def test_closed_direct_messages_are_told_apart(discord, guild, code):
    """Whoever takes none is `closed`, not ambiguous, and is reached again once they are open."""
    ana = discord.member(guild, "ana")
    discord.close_direct_messages(ana, code)
    async with serving(discord, guild.id) as face:
        channels = Channels(face.client, POSTING, direct=True)
        channel_id = await channels.open(ana.id)
        with pytest.raises(Unreachable) as caught:
            await channels.send(channel_id, say("Added."), KEY)
        assert caught.value.closed
        assert not caught.value.ambiguous
        discord.open_direct_messages(ana)
        assert await channels.send(channel_id, say("Added."), KEY)


async def test_a_missing_permission_is_not_a_closed_door(discord, guild):
    """In a channel of a server a refusal names what is missing."""
    channel = discord.channel(guild, "papers")
    discord.deny(channel, "send_messages")
    async with serving(discord, guild.id) as face:
        with pytest.raises(Unreachable, match="Send Messages") as caught:
            await Channels(face.client, POSTING, direct=True).send(channel.id, say("x"), KEY)
    assert not caught.value.closed


async def test_direct_messages_are_no_channel_for_cards(discord, guild):
    """Who did not ask for direct messages does not post into them."""
    ana = discord.member(guild, "ana")
    direct = discord.direct_channel(ana)
    async with serving(discord, guild.id) as face:
        with pytest.raises(Unreachable, match="no messages can stand in it"):
            await Channels(face.client, POSTING).send(direct.id, say("x"), KEY)
    assert discord.messages(direct) == []


async def test_somebody_who_does_not_exist_cannot_be_reached(discord, guild):
    """An account that is gone takes no direct messages either, and that is no ambiguity."""
    discord.tolerate(10013)
    async with serving(discord, guild.id) as face:
        with pytest.raises(Unreachable, match="direct messages of 1234567890123456789") as caught:
            await Channels(face.client, (), direct=True).open(1234567890123456789)
    assert not caught.value.ambiguous
    assert caught.value.closed
