"""What keeps the bot from working on Discord, found by REST alone: for `doctor` and for `run`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import discord
from discord.http import Route

from bot.chat.address import point_at
from bot.chat.errors import CannotStart, cannot_start
from bot.chat.permissions import POSTING, REVIEWING, invite_url, missing
from bot.chat.reach import MessageChannel
from bot.chat.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


class Finding(NamedTuple):
    """One line of doctor: what was looked at, whether it is well, and a sentence."""

    name: str
    ok: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A channel the bot is to use. `name` says what for (`review channel`)."""

    name: str
    channel_id: int
    review: bool = False


async def doctor(
    token: str, *, api_url: str, gateway_url: str, guild_id: int | None, channels: Iterable[Wanted]
) -> tuple[Finding, ...]:
    """Log in without the gateway and check everything."""
    point_at(api_url, gateway_url)
    async with discord.Client(intents=discord.Intents(guilds=True)) as client:
        try:
            with cannot_start(api_url):
                await client.login(token)
            return await check(client, guild_id=guild_id, channels=channels)
        except CannotStart as error:
            return (_bad("token", str(error)),)


async def check(
    client: discord.Client, *, guild_id: int | None, channels: Iterable[Wanted]
) -> tuple[Finding, ...]:
    """Check what a logged-in client needs. Raises CannotStart where Discord stops answering."""
    with cannot_start(Route.BASE):
        findings = [*_application(client), await _home(client, guild_id)]
        findings += [await _channel(client, wanted) for wanted in channels]
    return tuple(findings)


def _application(client: discord.Client) -> Iterator[Finding]:
    application = client.application
    if application is None or client.user is None:
        raise CannotStart("Log in before anything is checked.")
    yield _good("token", f"logged in as {clean(str(client.user))}")
    yield _good("intents", "guilds and guild_reactions are enough; none is privileged")
    if application.interactions_endpoint_url:
        yield _bad(
            "commands",
            "the application sends its interactions to a URL: clear Interactions Endpoint URL "
            "under General Information in the Developer Portal",
        )
    yield _good("invite", invite_url(application.id))


async def _home(client: discord.Client, guild_id: int | None) -> Finding:
    if guild_id is None:
        return _bad("server", "none is set, so there is no /review: set guild in [discord]")
    try:
        guild = await client.fetch_guild(guild_id, with_counts=False)
    except (discord.Forbidden, discord.NotFound):
        hint = "open the invite address, or correct guild in [discord]"
        return _bad("server", f"the bot is not in the server {guild_id}: {hint}")
    return _good("server", clean(guild.name))


async def _channel(client: discord.Client, wanted: Wanted) -> Finding:
    try:
        channel = await client.fetch_channel(wanted.channel_id)
    except discord.NotFound:
        return _unknown(wanted, "there is no such channel; copy its id again (Developer Mode)")
    except discord.Forbidden:
        return _unknown(wanted, "missing: View Channel (or the bot is not in its server)")
    if not isinstance(channel, MessageChannel):
        return _unknown(wanted, f"no messages can stand in it ({type(channel).__name__})")
    lacking = await _missing(client, channel, REVIEWING if wanted.review else POSTING)
    name = f"#{clean(channel.name)}"
    if lacking:
        return _bad(wanted.name, f"{name}: missing: {', '.join(lacking)}")
    return _good(wanted.name, f"{name}: all permissions are there")


async def _missing(
    client: discord.Client, channel: MessageChannel, needed: Sequence[str]
) -> tuple[str, ...]:
    """What the bot lacks, from the server's roles and the channel's overwrites, all fetched now."""
    guild = await client.fetch_guild(channel.guild.id, with_counts=False)
    me = await guild.fetch_member(client.user.id if client.user else 0)
    in_thread = isinstance(channel, discord.Thread)
    place_id = channel.parent_id if isinstance(channel, discord.Thread) else channel.id
    place = await guild.fetch_channel(place_id)
    if isinstance(place, discord.Thread):
        return ()
    return missing(place, me, needed, thread=in_thread)


def _unknown(wanted: Wanted, sentence: str) -> Finding:
    return _bad(wanted.name, f"channel {wanted.channel_id}: {sentence}")


def _good(name: str, sentence: str) -> Finding:
    return Finding(name, ok=True, sentence=sentence)


def _bad(name: str, sentence: str) -> Finding:
    return Finding(name, ok=False, sentence=sentence)
