"""Answering members: privately, in time, whatever happens, and without losing one at a stop."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeAlias

import discord
import structlog

from bot.chat import render
from bot.chat.errors import NETWORK, failure
from bot.commands.reply import say

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from bot.commands.reply import Reply

Work: TypeAlias = "Callable[[], Awaitable[Reply]]"

log = structlog.get_logger(__name__)

DEFER_AFTER = 1.5
"""Seconds a command may take before Discord is told to wait; it gives up after 3 (error 10062)."""


class Answers:
    """What is being answered at this moment."""

    def __init__(self, *, defer_after: float = DEFER_AFTER) -> None:
        self._defer_after = defer_after
        self._running: set[asyncio.Task[Any]] = set()
        self._stopping = False

    async def give(self, interaction: discord.Interaction, work: Work, *, doing: str) -> None:
        """Do `work` and show its reply to the member alone; errors become a sentence."""
        if self._stopping:
            await _deliver(interaction, say("I am restarting. Try again in a minute."), doing)
            return
        await self.run(self._answer(interaction, work, doing))

    async def run(self, work: Coroutine[Any, Any, None]) -> None:
        """Await `work` as something a stop waits for; once the stop has begun it is not started."""
        if self._stopping:
            work.close()
            return
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        await task

    async def drain(self, seconds: float) -> None:
        """Start nothing new, and wait for what runs, at most `seconds`."""
        self._stopping = True
        if not self._running:
            return
        _, late = await asyncio.wait(self._running, timeout=seconds)
        for task in late:
            task.cancel()
        if late:
            log.warning("stopped before everything was done", undone=len(late))
            await asyncio.gather(*late, return_exceptions=True)

    async def _answer(self, interaction: discord.Interaction, work: Work, doing: str) -> None:
        reply = asyncio.create_task(_outcome(work, doing))
        try:
            done, _ = await asyncio.wait({reply}, timeout=self._defer_after)
            if not done:
                await _defer(interaction, doing)
            await _deliver(interaction, await reply, doing)
        finally:
            reply.cancel()


async def _outcome(work: Work, doing: str) -> Reply:
    try:
        return await work()
    except Exception as error:
        return failure(error, doing=doing)


async def _defer(interaction: discord.Interaction, doing: str) -> None:
    """Ask Discord to wait. Where that fails the work goes on: it may be a decision."""
    try:
        await interaction.response.defer(ephemeral=True, thinking=True)
    except (discord.HTTPException, *NETWORK) as error:
        log.warning("could not defer", doing=doing, error=str(error))


async def _deliver(interaction: discord.Interaction, reply: Reply, doing: str) -> None:
    try:
        await _send(interaction, reply)
    except (discord.NotFound, *NETWORK) as error:
        log.warning("an answer was lost", doing=doing, error=str(error))
    except Exception as error:
        apology = failure(error, doing=doing)
        with suppress(discord.HTTPException, *NETWORK):
            await _send(interaction, apology)


async def _send(interaction: discord.Interaction, reply: Reply) -> None:
    parts: dict[str, Any] = {"embed": render.embed(reply), "ephemeral": True}
    if (view := render.view(reply)) is not None:
        parts["view"] = view
    if (file := render.file(reply)) is not None:
        parts["file"] = file
    if interaction.response.is_done():
        await interaction.followup.send(**parts)
    else:
        await interaction.response.send_message(**parts)
