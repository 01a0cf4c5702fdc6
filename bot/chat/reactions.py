"""Discord's users, members and raw reactions → plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.commands.registry import Context
from bot.services.ports import Reaction
from storage.models import Member

if TYPE_CHECKING:
    from storage.models import Via


def plain_member(user: discord.User | discord.Member) -> Member:
    """Who it is, with the ids of the roles held at this moment (none outside a server)."""
    roles = user.roles if isinstance(user, discord.Member) else ()
    return Member(user.id, user.display_name, frozenset(role.id for role in roles))


def plain_context(interaction: discord.Interaction, via: Via) -> Context:
    """Who asks, where."""
    return Context(
        plain_member(interaction.user), via, interaction.channel_id, interaction.guild_id
    )


def plain_reaction(payload: discord.RawReactionActionEvent, self_id: int) -> Reaction | None:
    """A member's reaction on a message of the bot, or None where it is anything else.

    Reactions in direct messages have no member; bots do not decide; Discord names the message's
    author for reactions that are added, so those on other people's messages are left out early.
    """
    member = payload.member
    if member is None or member.bot or not payload.emoji.is_unicode_emoji():
        return None
    if payload.message_author_id not in {None, self_id}:
        return None
    return Reaction(plain_member(member), payload.emoji.name)
