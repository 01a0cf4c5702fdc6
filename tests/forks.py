"""The command line in processes that are forked off one with the imports behind it.

Imports are most of a start, and the tests start the bot a hundred times. What is forked is a
process like any other: with an id, a session, streams and an environment of its own. Tests about
starting itself start `python -m bot` anew.
"""

from __future__ import annotations

import asyncio
import importlib
import io
import multiprocessing
import os
import signal
import sys
from dataclasses import dataclass
from multiprocessing import reduction
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from multiprocessing.context import ForkServerProcess
    from pathlib import Path

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(
    [
        "tests.process",
        "tests.points",
        "bot.cli",
        "bot.programs.discord_run",
        "bot.programs.doctor",
        "bot.programs.listfile",
        "bot.programs.searching",
        "bot.console",
        "storage.migrate",
    ]
)


@dataclass(frozen=True)
class Command:
    """What `python -m MODULE ARGUMENTS…` is: a function of that module, and its arguments."""

    module: str
    function: str
    arguments: Sequence[str]
    env: Mapping[str, str]
    folder: Path

    def start(self, stdin: int, stdout: int, stderr: int) -> ForkServerProcess:
        """Run it, leader of a session of its own, on copies of these streams."""
        streams = [_Handed(stream) for stream in (stdin, stdout, stderr)]
        process = FORKS.Process(target=_run, args=(self, streams))
        process.start()
        return process


async def joined(process: ForkServerProcess) -> int:
    """Wait for its end without blocking; its exit status, negative for a signal."""
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_reader(process.sentinel, ended.set)
    await ended.wait()
    loop.remove_reader(process.sentinel)
    process.join()
    assert process.exitcode is not None
    return process.exitcode


class _Handed:
    """A file descriptor on its way into a process, where it arrives as its number there."""

    def __init__(self, number: int) -> None:
        self._number = number

    def __reduce__(self) -> tuple[Any, ...]:
        return _taken, (reduction.DupFd(self._number),)


def _taken(handed: Any) -> int:
    return int(handed.detach())


def _run(command: Command, streams: Sequence[int]) -> None:
    os.setsid()
    # Whoever runs the tests in the background has them ignore Ctrl-C, and hands that down.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    sys.stdin, sys.stdout, sys.stderr = (
        _text(number, old) for number, old in enumerate((sys.stdin, sys.stdout, sys.stderr))
    )
    os.environ.clear()
    os.environ.update(command.env)
    os.chdir(command.folder)
    module = sys.modules["__main__"] = importlib.import_module(command.module)
    sys.argv = [str(module.__file__), *command.arguments]
    getattr(module, command.function)()


def _text(number: int, old: TextIO) -> io.TextIOWrapper:
    """The stream with this number, as Python opens it where PYTHONUNBUFFERED is set."""
    raw = open(number, "rb" if number == 0 else "wb", buffering=0, closefd=False)  # noqa: SIM115 - it stays open
    binary = io.BufferedReader(raw) if number == 0 else raw
    return io.TextIOWrapper(binary, "utf-8", old.errors, write_through=True)
