"""`console`: the bot in this terminal."""

from __future__ import annotations

import importlib
import os
import sys
import termios
from contextlib import contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING

from bot import console
from bot.assembly import open_bot
from bot.commands.languages import by_environment, in_language
from bot.composition import open_core

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.config import Settings
    from bot.services.ports import Clock


async def hold(settings: Settings, clock: Clock) -> None:
    """Answer typed commands until the input ends; a terminal gets a greeting and a prompt."""
    language = by_environment(os.environ)
    is_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    async with open_core(settings, clock, command="console") as core, open_bot(core) as bot:
        if is_terminal:
            print(in_language(console.GREETING, language))
        with _line_editing() if is_terminal else nullcontext():
            typed = console.Typed(sys.stdin, prompt="> " if is_terminal else "")
            await console.converse(bot.commands, typed.read, sys.stdout, language)


@contextmanager
def _line_editing() -> Iterator[None]:
    """Arrow keys and a history at the prompt, where this Python has them.

    Whatever ends the conversation, the terminal is left as it was found: a reader that is
    interrupted would leave it without echo.
    """
    found = termios.tcgetattr(sys.stdin)
    with suppress(ImportError):
        importlib.import_module("readline")
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, found)
