"""The Discord face on its own: a real client, a stand-in server, commands made up for a test."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.chat.client import PaperBot
from bot.commands.registry import Command, Commands, Completion, Kind, MessageAction, Parameter
from bot.commands.reply import Button, Choice, Menu, Reply, say, text
from bot.domain.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

    from bot.commands.registry import Context
    from bot.services.ports import Reaction
    from tests.wire.discord import DiscordStandIn


class Notes:
    """What the face remembers between two runs."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    async def get(self, key: str) -> str | None:
        return self.values.get(key)

    async def put(self, key: str, value: str) -> None:
        self.values[key] = value


@dataclass
class Book:
    """Commands for every way an answer can go, and what they were called with."""

    calls: list[tuple[Context, Mapping[str, Any]]] = field(default_factory=list)
    presses: list[tuple[str, str, str]] = field(default_factory=list)
    slow: float = 2.0
    extra: tuple[Command, ...] = ()
    finished: list[str] = field(default_factory=list)
    answer: Callable[[str, str, str], Awaitable[Reply]] | None = None
    chosen: list[tuple[Context, str]] = field(default_factory=list)

    def commands(self) -> Commands:
        query = Parameter("query", "What to look for", completion=Completion.PAPER)
        limit = Parameter("limit", "How many", kind=Kind.INTEGER, required=False)
        return Commands(
            commands=(
                Command("papers", "find", "Find", self._find, (query, limit), direct_messages=True),
                Command("papers", "slow", "Slow", self._slow),
                Command("papers", "missing", "Missing", self._missing),
                Command("papers", "broken", "Broken", self._broken),
                Command("review", "queue", "Queue", self._find, home_only=True),
                *self.extra,
            ),
            groups={"papers": "The papers", "review": "Maintaining"},
            press=self._press,
            complete=self._complete,
            message_actions=(MessageAction("Submit papers in this message", self._choose),),
        )

    async def _find(self, context: Context, given: Mapping[str, Any]) -> Reply:
        self.calls.append((context, given))
        return Reply(
            title="Found",
            lines=(text(f"{dict(given)}"),),
            buttons=(Button("More", "more", "arXiv:2402.13446"),),
            menu=Menu("Section", "section", "17", (Choice("Data", "data"), Choice("Code", "code"))),
            shareable=True,
        )

    async def _slow(self, _context: Context, _given: Mapping[str, Any]) -> Reply:
        await asyncio.sleep(self.slow)
        self.finished.append("slow")
        return say("at last")

    async def _missing(self, _context: Context, _given: Mapping[str, Any]) -> Reply:
        raise NotFound("No paper has the id **17**.")

    async def _broken(self, _context: Context, _given: Mapping[str, Any]) -> Reply:
        raise ZeroDivisionError("secret detail")

    async def _press(self, _context: Context, action: str, argument: str, value: str) -> Reply:
        self.presses.append((action, argument, value))
        if self.answer is not None:
            return await self.answer(action, argument, value)
        return say(f"{action} {argument} {value}")

    async def _choose(self, context: Context, said: str) -> Reply:
        self.chosen.append((context, said))
        return say("chosen")

    async def _complete(self, _completion: Completion, typed: str) -> tuple[Choice, ...]:
        long = tuple(Choice(f"{typed} {n} " + "x" * 120, f"{n}") for n in range(24))
        return (Choice("too long", "v" * 101), Choice("", "unnamed"), *long)


@dataclass
class Told:
    """What the client has told the bot behind it."""

    connections: int = 0
    permissions: int = 0
    reactions: list[tuple[int, int, Reaction]] = field(default_factory=list)
    unreactions: list[tuple[int, int, int, str]] = field(default_factory=list)

    async def connected(self) -> None:
        self.connections += 1

    async def reacted(self, channel_id: int, message_id: int, reaction: Reaction) -> None:
        self.reactions.append((channel_id, message_id, reaction))

    async def permitted(self) -> None:
        self.permissions += 1

    async def unreacted(self, channel_id: int, message_id: int, member_id: int, emoji: str) -> None:
        self.unreactions.append((channel_id, message_id, member_id, emoji))

    async def stopping(self) -> None:
        """Nothing runs beside the client here."""


@dataclass
class Face:
    """A running client and what it told the bot behind it."""

    client: PaperBot
    serving: asyncio.Task[None]
    told: Told


def make_client(
    discord: DiscordStandIn,
    guild_id: int | None,
    book: Book,
    notes: Notes,
    *,
    now: Callable[[], float] = time.monotonic,
) -> tuple[PaperBot, Told]:
    """A client that is not started yet."""
    told = Told()
    client = PaperBot(
        commands=book.commands(),
        guild_id=guild_id,
        api_url=discord.api_url,
        gateway_url=discord.gateway_url,
        remembered=notes,
        listener=told,
        now=now,
    )
    return client, told


@asynccontextmanager
async def serving(
    discord: DiscordStandIn,
    guild_id: int | None,
    *,
    book: Book | None = None,
    notes: Notes | None = None,
    now: Callable[[], float] = time.monotonic,
) -> AsyncIterator[Face]:
    """The face at work. Leaving the block stops it as SIGTERM would, and waits."""
    notes = Notes() if notes is None else notes
    client, told = make_client(discord, guild_id, book or Book(), notes, now=now)
    task = asyncio.create_task(client.serve(discord.token))
    await discord.until(lambda: told.connections or task.done())
    if task.done():
        await task
    try:
        yield Face(client, task, told)
    finally:
        if not task.done():
            os.kill(os.getpid(), signal.SIGTERM)
        await task
