"""The stand-in's gateway closes, resumes and filters as Discord's does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aiohttp
import discord as discord_py
import pytest
import pytest_asyncio

from tests.wire.discord import DiscordStandIn
from tests.wire.discord.bare import BareClient, BareSocket
from tests.wire.discord.connection import Op

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

HEARTBEAT = 0.2


@pytest_asyncio.fixture
async def discord() -> AsyncIterator[DiscordStandIn]:
    """The stand-in, with nothing in it."""
    async with DiscordStandIn() as stand_in:
        yield stand_in


@pytest_asyncio.fixture
async def client(discord: DiscordStandIn) -> AsyncIterator[BareClient]:
    """A client with the bot's token."""
    async with BareClient(discord) as bare:
        yield bare


async def logged_in(client: BareClient) -> tuple[BareSocket, dict[str, Any]]:
    """A connection, and the READY it was welcomed with."""
    socket = await client.connect()
    await socket.identify()
    return socket, await socket.event("READY")


async def test_greeting(discord: DiscordStandIn, client: BareClient) -> None:
    """Hello, READY with the address to resume at, then the guilds; compressed when asked for."""
    discord.guild("Lab")
    socket = await client.connect(compress=True)
    assert (await socket.receive())["d"] == {"heartbeat_interval": 41250}
    await socket.identify()
    ready = await socket.receive()
    assert ready["d"]["resume_gateway_url"] == discord.gateway_url
    guild = await socket.receive()
    assert (guild["t"], guild["d"]["name"]) == ("GUILD_CREATE", "Lab")
    assert len(guild["d"]["members"]) == 1
    await socket.send(1, ready["s"])
    assert (await socket.receive())["op"] == Op.HEARTBEAT_ACK


@pytest.mark.parametrize(
    ("op", "data", "code"),
    [
        (2, {"token": "wrong", "intents": 1, "properties": {}}, 4004),
        (8, {"guild_id": "1", "query": "", "limit": 0}, 4003),
        (99, None, 4001),
        (1, "x" * 5000, 4002),
    ],
)
async def test_close_codes(client: BareClient, op: int, data: Any, code: int) -> None:
    """A wrong token, an operation before login, an unknown and a too large one each close it."""
    socket = await client.connect()
    await socket.send(op, data)
    assert await socket.close_code() == code


async def test_intent_that_was_not_granted(discord: DiscordStandIn, client: BareClient) -> None:
    """A privileged intent the portal has not granted closes with 4014."""
    socket = await client.connect()
    await socket.identify(discord_py.Intents(message_content=True).value)
    assert await socket.close_code() == 4014


async def test_second_login_and_too_many_events(client: BareClient) -> None:
    """A second login closes with 4005, the 121st event of a minute with 4008."""
    socket, _ = await logged_in(client)
    await socket.identify()
    assert await socket.close_code() == 4005
    busy, _ = await logged_in(client)
    for _ in range(120):
        await busy.send(1, None)
    assert await busy.close_code() == 4008


async def test_missing_heartbeat() -> None:
    """A client that sends no heartbeat is closed with 4009."""
    async with DiscordStandIn(heartbeat=HEARTBEAT) as stand_in, BareClient(stand_in) as client:
        socket, _ = await logged_in(client)
        assert await socket.close_code() == 4009


async def test_resume_replays(discord: DiscordStandIn, client: BareClient) -> None:
    """A resumed session gets what it missed, in order and once."""
    channel = discord.channel(guild := discord.guild("Lab"), "review")
    ana = discord.member(guild, "ana")
    message = await discord.say(ana, channel, "hello")
    socket, ready = await logged_in(client)
    last = await socket.event("GUILD_CREATE")
    discord.gateway.drop()
    assert await socket.close_code() == 4000
    await discord.react(ana, message, "✅")
    again = await client.connect()
    await again.resume(ready["d"]["session_id"], last["s"])
    await again.receive()
    missed, resumed = await again.receive(), await again.receive()
    assert (missed["t"], missed["s"]) == ("MESSAGE_REACTION_ADD", last["s"] + 1)
    assert resumed["t"] == "RESUMED"


async def test_unknown_session(discord: DiscordStandIn, client: BareClient) -> None:
    """A session that was forgotten, or that the client closed itself, gets op 9 at its resume."""
    socket, ready = await logged_in(client)
    await socket.socket.close(code=1000)
    await discord.until(lambda: not discord.gateway.sessions)
    again = await client.connect()
    await again.receive()
    await again.resume(ready["d"]["session_id"], ready["s"])
    assert await again.receive() == {"op": 9, "d": False, "s": None, "t": None}


async def test_what_is_told_of_vanishing_reactions(
    discord: DiscordStandIn, client: BareClient
) -> None:
    """Each single one with its owner, the bot's too and super ones; a clean-up without owners."""
    channel = discord.channel(guild := discord.guild("Lab"), "review")
    ana = discord.member(guild, "ana")
    message = await discord.say(ana, channel, "hello")
    for emoji in ("✅", "❌", "💤"):
        discord.backend.add_reaction(channel.id, message.id, emoji, discord.bot.id)
    await discord.react(ana, message, "✅")
    await discord.react(ana, message, "1️⃣", burst=True)
    socket, _ = await logged_in(client)
    for person, emoji in ((ana, "✅"), (discord.bot, "✅"), (ana, "1️⃣")):
        await discord.unreact(person, message, emoji)
        gone = (await socket.event("MESSAGE_REACTION_REMOVE"))["d"]
        assert (gone["user_id"], gone["emoji"]["name"]) == (str(person.id), emoji)
        assert gone["burst"] is (emoji == "1️⃣")
        assert "member" not in gone
    await discord.clear_emoji(message, "❌")
    cleared = (await socket.event("MESSAGE_REACTION_REMOVE_EMOJI"))["d"]
    assert cleared["emoji"]["name"] == "❌"
    await discord.clear_reactions(message)
    everything = (await socket.event("MESSAGE_REACTION_REMOVE_ALL"))["d"]
    assert not {"user_id", "emoji"} & (everything.keys() | (cleared.keys() - {"emoji"}))
    assert message.reactions == []


async def test_events_by_intent_and_channel(discord: DiscordStandIn, client: BareClient) -> None:
    """Events come by intent, without others' words, and only from channels the bot may view."""
    channel = discord.channel(guild := discord.guild("Lab"), "review")
    hidden = discord.channel(guild, "hidden")
    discord.deny(hidden, "view_channel")
    ana = discord.member(guild, "ana")
    socket, _ = await logged_in(client)
    secret = await discord.say(ana, hidden, "secret")
    await discord.react(ana, secret, "✅")
    message = await discord.say(ana, channel, "words")
    created = await socket.event("MESSAGE_CREATE")
    assert (created["d"]["id"], created["d"]["content"]) == (str(message.id), "")
    only_guilds = await client.connect()
    await only_guilds.identify(discord_py.Intents(guilds=True).value)
    await only_guilds.event("GUILD_CREATE")
    await discord.react(ana, message, "✅")
    discord.role(guild, "late")
    assert (await socket.receive())["t"] == "MESSAGE_REACTION_ADD"
    assert (await only_guilds.receive())["t"] == "GUILD_ROLE_CREATE"


async def test_members_on_request(discord: DiscordStandIn, client: BareClient) -> None:
    """Op 8 is answered with the members of those ids, or whose names begin so."""
    guild = discord.guild("Lab")
    ana, _ = discord.member(guild, "ana"), discord.member(guild, "ben")
    socket, _ = await logged_in(client)
    await socket.send(8, {"guild_id": str(guild.id), "user_ids": [str(ana.id), "7"], "nonce": "n"})
    chunk = (await socket.event("GUILD_MEMBERS_CHUNK"))["d"]
    assert [member["user"]["username"] for member in chunk["members"]] == ["ana"]
    assert (chunk["not_found"], chunk["nonce"], chunk["chunk_count"]) == (["7"], "n", 1)
    await socket.send(8, {"guild_id": str(guild.id), "query": "b", "limit": 5})
    chunk = (await socket.event("GUILD_MEMBERS_CHUNK"))["d"]
    assert [member["user"]["username"] for member in chunk["members"]] == ["ben"]


async def test_away(discord: DiscordStandIn, client: BareClient) -> None:
    """While the gateway is away nobody connects, and the session is gone afterwards."""
    await logged_in(client)
    async with discord.away():
        assert not discord.gateway.sessions
        with pytest.raises(aiohttp.WSServerHandshakeError, match="503"):
            await client.connect()
    _, ready = await logged_in(client)
    assert ready["s"] == 1
