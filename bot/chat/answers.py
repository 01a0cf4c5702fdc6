"""Answering members: privately, in time, whatever happens, and without losing one at a stop."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

import structlog

from bot.chat.errors import failure
from bot.chat.showing import defer, deliver, is_private
from bot.commands.reply import say
from bot.domain.sentences import sentence
from storage.precedence import ANSWERS_FIRST

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Iterator

    import discord

    from bot.commands.reply import Reply

Work: TypeAlias = "Callable[[], Awaitable[Reply]]"

log = structlog.get_logger(__name__)

DEFER_AFTER = 1.5
"""Seconds a command may take before Discord is told to wait; it gives up after 3 (error 10062)."""


class Answers:
    """What is being answered at this moment."""

    def __init__(self, *, defer_after: float = DEFER_AFTER) -> None:
        self._defer_after = defer_after
        self._turns = _Turns()
        self._running: set[asyncio.Task[Any]] = set()
        self._stopping = False

    async def give(self, interaction: discord.Interaction, work: Work, *, doing: str) -> None:
        """Do `work` and show its reply to the member alone; errors become a sentence."""
        if self._stopping:
            restarting = sentence("I am restarting. Try again in a minute.")
            await deliver(interaction, say(restarting), doing)
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
        turn = self._turns.queue(_private_message(interaction))
        with ANSWERS_FIRST.answering(), turn as before:
            reply = asyncio.create_task(_outcome(work, doing, before))
            try:
                done, _ = await asyncio.wait({reply}, timeout=self._defer_after)
                if not done:
                    await defer(interaction, doing)
                await deliver(interaction, await reply, doing)
            finally:
                reply.cancel()


class _Turns:
    """One after the other for each message: what was pressed first is shown first."""

    def __init__(self) -> None:
        self._last: dict[int, asyncio.Event] = {}

    @contextmanager
    def queue(self, message_id: int | None) -> Iterator[asyncio.Event | None]:
        """Give what to wait for until it is one's turn, None where it is already; hold the next."""
        if message_id is None:
            yield None
            return
        mine = asyncio.Event()
        before, self._last[message_id] = self._last.get(message_id), mine
        try:
            yield before
        finally:
            mine.set()
            if self._last[message_id] is mine:
                del self._last[message_id]


def _private_message(interaction: discord.Interaction) -> int | None:
    """The message that an answer may replace: two at once would show in any order."""
    message = interaction.message
    return message.id if message is not None and is_private(interaction) else None


async def _outcome(work: Work, doing: str, before: asyncio.Event | None) -> Reply:
    try:
        if before is not None:
            await before.wait()
        return await work()
    except Exception as error:
        return failure(error, doing=doing)
