"""Who reacted to a card while nobody was listening."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import discord

from bot.chat.reactions import plain_member
from bot.domain.review import sign_of
from bot.services.ports import Reaction

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from storage.models import Member

PACE = 0.03
"""Seconds before each question. Many cards may have changed, a bot has 50 requests a second in all
(discord-api-docs, topics/rate-limits), and discord.py does not count them.
"""


async def voters(
    message: discord.Message, guild: discord.Guild, seen: dict[int, Member | None]
) -> tuple[Reaction, ...]:
    """All members' deciding reactions, roles fetched afresh; bots and who has left are left out.

    `seen` holds the members fetched so far, by their ids. Raises discord's errors.
    """
    found: list[Reaction] = []
    for reaction in message.reactions:
        emoji = str(reaction.emoji)
        if sign_of(emoji) is None or reaction.count <= int(reaction.me):
            continue
        async for user_id in _humans(reaction):
            if user_id not in seen:
                seen[user_id] = await current_member(guild, user_id)
            if member := seen[user_id]:
                found.append(Reaction(member, emoji))
    return tuple(found)


async def current_member(guild: discord.Guild, user_id: int) -> Member | None:
    """A member with the roles held now, or None. Raises discord's errors."""
    try:
        return plain_member(await guild.fetch_member(user_id))
    except discord.NotFound:
        return None


async def _humans(reaction: discord.Reaction) -> AsyncIterator[int]:
    """Ids of those who reacted; Discord lists super reactions apart."""
    kinds = [discord.ReactionType.normal]
    if reaction.burst_count:
        kinds.append(discord.ReactionType.burst)
    for kind in kinds:
        await asyncio.sleep(PACE)
        async for user in reaction.users(type=kind):
            if not user.bot:
                yield user.id
