"""The program of the child process: reads examples, trains, says the model, ends."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from bot.learning import wire

if TYPE_CHECKING:
    from collections.abc import Iterator

NICE = 10
"""How far it stands back for whatever else wants the processor."""

PR_SET_PDEATHSIG = 1  # prctl(2)


def main() -> None:
    """Train by what stdin says, and write the model to what was stdout.

    Ends with status 0 and a model, or with another one and a line on stderr that says why.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal's Ctrl-C is for the bot alone
    os.nice(NICE)
    _go_first()
    _end_with_parent()
    answer = _keep_stdout()
    try:
        _answer(answer, _trained(iter(sys.stdin.buffer)))
    except MemoryError as error:
        _fail(wire.NO_MEMORY, error)
    except Exception as error:  # the boundary of this job: the bot logs the line
        _fail(1, error)


def _go_first() -> None:
    """Where memory runs out, let the system kill this process and not the bot (Linux, proc(5))."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def _end_with_parent() -> None:
    """Be killed when the bot is, where the system can do it; elsewhere the pipes end it later."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _keep_stdout() -> int:
    """Another number for stdout; what a library prints goes to stderr from now on."""
    kept = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return kept


def _trained(lines: Iterator[bytes]) -> bytes:
    # Inside of what turns its failure into a line: it brings numpy.
    from bot.learning.training import train  # noqa: PLC0415

    keywords = wire.read_opening(lines)
    return train(keywords, wire.read_examples(lines)).dump()


def _answer(descriptor: int, model: bytes) -> None:
    with open(descriptor, "wb") as answer:
        answer.write(wire.head(model))
        answer.write(model)


def _fail(status: int, error: Exception) -> None:
    said = " ".join(str(error).split())
    sys.stderr.write(f"{type(error).__name__}: {said}\n")
    sys.exit(status)
