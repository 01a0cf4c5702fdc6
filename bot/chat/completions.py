"""What an option completes to while somebody types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import discord
import structlog
from discord import app_commands

from bot.chat.errors import NETWORK, report
from bot.chat.text import clean, cut, width
from bot.commands.registry import Completion
from bot.domain.errors import UserError
from storage.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.commands.registry import Commands

log = structlog.get_logger(__name__)

CHOICES = 25
CHOICE = 100
"""Characters of a choice's name and of its value."""

Choices: TypeAlias = list[app_commands.Choice[str]]


class Completions:
    """Answers the options that complete.

    Of what fails in it, or comes too late, nobody can be told: discord.py would write a traceback
    for each key pressed.
    """

    def __init__(self, commands: Commands) -> None:
        self._commands = commands
        self._options: dict[tuple[str, ...], Completion] = {
            (command.group, command.name, parameter.name): parameter.completion
            for command in commands.commands
            for parameter in command.parameters
        }

    async def answer(self, interaction: discord.Interaction) -> None:
        """Send what fits what was typed so far."""
        path, typed = focused(interaction.data or {})
        completion = self._options.get(path, Completion.NONE)
        choices = await self.choices(completion, typed)
        try:
            await interaction.response.autocomplete(choices)
        except (discord.HTTPException, *NETWORK) as error:
            log.info("a completion was lost", option=" ".join(path), error=str(error))

    async def choices(self, completion: Completion, typed: str) -> Choices:
        """What fits, as far as Discord shows it; nothing where that cannot be found out."""
        try:
            found = await self._commands.complete(completion, typed)
        except (UserError, StorageError) as error:
            log.warning("nothing completed", completion=completion.value, error=str(error))
            return []
        except Exception as error:
            report(error, doing=f"complete {completion}")
            return []
        return [
            app_commands.Choice(name=name, value=choice.value)
            for choice in found[:CHOICES]
            if (name := cut(clean(choice.label).strip(), CHOICE))
            and 0 < width(choice.value) <= CHOICE
        ]


def focused(data: Mapping[str, Any]) -> tuple[tuple[str, ...], str]:
    """The names of group, command and the option somebody types in, and what stands there."""
    path: tuple[str, ...] = (str(data.get("name")),)
    typed, level = "", data
    while level:
        options = level.get("options") or ()
        level = next((one for one in options if one.get("focused") or "options" in one), {})
        if level:
            path, typed = (*path, str(level["name"])), str(level.get("value", ""))
    return path, typed
