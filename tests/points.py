"""The points at which a process can be killed: around every effect that another process can see.

An effect is a request that changes something at Discord, the commit of a transaction, the writing
of the public list, the commit of the index. A point is named by the effect and by who wants it,
read from the stack: `commit Delivery._prepare < Cards._send`. Its passes are counted from 1.
"""

from __future__ import annotations

import functools
import os
import signal
import sys
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import discord.http
import discord.webhook.async_

from bot.publish import markdown_file
from storage.database import Database
from storage.search_index import Shelf

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path
    from types import FrameType

UNSEEN = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class Kill:
    """Die at the `number`th pass of a point: before its effect, or right after it.

    Several points are meant where their names begin with `name`.
    """

    name: str
    number: int
    after: bool

    def __str__(self) -> str:
        return f"{'after' if self.after else 'before'} {self.number} {self.name}"

    @classmethod
    def read(cls, written: str) -> Self:
        """What `str` gave."""
        side, number, name = written.split(" ", 2)
        return cls(name, int(number), side == "after")


class Points:
    """Writes down each point passed, a line each, and dies at one."""

    def __init__(self, kill: Kill | None, notes: Path | None) -> None:
        self._kill, self._notes = kill, notes
        self._left = kill.number if kill else 0
        self._counting = threading.Lock()

    def begin(self, name: str) -> bool:
        """An effect is about to be had: whether to die after it. May never return."""
        with self._counting:
            if self._notes is not None:
                with self._notes.open("a", encoding="utf-8") as file:
                    file.write(f"{name}\n")
            if self._kill is None or not name.startswith(self._kill.name):
                return False
            self._left -= 1
            meant = self._left == 0
        if meant and not self._kill.after:
            _die()
        return meant

    def watch(self) -> None:
        """Wrap every effect of this process."""
        for adapter in (discord.http.HTTPClient, discord.webhook.async_.AsyncWebhookAdapter):
            adapter.request = self._requests(adapter.request)  # type: ignore[method-assign]
        Database.write = self._commits(Database.write)  # type: ignore[method-assign]
        Shelf.commit = self._plain("index", Shelf.commit)  # type: ignore[method-assign]
        markdown_file._replace = self._plain("publish", markdown_file._replace)

    def _requests(self, request: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        @functools.wraps(request)
        async def wrapped(own: Any, route: discord.http.Route, *given: Any, **named: Any) -> Any:
            if route.method in UNSEEN:
                return await request(own, route, *given, **named)
            name = f"{route.method} {route.path}{_by(sys._getframe(1))}"
            last = self.begin(name)
            answer = await request(own, route, *given, **named)
            if last:
                _die()
            return answer

        return wrapped

    def _commits(self, write: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        @functools.wraps(write)
        async def wrapped(own: Database, work: Callable[[Any], Awaitable[Any]]) -> Any:
            name = f"commit{_by(sys._getframe(1))}"
            last = [False]

            async def worked(connection: Any) -> Any:
                """All of the transaction but its COMMIT, which comes next."""
                done = await work(connection)
                last[0] = self.begin(name)
                return done

            done = await write(own, worked)
            if last[0]:
                _die()
            return done

        return wrapped

    def _plain(self, name: str, effect: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(effect)
        def wrapped(*given: Any, **named: Any) -> None:
            last = self.begin(name)
            effect(*given, **named)
            if last:
                _die()

        return wrapped


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _by(frame: FrameType | None) -> str:
    """Who asks, and for whom: the innermost function of the bot, and the next of another unit."""
    callers = list(_callers(frame))
    others = (name for unit, name in callers if unit != callers[0][0])
    names = [name for _, name in callers[:1]] + [next(others, "")]
    return "".join(f" {sign} {name}" for sign, name in zip("·<", names, strict=False) if name)


def _callers(frame: FrameType | None) -> Iterator[tuple[str, str]]:
    """The functions of the bot that wait for each other, each with its class or else its module."""
    while frame is not None:
        module = str(frame.f_globals.get("__name__", ""))
        if module.startswith("bot."):
            name = frame.f_code.co_qualname.partition(".<locals>")[0]
            yield name.rpartition(".")[0] or module, name
        frame = frame.f_back
