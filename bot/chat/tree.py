"""All commands of the bot, sent to Discord only where they changed."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Protocol

import discord
import structlog
from discord import app_commands

from bot.chat.completions import Completions
from bot.chat.errors import failure
from bot.chat.menus import context_menu
from bot.chat.slash import groups
from bot.chat.translator import Translator
from bot.commands.reply import say
from bot.domain.sentences import sentence

if TYPE_CHECKING:
    from bot.chat.answers import Answers
    from bot.commands.registry import Commands
    from bot.commands.reply import Reply

log = structlog.get_logger(__name__)


class Remembered(Protocol):
    """What the bot remembers from one run to the next."""

    async def get(self, key: str) -> str | None:
        """The value, or None."""
        ...

    async def put(self, key: str, value: str) -> None:
        """Set the value."""
        ...


class Tree(app_commands.CommandTree[discord.Client]):
    """The commands that exist everywhere, and those of the home guild where one is configured."""

    def __init__(
        self, client: discord.Client, *, commands: Commands, answers: Answers, home: int | None
    ) -> None:
        super().__init__(client)
        self._answers = answers
        self._home = None if home is None else discord.Object(home)
        self._completions = Completions(commands)
        self._speaker = Translator()
        for group, home_only in groups(commands, answers, self._completions):
            if not home_only or self._home:
                self.add_command(group, guild=self._home if home_only else None)
        for action in commands.message_actions:
            self.add_command(context_menu(action, answers))

    async def sync_changed(self, remembered: Remembered) -> None:
        """Send what differs from what was sent last, by this application to this guild."""
        await self.set_translator(self._speaker)
        await self._sync(None, remembered)
        if self._home:
            await self._sync(self._home, remembered)

    async def sync_joined(self, guild_id: int, remembered: Remembered) -> None:
        """Send the home guild its commands when the bot has just been (again) invited to it."""
        if self._home and self._home.id == guild_id:
            await self._sync(self._home, remembered, always=True)

    async def interaction_check(self, interaction: discord.Interaction, /) -> bool:
        """Whether the library is to go on with it: what somebody types in is answered here."""
        if interaction.type is not discord.InteractionType.autocomplete:
            return True
        await self._completions.answer(interaction)
        return False

    async def on_error(
        self, interaction: discord.Interaction, error: app_commands.AppCommandError, /
    ) -> None:
        """Answer for a command that never ran: Discord still offers one that has changed."""

        async def explain() -> Reply:
            """What there is to say about it."""
            if isinstance(
                error, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch
            ):
                return say(sentence("This command has just changed. Try again in a minute."))
            return failure(error, doing="command")

        await self._answers.give(interaction, explain, doing="command")

    async def _sync(
        self, guild: discord.Object | None, remembered: Remembered, *, always: bool = False
    ) -> None:
        payload = [
            await command.get_translated_payload(self, self._speaker)
            for command in self.get_commands(guild=guild)
        ]
        digest = hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()
        where = str(guild.id) if guild else "everywhere"
        key = f"commands.{self.client.application_id}.{where}"
        if not always and await remembered.get(key) == digest:
            return
        try:
            await self.sync(guild=guild)
        except discord.HTTPException as error:
            # Not fatal: the bot may only be missing from its guild, which the checks name.
            log.warning("commands not accepted", where=where, error=str(error))
            return
        await remembered.put(key, digest)
        log.info("commands synced", where=where, names=[command["name"] for command in payload])
