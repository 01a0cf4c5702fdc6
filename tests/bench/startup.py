"""`python -m tests.bench.startup [PAPERS …]`: from spawn to READY over the wire, and memory idle.

For each number of stored papers (default 0 and 400,000) a database is filled, its index is built,
and the bot is started against the stand-in for Discord; idle it is when it has learnt from them.
Prints; never fails on a time.
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import psutil

from bot.clock import SystemClock
from bot.composition import open_core
from bot.config import load
from storage.models import Author, Paper, PaperId
from storage.papers import Papers
from tests.wire.lab import Lab, open_lab

STARTS = 3
IDLE_SECONDS = 8
BATCH = 2000
WORDS = [f"word{number}" for number in range(20_000)]


def made_up(number: int, chance: random.Random) -> Paper:
    """A paper of about 1.7 kB with words in the frequencies of text."""

    def words(count: int) -> str:
        return " ".join(WORDS[int(len(WORDS) ** chance.random()) - 1] for _ in range(count))

    return Paper(
        id=PaperId(f"arXiv:{1501 + number // 99_999 % 12:04}.{number % 99_999 + 1:05}"),
        title=words(9),
        authors=tuple(Author(f"Family{chance.randrange(9999)}", "Given") for _ in range(4)),
        abstract=words(170),
        published=date(2015, 1, 1),
        categories=("cs.CL",),
        datestamp=date(2015, 1, 2),
    )


async def fill(lab: Lab, papers: int) -> None:
    """Store made-up papers and bring the index up to date."""
    settings, clock, chance = load(lab.config, {}), SystemClock(), random.Random(1)
    async with open_core(settings, clock, command="benchmark") as core:
        for start in range(0, papers, BATCH):
            count = min(BATCH, papers - start)
            batch = [made_up(start + number, chance) for number in range(count)]
            await core.database.write(lambda c, b=batch: Papers(c).store(b, clock.now()))
        await core.index.refresh(core.database)
        await core.index.complete()


async def start(lab: Lab) -> tuple[float, float]:
    """Seconds from spawn to READY, and megabytes resident when idle."""
    begun = time.perf_counter()
    async with lab.bot() as process:
        ready = time.perf_counter() - begun
        await asyncio.sleep(IDLE_SECONDS)
        while psutil.Process(process.pid).children():  # noqa: ASYNC110  # no line says when it ends
            await asyncio.sleep(IDLE_SECONDS)
        return ready, process.rss() / 2**20


async def measure(papers: int) -> None:
    """Print one row for a database with so many papers."""
    with tempfile.TemporaryDirectory() as folder:
        async with open_lab(Path(folder)) as lab:
            await fill(lab, papers)
            rows = [await start(lab) for _ in range(STARTS)]
    seconds = ", ".join(f"{ready:.2f}" for ready, _ in rows)
    memory = ", ".join(f"{megabytes:.0f}" for _, megabytes in rows)
    print(f"{papers:>9,} papers: spawn to READY {seconds} s; idle {memory} MB", flush=True)


if __name__ == "__main__":
    for wanted in [int(word) for word in sys.argv[1:]] or [0, 400_000]:
        asyncio.run(measure(wanted))
