"""How an answer is shown to whoever asked: in time, privately or in place, or not at all.

discord-api-docs, interactions/receiving-and-responding, “Interaction Callback Type”: 4 a message,
5 “thinking…”, 6 heard (nothing shows), 7 the message whose component was used is replaced.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import discord
import structlog

from bot.chat import render
from bot.chat.errors import NETWORK, failure
from bot.commands.languages import by_locale, in_language

if TYPE_CHECKING:
    from bot.commands.reply import Reply
    from bot.domain.sentences import Language

log = structlog.get_logger(__name__)


async def defer(interaction: discord.Interaction, doing: str) -> None:
    """Ask Discord to wait. Where that fails the work goes on: it may be a decision.

    Nothing shows where a button or menu was used, so that nothing flickers: 6. Elsewhere it is 5.
    """
    try:
        await interaction.response.defer(ephemeral=True, thinking=not _used(interaction))
    except (discord.HTTPException, *NETWORK) as error:
        log.warning("could not defer", doing=doing, error=str(error))


async def deliver(interaction: discord.Interaction, reply: Reply, doing: str) -> None:
    """Show the reply to the member alone, in the member's language.

    What Discord does not take becomes an apology.
    """
    language = language_of(interaction)
    try:
        await _show(interaction, in_language(reply, language))
    except (discord.NotFound, *NETWORK) as error:
        log.warning("an answer was lost", doing=doing, error=str(error))
    except Exception as error:
        apology = in_language(failure(error, doing=doing), language)
        with suppress(discord.HTTPException, *NETWORK):
            await _send(interaction, apology)


def language_of(interaction: discord.Interaction) -> Language:
    """What the member's Discord is set to, as far as the bot speaks it."""
    return by_locale(interaction.locale.value)


def is_private(interaction: discord.Interaction) -> bool:
    """Whether what was pressed is on a message that only the member sees."""
    return interaction.message is not None and interaction.message.flags.ephemeral


def _used(interaction: discord.Interaction) -> bool:
    return interaction.type is discord.InteractionType.component


async def _show(interaction: discord.Interaction, reply: Reply) -> None:
    if reply.is_empty and _used(interaction):
        if not interaction.response.is_done():
            await interaction.response.defer()
    elif reply.in_place and is_private(interaction):
        await _replace(interaction, reply)
    else:
        await _send(interaction, reply)


async def _replace(interaction: discord.Interaction, reply: Reply) -> None:
    attached = render.file(reply)
    parts: dict[str, Any] = {
        "embed": render.embed(reply),
        "view": render.view(reply, language=language_of(interaction)),
        "attachments": [] if attached is None else [attached],
    }
    if interaction.response.is_done():
        await interaction.edit_original_response(**parts)
    else:
        await interaction.response.edit_message(**parts)


async def _send(interaction: discord.Interaction, reply: Reply) -> None:
    parts: dict[str, Any] = {"embed": render.embed(reply), "ephemeral": True}
    if (view := render.view(reply, language=language_of(interaction))) is not None:
        parts["view"] = view
    if (file := render.file(reply)) is not None:
        parts["file"] = file
    if interaction.response.is_done():
        await interaction.followup.send(**parts)
    else:
        await interaction.response.send_message(**parts)
