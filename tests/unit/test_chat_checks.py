"""doctor's Discord lines, by REST alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.chat.checks import Finding, Wanted, doctor
from tests.wire.discord import DiscordStandIn

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.fixture
async def discord() -> AsyncIterator[DiscordStandIn]:
    """Discord, strict about what it gets."""
    async with DiscordStandIn() as standin:
        yield standin


async def ask(discord: DiscordStandIn, guild_id: int | None, *channels: Wanted, token: str = ""):
    """What doctor finds, by name."""
    findings = await doctor(
        token or discord.token,
        api_url=discord.api_url,
        gateway_url=discord.gateway_url,
        guild_id=guild_id,
        channels=channels,
    )
    return {finding.name: finding for finding in findings}


async def test_all_is_well(discord):
    """Every line is well, the invite names the permissions, and the gateway is never opened."""
    guild = discord.guild("Home")
    channel = discord.channel(guild, "review")
    found = await ask(discord, guild.id, Wanted("review channel", channel.id, review=True))
    assert all(finding.ok for finding in found.values())
    assert "permissions=85056" in found["invite"].sentence
    assert "scope=bot+applications.commands" in found["invite"].sentence
    assert found["server"].sentence == "Home"
    assert not discord.gateway.connected


@pytest.mark.parametrize(
    ("denied", "named"),
    [
        ("send_messages", "Send Messages"),
        ("embed_links", "Embed Links"),
        ("read_message_history", "Read Message History"),
        ("add_reactions", "Add Reactions"),
        ("view_channel", "View Channel"),
    ],
)
async def test_exactly_the_missing_permission_is_named(discord, denied, named):
    """One permission taken away is the only one named, by the name people see in Discord."""
    discord.tolerate(50001, 50013)
    guild = discord.guild("Home")
    channel = discord.channel(guild, "review")
    discord.deny(channel, denied)
    found = await ask(discord, guild.id, Wanted("review channel", channel.id, review=True))
    finding = found["review channel"]
    assert not finding.ok
    assert f"missing: {named}" in finding.sentence
    assert "," not in finding.sentence


async def test_a_digest_channel_needs_no_reactions(discord):
    """Add Reactions is asked for where cards stand only."""
    guild = discord.guild("Home")
    channel = discord.channel(guild, "news")
    discord.deny(channel, "add_reactions")
    found = await ask(discord, guild.id, Wanted("digest channel", channel.id))
    assert found["digest channel"].ok


async def test_a_refused_token_is_one_finding(discord):
    """The line names where the token comes from and does not repeat it."""
    found = await ask(discord, None, token="wrong.secret.token")
    discord.violations.clear()
    assert list(found) == ["token"]
    assert not found["token"].ok
    assert "DISCORD_TOKEN" in found["token"].sentence
    assert "secret" not in found["token"].sentence


async def test_what_is_not_there_is_named(discord):
    """A server the bot is not in and a channel that does not exist are findings, not errors."""
    discord.tolerate(10003, 10004, 50001)
    found = await ask(discord, 1234567890123456789, Wanted("review channel", 1234567890123456788))
    assert not found["server"].ok
    assert not found["review channel"].ok
    assert isinstance(found["server"], Finding)


async def test_without_a_home_server_doctor_says_so(discord):
    """/review exists in the home server only."""
    found = await ask(discord, None)
    assert not found["server"].ok
    assert "guild" in found["server"].sentence
