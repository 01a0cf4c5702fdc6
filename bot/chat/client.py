"""The connection to Discord: logs in, hears, recovers, and leaves without losing anything."""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

import aiohttp
import discord
import structlog

from bot.chat.address import point_at
from bot.chat.answers import Answers
from bot.chat.buttons import pressed
from bot.chat.errors import cannot_start, report
from bot.chat.reactions import plain_reaction
from bot.chat.refusals import CountedClient
from bot.chat.tree import Tree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.chat.tree import Remembered
    from bot.commands.registry import Commands
    from bot.services.ports import Reaction

log = structlog.get_logger(__name__)

DRAIN = 10.0
"""Seconds that what is being answered gets at a stop."""

REACH = 10.0
"""Seconds the gateway has to accept the first connection."""


GUILDS_READY = 0.5
"""Seconds after the last server's arrival until discord.py says it is ready (its default is 2)."""


class Listener(Protocol):
    """What hears of Discord's news."""

    async def connected(self) -> None:
        """After every (re)connection, one run at a time: nobody tells what happened meanwhile."""
        ...

    async def reacted(self, channel_id: int, message_id: int, reaction: Reaction) -> None:
        """A member added a reaction to a message of the bot."""
        ...

    async def unreacted(self, channel_id: int, message_id: int, member_id: int, emoji: str) -> None:
        """A single reaction vanished from any message, perhaps the bot's own.

        Discord names whose it was, not who took it away.
        """
        ...

    async def permitted(self) -> None:
        """Permissions of a role or a channel changed: what was forbidden may be allowed now."""
        ...

    async def stopping(self) -> None:
        """A stop has begun; Discord can still be reached."""
        ...


class PaperBot(CountedClient):
    """The bot. It hears commands, buttons and reactions, and needs no privileged intent.

    `now` gives seconds that never run backwards.
    """

    def __init__(
        self,
        *,
        commands: Commands,
        guild_id: int | None,
        api_url: str,
        gateway_url: str,
        remembered: Remembered,
        listener: Listener,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        point_at(api_url, gateway_url)
        super().__init__(
            now=now,
            intents=discord.Intents(guilds=True, guild_reactions=True),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            guild_ready_timeout=GUILDS_READY,
            max_messages=None,
        )
        self._api_url = api_url
        self._gateway_url = gateway_url
        self._remembered = remembered
        self._listener = listener
        self._recovering = asyncio.Lock()
        self._greeted = False
        self._behind = False
        self._answers = Answers()
        self._tree = Tree(self, commands=commands, answers=self._answers, home=guild_id)
        self.add_dynamic_items(pressed(commands, self._answers))

    async def serve(self, token: str) -> None:
        """Log in and stay connected until SIGTERM or SIGINT; then answer what runs, and leave.

        Raises:
            CannotStart: Discord refuses the bot or cannot be reached.
        """
        with _told_to_stop() as stop:
            connection = asyncio.create_task(self._stay(token))
            stopped = asyncio.create_task(stop.wait())
            try:
                await asyncio.wait({connection, stopped}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                stopped.cancel()
                await self._answers.drain(DRAIN)
                await self._listener.stopping()
                connection.cancel()
                await self.close()
            if not stop.is_set():
                await connection

    async def setup_hook(self) -> None:
        """Between log-in and the gateway: tell Discord the commands."""
        await self._tree.sync_changed(self._remembered)

    async def on_ready(self) -> None:
        """A new session: nothing that happened before it will be told."""
        if not self._greeted:
            self._greeted = True
            log.info("ready", user=str(self.user), guilds=[guild.name for guild in self.guilds])
        await self._recover()

    async def on_guild_available(self, _guild: discord.Guild) -> None:
        """A server that comes late or back after an outage: only now are its roles known."""
        if self._greeted:
            await self._recover()

    async def on_resumed(self) -> None:
        """The old session goes on; Discord replays what it kept, which may not be all."""
        await self._recover()

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Whoever invites the bot gets its commands at once."""
        await self._answers.run(self._tree.sync_joined(guild.id, self._remembered))

    async def on_guild_channel_update(
        self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel
    ) -> None:
        """A channel's permissions may have changed."""
        if before.overwrites != after.overwrites:
            await self._answers.run(self._listener.permitted())

    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        """A role's permissions may have changed."""
        if before.permissions != after.permissions:
            await self._answers.run(self._listener.permitted())

    async def on_raw_reaction_add(self, payload: discord.RawReactionActionEvent) -> None:
        """Pass a member's reaction on."""
        reaction = plain_reaction(payload, self.user.id) if self.user else None
        if reaction is not None:
            told = self._listener.reacted(payload.channel_id, payload.message_id, reaction)
            await self._answers.run(told)

    # raw_reaction_clear and _clear_emoji are not listened to: a clean-up never undoes anything.
    async def on_raw_reaction_remove(self, payload: discord.RawReactionActionEvent) -> None:
        """Pass on that a reaction has gone."""
        if payload.emoji.is_unicode_emoji():
            ids = (payload.channel_id, payload.message_id, payload.user_id)
            await self._answers.run(self._listener.unreacted(*ids, payload.emoji.name))

    async def on_error(self, event_method: str, /, *_args: Any, **_kwargs: Any) -> None:
        """Log what an event's handler let through."""
        error = sys.exc_info()[1]
        if error is not None:
            report(error, doing=event_method)

    async def _recover(self) -> None:
        """Run `on_connected` once for all that asked for it while it was running."""
        self._behind = True
        async with self._recovering:
            if self._behind:
                self._behind = False
                await self._answers.run(self._listener.connected())

    async def _stay(self, token: str) -> None:
        with cannot_start(self._api_url):
            await self.login(token)
        with cannot_start(self._gateway_url):
            await _reach(self._gateway_url)
            await self.connect()


async def _reach(gateway_url: str) -> None:
    """Open the gateway once: discord.py would go on trying for ever, and say so in tracebacks."""
    timeout = aiohttp.ClientTimeout(total=REACH)
    async with (
        aiohttp.ClientSession(timeout=timeout) as session,
        session.ws_connect(f"{gateway_url}?v=10&encoding=json"),
    ):
        pass


@contextmanager
def _told_to_stop() -> Iterator[asyncio.Event]:
    """An event that SIGTERM and SIGINT set."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    numbers = (signal.SIGTERM, signal.SIGINT)
    for number in numbers:
        loop.add_signal_handler(number, stop.set)
    try:
        yield stop
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)
