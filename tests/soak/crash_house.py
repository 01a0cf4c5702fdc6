"""The bot as somebody runs it who starts it again whenever it dies, and people who try again."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import ExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from tests.forks import Command, joined
from tests.process import CLOCK, KILL, POINTS
from tests.wire.discord.answers import wait_until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
    from multiprocessing.context import ForkServerProcess

    from tests.points import Kill
    from tests.wire.lab import Lab

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30.0
QUIET = 0.6
"""Seconds without a request, after which somebody who waits for something gives up."""


class House:
    """One bot in a lab. Each start in act N takes the next of `kills[N]`, then none."""

    def __init__(self, lab: Lab, kills: Mapping[int, Sequence[Kill]] | None = None) -> None:
        self.lab = lab
        self.act = 0
        self.deaths = 0
        self._kills = {act: [*some] for act, some in (kills or {}).items()}
        self._notes: Path | None = None
        self._log = lab.folder / "bot.log"
        self._read_from = 0
        self._process: ForkServerProcess | None = None

    def note_points(self) -> None:
        """Have the points of each act written down."""
        self._notes = self.lab.folder / "points"

    def points(self, act: int) -> list[str]:
        """The points an act passed, in order."""
        return (self.lab.folder / f"points.{act}").read_text(encoding="utf-8").splitlines()

    @property
    def said(self) -> str:
        """What the bot wrote since it was started last."""
        with self._log.open("rb") as file:
            file.seek(self._read_from)
            return file.read().decode("utf-8", "replace")

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """An act: the bot runs, is started again whenever it kills itself, and ends in order."""
        self.act += 1
        self._start()
        try:
            yield
            while not await self._ended_well():
                self._start()
        finally:
            await self._end(signal.SIGKILL)

    async def command(self, *arguments: str) -> str:
        """What a command of the bot prints."""
        out = self.lab.folder / "command.out"
        out.write_text("", encoding="utf-8")
        environment = {CLOCK: self.lab.clock.written}
        process = _process(self._command(*arguments), environment, out, self._log)
        await joined(process)
        assert process.exitcode == 0, self._story(0)
        return out.read_text(encoding="utf-8")

    async def until(self, holds: Callable[[], object], within: float = PATIENCE) -> None:
        """Wait for something, however often the bot dies meanwhile."""
        assert await wait_until(lambda: self._tended() and holds(), within), self._story(within)

    async def quiet(self) -> None:
        """Wait until the bot is up and has nothing more to do."""
        while True:
            await self.until(lambda: "ready" in self.said and self.lab.discord.gateway.connected)
            before = self._activity()
            await asyncio.sleep(QUIET)
            if self._tended() and self._activity() == before:
                return

    async def press(
        self, act: Callable[[], Awaitable[object]], happened: Callable[[], object]
    ) -> None:
        """Press or type something; again, where the bot died and it can be seen to be undone."""
        while not await self._pressed(act, happened):
            pass

    async def _pressed(
        self, act: Callable[[], Awaitable[object]], happened: Callable[[], object]
    ) -> bool:
        """Whether it has happened, or else the bot died and has no more to do."""
        await self.until(lambda: self.lab.discord.gateway.connected)
        deaths = self.deaths
        pressing = asyncio.ensure_future(act())
        await self.until(lambda: self.deaths > deaths or (pressing.done() and happened()))
        pressing.cancel()
        with suppress(asyncio.CancelledError, AssertionError):
            await pressing
        if self.deaths > deaths:
            await self.quiet()
        return bool(happened())

    def _start(self) -> None:
        waiting = self._kills.get(self.act, [])
        environment = {
            CLOCK: self.lab.clock.written,
            KILL: str(waiting.pop(0)) if waiting else "",
            POINTS: f"{self._notes}.{self.act}" if self._notes else "",
        }
        self._read_from = self._log.stat().st_size if self._log.exists() else 0
        self._process = _process(self._command("run"), environment, self._log, self._log)

    def _command(self, *arguments: str) -> list[str]:
        return ["--config", str(self.lab.config), *arguments]

    def _tended(self) -> bool:
        """Start the bot again where it has killed itself. Anything else it died of is a failure."""
        assert self._process is not None
        if self._process.exitcode is None:
            return True
        assert self._process.exitcode == -signal.SIGKILL, self._story(0)
        self._died()
        self._start()
        return True

    def _died(self) -> None:
        self.deaths += 1
        # Discord knows a nonce for some minutes only, and the bot may be away for longer.
        self.lab.discord.rest.forget_nonces()

    async def _ended_well(self) -> bool:
        """Stop it; False where it killed itself while it was stopping."""
        await self.quiet()
        await self._end(signal.SIGTERM)
        assert self._process is not None
        if self._process.exitcode == -signal.SIGKILL:
            self._died()
            return False
        assert self._process.exitcode == 0, self._story(0)
        return True

    async def _end(self, number: int) -> None:
        if self._process is not None and self._process.exitcode is None:
            with suppress(ProcessLookupError):
                os.kill(int(self._process.pid or 0), number)
            await joined(self._process)

    def _activity(self) -> tuple[int, int, int]:
        return len(self.lab.discord.requests), len(self.lab.arxiv.requests), self.deaths

    def _story(self, within: float) -> str:
        code = self._process.exitcode if self._process else None
        lines = self._log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join([f"act {self.act}, {within} s, exit status {code}:", *lines[-25:]])


def _process(command: list[str], environment: dict[str, str], *streams: Path) -> ForkServerProcess:
    """The bot's command line, its output and its errors in files."""
    with ExitStack() as files:
        out, log = (files.enter_context(path.open("ab")).fileno() for path in streams)
        nothing = files.enter_context(Path(os.devnull).open("rb")).fileno()
        env = {**os.environ, **environment}
        return Command("tests.process", "start", command, env, ROOT).start(nothing, out, log)
