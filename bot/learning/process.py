"""Training in a child process: the bot's side of it, which never imports numpy.

A process and no thread, since numpy holds the interpreter for long; and what it took is given back
when it ends.
"""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import aclosing, asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

from bot.domain.errors import TrainingFailed
from bot.learning import failures, wire
from bot.learning.environment import environment

if TYPE_CHECKING:
    from asyncio import StreamReader, StreamWriter, Task
    from collections.abc import AsyncGenerator, AsyncIterator, Coroutine, Mapping

    from storage.models import Example

MODULE = "bot.learning"
"""The program of the child."""

LIMIT = 600.0
"""Seconds after which a training is given up."""

MOST = 64 * 2**20
"""Bytes of an answer; a model has 5 million."""

SLICE = 32
"""Examples encoded in one go, which takes half a millisecond."""

_CHUNK = 2**16
_LINE = 300  # characters of what a child says last that are worth telling

_GONE = (BrokenPipeError, ConnectionResetError)


class ChildTrainer:
    """Trains the ranker in a process of its own; the port `Trainer`."""

    async def train(self, keywords: Mapping[str, float], examples: AsyncIterator[Example]) -> bytes:
        """The model learnt from `examples`, as `Model.dump` gives it. Raises TrainingFailed.

        A few of the examples are held at a time, and they are closed at the end where they can be;
        what reading them raises is passed on. However this ends, the child has ended.
        """
        limit = asyncio.timeout(LIMIT)
        try:
            async with limit, _child() as child:
                await child.tell(keywords, examples)
                return await child.model()
        except TimeoutError:
            if not limit.expired():
                raise
            raise failures.too_slow(LIMIT) from None


@asynccontextmanager
async def _child() -> AsyncIterator[_Child]:
    """A child that has ended afterwards, also where this is cancelled while it starts."""
    starting = asyncio.create_task(_start())
    try:
        yield await asyncio.shield(starting)
    finally:
        await _undisturbed(_end(starting))


async def _start() -> _Child:
    # Without -P a folder the bot happens to work in would come before its own code.
    command = (sys.executable, "-P", "-m", MODULE)
    try:
        process = await asyncio.create_subprocess_exec(
            *command, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=environment(os.environ)
        )
    except OSError as error:
        raise failures.not_started(sys.executable, error) from error
    return _Child(process)


async def _end(starting: Task[_Child]) -> None:
    with suppress(TrainingFailed):
        await (await starting).end()


async def _undisturbed(work: Coroutine[Any, Any, None]) -> None:
    """Do it to its end, and be cancelled only then."""
    task = asyncio.create_task(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as error:
            cancelled = error
    task.result()
    if cancelled:
        raise cancelled


class _Child:
    """A child that runs; all it says is read from the start, so that it never waits for us."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._stdin, self._stdout, self._stderr = _pipes(process)
        self._answer = asyncio.create_task(self._read())
        self._word = asyncio.create_task(_last_line(self._stderr))
        self._listens = True

    async def tell(self, keywords: Mapping[str, float], examples: AsyncIterator[Example]) -> None:
        """Send it what it needs, until it does not listen any more."""
        await self._write(wire.opening(keywords))
        count = 0
        async with aclosing(_slices(examples)) as slices:
            async for part in slices:
                await self._write(wire.encoded(part))
                count += len(part)
                if not self._listens:
                    return
        await self._write(wire.closing(count))
        self._stdin.close()

    async def model(self) -> bytes:
        """Its answer, when it has ended. Raises TrainingFailed."""
        answer = await self._answer
        if len(answer) > MOST:
            raise failures.too_much(MOST)
        word = await self._word
        if status := await self._process.wait():
            raise failures.ended(status, word)
        if not self._listens:
            raise failures.no_model("something before it knew all examples")
        try:
            return wire.model_in(answer)
        except ValueError as error:
            raise failures.no_model(str(error)) from None

    async def end(self) -> None:
        """Kill it unless it has ended, and wait until nothing is left of it."""
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.kill()
        self._answer.cancel()
        self._word.cancel()
        await asyncio.wait([self._answer, self._word])
        if not self._stdin.is_closing():
            self._stdin.transport.abort()
        with suppress(*_GONE):
            await self._stdin.wait_closed()
        for stream in (self._stdout, self._stderr):  # read to the end, they close by themselves
            while await stream.read(_CHUNK):
                pass
        await self._process.wait()

    async def _write(self, data: bytes) -> None:
        self._stdin.write(data)
        try:
            await self._stdin.drain()
        except _GONE:
            self._listens = False
        await asyncio.sleep(0)  # others have their turn, also where the pipe takes everything

    async def _read(self) -> bytearray:
        answer = bytearray()
        while chunk := await self._stdout.read(_CHUNK):
            answer += chunk
            if len(answer) > MOST:
                self._process.kill()
                break
        return answer


def _pipes(process: Process) -> tuple[StreamWriter, StreamReader, StreamReader]:
    assert process.stdin  # noqa: S101 - asked for when it was started, as are the others
    assert process.stdout  # noqa: S101
    assert process.stderr  # noqa: S101
    return process.stdin, process.stdout, process.stderr


async def _slices(examples: AsyncIterator[Example]) -> AsyncGenerator[list[Example], None]:
    part: list[Example] = []
    try:
        async for example in examples:
            part.append(example)
            if len(part) == SLICE:
                yield part
                part = []
    finally:
        if close := getattr(examples, "aclose", None):
            await close()
    if part:
        yield part


async def _last_line(stream: StreamReader) -> str:
    kept = b""
    while chunk := await stream.read(_CHUNK):
        kept = (kept + chunk)[-_CHUNK:]
    lines = kept.decode(errors="replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "")[-_LINE:]
