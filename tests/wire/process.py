"""The bot, or any command, as a real child process whose lines a test can wait for."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self

import psutil

from tests.forks import Command, joined

if TYPE_CHECKING:
    from collections.abc import Mapping
    from multiprocessing.context import ForkServerProcess

ROOT = Path(__file__).resolve().parents[2]
GRACE = 10.0
LINE_BYTES = 2**20


class ProcessEnded(AssertionError):
    """The process ended, or kept silent, before the awaited line."""


class ChildProcess:
    """A command run in the project's folder, as the leader of a process group of its own.

    `env` is added to this process's environment. Leaving the context always reaps it and its
    children: SIGTERM, then SIGKILL after 10 s.
    """

    def __init__(
        self, *command: str, env: Mapping[str, str] | None = None, cwd: Path = ROOT
    ) -> None:
        self.command = command
        self.stdout: list[str] = []
        self.stderr: list[str] = []
        self.lines: list[str] = []
        self.started = 0.0
        self.env = {**os.environ, "PYTHONUNBUFFERED": "1", **(env or {})}
        self._cwd = cwd
        self._process: asyncio.subprocess.Process | ForkedChild | None = None
        self._readers: list[asyncio.Task[None]] = []
        self._news = asyncio.Event()

    async def __aenter__(self) -> Self:
        self.started = time.monotonic()
        self._process = await self._start()
        for stream, kept in (
            (self._process.stdout, self.stdout),
            (self._process.stderr, self.stderr),
        ):
            assert stream is not None
            self._readers.append(asyncio.create_task(self._read(stream, kept)))
        return self

    async def _start(self) -> asyncio.subprocess.Process | ForkedChild:
        return await asyncio.create_subprocess_exec(
            *self.command,
            env=self.env,
            cwd=self._cwd,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
            limit=LINE_BYTES,
        )

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def _read(self, stream: asyncio.StreamReader, kept: list[str]) -> None:
        async for raw in stream:
            line = raw.decode("utf-8", "replace").rstrip("\n")
            kept.append(line)
            self.lines.append(line)
            self._news.set()
        self._news.set()

    @property
    def process(self) -> asyncio.subprocess.Process | ForkedChild:
        """The process; only within the context."""
        assert self._process is not None, "the process was not started"
        return self._process

    @property
    def pid(self) -> int:
        """The process id."""
        return self.process.pid

    @property
    def returncode(self) -> int | None:
        """The exit status (negative: the signal that ended it), None while it runs."""
        return self.process.returncode

    @property
    def output(self) -> str:
        """Both streams, in the order they arrived."""
        return "\n".join(self.lines)

    async def line(self, text: str, *, within: float = 20.0, after: int = 0) -> str:
        """The first line of either stream that holds `text`, from line `after` on.

        Raises ProcessEnded with the last lines when the process ends or `within` seconds pass.
        """
        end = time.monotonic() + within
        while True:
            self._news.clear()
            found = next((line for line in self.lines[after:] if text in line), None)
            if found is not None:
                return found
            if all(reader.done() for reader in self._readers):
                await self.process.wait()
                raise ProcessEnded(self._story(f"ended with {self.returncode} before {text!r}"))
            try:
                await asyncio.wait_for(self._news.wait(), end - time.monotonic())
            except TimeoutError:
                raise ProcessEnded(self._story(f"said no {text!r} in {within} s")) from None

    async def wait(self, within: float = 20.0) -> int:
        """Wait for the end and all output; returns the exit status. Raises ProcessEnded."""
        try:
            await asyncio.wait_for(self.process.wait(), within)
        except TimeoutError:
            raise ProcessEnded(self._story(f"still runs after {within} s")) from None
        self._signal_group(signal.SIGKILL)
        await asyncio.gather(*self._readers)
        return self.process.returncode or 0

    def signal(self, number: int) -> None:
        """Send a signal to the process alone."""
        if self.returncode is None:
            self.process.send_signal(number)

    async def terminate(self, within: float = GRACE) -> int:
        """SIGTERM, and the exit status."""
        self.signal(signal.SIGTERM)
        return await self.wait(within)

    async def kill(self) -> int:
        """SIGKILL to it and its children, as when the machine stops; returns the exit status."""
        self._signal_group(signal.SIGKILL)
        return await self.wait()

    async def stop(self) -> None:
        """End it, whatever it takes."""
        try:
            await self.terminate()
        except ProcessEnded:
            await self.kill()

    def rss(self) -> int:
        """Resident memory in bytes, of the process and its children."""
        leader = psutil.Process(self.pid)
        return sum(
            process.memory_info().rss for process in (leader, *leader.children(recursive=True))
        )

    def _signal_group(self, number: int) -> None:
        try:
            os.killpg(self.pid, number)
        except ProcessLookupError:
            return

    def _story(self, what: str) -> str:
        return "\n".join([f"{' '.join(self.command)} {what}; its last lines:", *self.lines[-30:]])


class BotProcess(ChildProcess):
    """`python -m bot --config X run`, or another subcommand and its arguments for `run`."""

    def __init__(self, config: Path, *arguments: str, env: Mapping[str, str] | None = None) -> None:
        options = ("--config", str(config))
        super().__init__(sys.executable, "-m", "bot", *options, *(arguments or ("run",)), env=env)


class ForkedProcess(ChildProcess):
    """As `python -m MODULE ARGUMENTS…` in the project's folder, without the time of imports."""

    def __init__(
        self, module: str, function: str, *arguments: str, env: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(module, *arguments, env=env)
        self._forked = Command(module, function, arguments, self.env, ROOT)

    async def _start(self) -> ForkedChild:
        nothing = os.open(os.devnull, os.O_RDONLY)
        (output, stdout), (errors, stderr) = os.pipe(), os.pipe()
        process = self._forked.start(nothing, stdout, stderr)
        for handed in (nothing, stdout, stderr):
            os.close(handed)
        return ForkedChild(process, await _reader(output), await _reader(errors))


class ForkedChild:
    """A forked process, as `asyncio.subprocess.Process` shows one."""

    def __init__(
        self,
        process: ForkServerProcess,
        stdout: asyncio.StreamReader,
        stderr: asyncio.StreamReader,
    ) -> None:
        self.pid = int(process.pid or 0)
        self.stdout = stdout
        self.stderr = stderr
        self._ended = asyncio.create_task(joined(process))

    @property
    def returncode(self) -> int | None:
        """As `ChildProcess.returncode`."""
        return self._ended.result() if self._ended.done() else None

    async def wait(self) -> int:
        """The exit status, once it has ended."""
        return await asyncio.shield(self._ended)

    def send_signal(self, number: int) -> None:
        """Send a signal to the process alone."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)


async def _reader(pipe: int) -> asyncio.StreamReader:
    """What comes out of a pipe, which is closed at its end."""
    reader = asyncio.StreamReader(limit=LINE_BYTES)
    protocol = asyncio.StreamReaderProtocol(reader)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, os.fdopen(pipe, "rb"))
    return reader
