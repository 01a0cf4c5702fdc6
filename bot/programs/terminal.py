"""`console`: the bot in this terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TextIO, cast

from bot import console
from bot.composition import open_bot, open_core

if TYPE_CHECKING:
    import io

    from bot.config import Settings
    from bot.services.ports import Clock


async def hold(settings: Settings, clock: Clock) -> None:
    """Answer typed commands until the input ends; a terminal gets a greeting and a prompt."""
    is_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    cast("io.TextIOWrapper", sys.stdin).reconfigure(errors="replace")
    async with open_core(settings, clock, command="console") as core, open_bot(core) as bot:
        if is_terminal:
            print(console.GREETING)
        typed = console.Typed(cast("TextIO", sys.stdin), prompt="> " if is_terminal else "")
        await console.converse(bot.commands, typed.read, sys.stdout)
