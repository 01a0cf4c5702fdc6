"""The permissions the bot needs, by the names people find in Discord's settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

if TYPE_CHECKING:
    from collections.abc import Sequence

NAMES = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "send_messages_in_threads": "Send Messages in Threads",
    "embed_links": "Embed Links",
    "read_message_history": "Read Message History",
    "add_reactions": "Add Reactions",
}

POSTING = ("view_channel", "send_messages", "embed_links", "read_message_history")
"""What a digest channel needs. History is read so that no message is ever sent twice."""

REVIEWING = (*POSTING, "add_reactions")
"""What the review channel needs."""


_IN_THREAD = {"send_messages": "send_messages_in_threads"}


def invite_url(application_id: int) -> str:
    """The address at which somebody adds the bot to a server with all the permissions it needs."""
    wanted = discord.Permissions(**dict.fromkeys(REVIEWING, True))
    return discord.utils.oauth_url(
        application_id, permissions=wanted, scopes=("bot", "applications.commands")
    )


def missing(
    channel: discord.abc.GuildChannel,
    member: discord.Member,
    needed: Sequence[str],
    *,
    thread: bool = False,
) -> tuple[str, ...]:
    """The names of what is needed and not given; View Channel alone where that is missing.

    A thread takes the permissions of its channel, with one of its own for sending.

    The base class's rules are asked on purpose: a text channel's own take Embed Links away where
    only Send Messages is missing, and so name too much.
    """
    given = discord.abc.GuildChannel.permissions_for(channel, member)
    if not given.view_channel:
        return (NAMES["view_channel"],)
    wanted = [_IN_THREAD.get(name, name) if thread else name for name in needed]
    return tuple(NAMES[name] for name in wanted if not getattr(given, name))
