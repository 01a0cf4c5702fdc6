"""Message actions → the menu of a message (Apps → …)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.chat.reactions import plain_context
from storage.models import Via

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.chat.answers import Answers
    from bot.commands.registry import MessageAction


def context_menu(action: MessageAction, answers: Answers) -> app_commands.ContextMenu:
    """One command of a message's menu, in servers and in direct messages."""

    async def chosen(interaction: discord.Interaction, message: discord.Message) -> None:
        context, said = plain_context(interaction, Via.COMMAND), readable(message)
        await answers.give(interaction, lambda: action.run(context, said), doing=action.name)

    return app_commands.ContextMenu(
        name=action.name,
        callback=chosen,
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True),
    )


def readable(message: discord.Message) -> str:
    """What a message says and, a line each, where its embeds and link buttons lead.

    What it forwards counts as its own.
    """
    lines: list[str] = []
    parts: list[discord.Message | discord.MessageSnapshot] = [message, *message.message_snapshots]
    for part in parts:
        lines.append(part.content)
        lines += [embed.url for embed in part.embeds if embed.url]
        lines += _links(part.components)
    return "\n".join(line for line in lines if line)


def _links(components: Iterable[discord.Component]) -> Iterator[str]:
    """The addresses of link buttons, in rows and in whatever else holds components."""
    for component in components:
        if isinstance(component, discord.Button):
            if component.url:
                yield component.url
        else:
            yield from _links(getattr(component, "children", ()))
            yield from _links(filter(None, (getattr(component, "accessory", None),)))
