"""Buttons and menus, on whatever message and from before whatever restart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import discord
import structlog

from bot.chat.components import SHARE
from bot.chat.custom_ids import TEMPLATE, decode
from bot.chat.errors import NETWORK
from bot.chat.reactions import plain_context
from bot.chat.render import shared_view
from bot.domain.errors import NotAllowed
from bot.domain.sentences import sentence
from storage.models import Via

if TYPE_CHECKING:
    import re

    from bot.chat.answers import Answers
    from bot.commands.registry import Commands
    from bot.commands.reply import Reply

log = structlog.get_logger(__name__)

Item: TypeAlias = "discord.ui.Item[discord.ui.View]"


def pressed(commands: Commands, answers: Answers) -> type[discord.ui.DynamicItem[Item]]:
    """The class that discord.py makes an object of whenever a button or a menu is used."""

    class Pressed(discord.ui.DynamicItem[Item], template=TEMPLATE):
        @classmethod
        async def from_custom_id(
            cls, _interaction: discord.Interaction, item: Item, _match: re.Match[str], /
        ) -> Pressed:
            """The button or menu with this id, whichever message it is on."""
            return cls(item)

        async def callback(self, interaction: discord.Interaction) -> None:
            """Do what the id says, and answer."""
            carried = decode(self.custom_id)
            if carried.action == SHARE:
                await _share(interaction, answers)
                return
            context = plain_context(interaction, Via.BUTTON)
            chosen = _chosen(interaction)
            await answers.give(
                interaction,
                lambda: commands.press(context, carried.action, carried.argument, chosen),
                doing=f"press {carried.action}",
            )

    return Pressed


def _chosen(interaction: discord.Interaction) -> str:
    """The value chosen in a menu; nothing for a button."""
    data: Any = interaction.data or {}
    values = data.get("values") or [""]
    return str(values[0])


async def _share(interaction: discord.Interaction, answers: Answers) -> None:
    """Post the answer the button sits on for everybody in the channel.

    Discord lets a bot answer where the member may not write: that must not become a way around it.
    """
    if interaction.guild_id is not None and not _may_write(interaction):
        await answers.give(interaction, _refuse, doing="share")
    elif interaction.message is not None:
        await answers.run(_repost(interaction, interaction.message))


async def _repost(interaction: discord.Interaction, message: discord.Message) -> None:
    """Send the message anew, with all that stands under it but Share: it carries what it does."""
    parts: dict[str, Any] = {"embeds": message.embeds}
    if (view := shared_view(message)) is not None:
        parts["view"] = view
    try:
        await interaction.response.send_message(
            **parts, allowed_mentions=discord.AllowedMentions.none()
        )
    except (discord.HTTPException, *NETWORK) as error:
        log.warning("could not share", error=str(error))


async def _refuse() -> Reply:
    raise NotAllowed(sentence("You may not write in this channel, so nothing can be shared here."))


def _may_write(interaction: discord.Interaction) -> bool:
    given = interaction.permissions
    in_thread = isinstance(interaction.channel, discord.Thread)
    return given.send_messages_in_threads if in_thread else given.send_messages
