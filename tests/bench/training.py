"""`python -m tests.bench.training FILE`: what it takes to train the ranker, and to score a day.

FILE, plain or as .gz, has a JSON object a line: id, title, abstract and relevant. Up to 24,000 of
its papers fill a database; those that are relevant stand on a list that one admires. The running
bot's use cases are loaded above it, and train in their child process; then the last 1,500 papers
are scored as a day's. At the end it trains once more, in a child that may not have more memory than
the bot leaves of 400 MB. Prints; never fails on a time.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import gzip
import json
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from bot.__main__ import YOUNG
from bot.assembly import open_bot
from bot.clock import SystemClock
from bot.composition import open_core
from bot.config import Settings, load
from bot.domain.errors import TrainingFailed
from bot.domain.model import Model
from bot.learning.process import ChildTrainer
from bot.programs import memory
from bot.services.listing import papers_of
from bot.services.training_set import TrainingSet
from storage.models import Paper, PaperId
from storage.papers import Papers
from tests.bench.training_watch import ChildWatch, forget_peak, measured, memory_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from bot.assembly import Bot
    from tests.bench.training_watch import Took

PAPERS = 24_000
DAY = 1500
BATCH = 1000
TOGETHER = 400 * 10**6
"""Bytes that bot and child may have together."""
QUIET = 2.0
"""Seconds of nothing, to know how much of a stall is the machine's."""


@dataclass(frozen=True)
class Row:
    """A paper of the file, and whether it belongs on the list."""

    paper: Paper
    relevant: bool


def read(path: Path, most: int) -> list[Row]:
    """The first papers of a file."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        said = (json.loads(line) for line in lines)
        return [
            Row(
                Paper(PaperId(f"arXiv:{one['id']}"), one["title"], abstract=one["abstract"]),
                one["relevant"] is True,
            )
            for one in islice(said, most)
        ]


def configured(folder: Path) -> Settings:
    """The settings of a bot that lives in `folder`, in its order."""
    config, data = folder / "config.toml", folder / "data"
    values = {
        "database": {"url": f"sqlite+aiosqlite:///{data}/papers.db", "data": str(data)},
        "relevance": {"examples": [str(folder / "admired.md")]},
    }
    config.write_text(
        "".join(
            f"[{name}]\n" + "".join(f"{key} = {json.dumps(one)}\n" for key, one in section.items())
            for name, section in values.items()
        )
    )
    return load(config, {})


def fill(path: Path, folder: Path, most: int) -> tuple[int, list[Paper]]:
    """Make the database with its index, and the list one admires; how many papers, and the last.

    In a process of its own, so that what it takes is not counted.
    """
    rows = read(path, most)
    lines = [f"- {row.paper.title}. {row.paper.id}\n" for row in rows if row.relevant]
    (folder / "admired.md").write_text("# Admired\n\n## Papers\n\n" + "".join(lines), "utf-8")
    asyncio.run(_store(configured(folder), [row.paper for row in rows]))
    return len(rows), [row.paper for row in rows[-DAY:]]


async def _store(settings: Settings, papers: Sequence[Paper]) -> None:
    clock = SystemClock()
    async with open_core(settings, clock, command="benchmark") as core:
        for start in range(0, len(papers), BATCH):
            batch = papers[start : start + BATCH]
            await core.database.write(lambda c, b=batch: Papers(c).store(b, clock.now()))
        await core.index.refresh(core.database)
        await core.index.complete()


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Bot]:
    """The bot as `run` has it, but for Discord."""
    memory.settle()
    gc.set_threshold(YOUNG)
    settings = configured(folder)
    async with (
        open_core(settings, SystemClock(), command="benchmark") as core,
        open_bot(core) as bot,
    ):
        yield bot


@asynccontextmanager
async def watched(limit: int = 0) -> AsyncIterator[ChildWatch]:
    """Look at the child meanwhile."""
    watch = ChildWatch(limit)
    watch.start()
    try:
        yield watch
    finally:
        await asyncio.to_thread(watch.stop)


async def measure(folder: Path, count: int, day: Sequence[Paper]) -> None:
    """Print what training and scoring take."""
    async with opened(folder) as bot:
        forget_peak()
        async with measured() as quiet:
            await asyncio.sleep(QUIET)
        print(f"beside nothing at all: {stalled(quiet)}")
        async with watched() as watch, measured() as took:
            await bot.training.ready()
        print(said(f"training on {count:,} papers", took))
        async with measured() as took:
            await bot.ranking.rank(day)
        print(said(f"scoring {len(day):,} papers", took))
        print(together(memory_of("self"), watch.peak))
        await limited(bot, watch.files)


async def limited(bot: Bot, files: int) -> None:
    """Print whether the bot trains again where its child gets what is left of the memory."""
    left = TOGETHER - memory_of("self") - files
    print(
        f"under a hard limit: the child may have {mb(left)} of data (RLIMIT_DATA), which is what"
        f" the bot's peak and {mb(files)} of libraries leave of {mb(TOGETHER)}"
    )
    async with watched(max(left, 1)) as watch, measured() as took:
        try:
            await again(bot)
        except TrainingFailed as error:
            print(f"  it failed: {error}")
        else:
            print(said("  it succeeded: training", took))
    print("  " + together(memory_of("self"), watch.peak))


async def again(bot: Bot) -> None:
    """Train as the bot does, and forget what was learnt."""
    settings = bot.core.settings.relevance
    admired = [one for path in settings.examples for one in papers_of(path.read_bytes())]
    examples = TrainingSet(bot.core.database, admired).read()
    Model.load(await ChildTrainer().train(settings.keywords, examples))


def said(what: str, took: Took) -> str:
    """One line of figures."""
    return (
        f"{what}: {took.seconds:.1f} s, CPU {took.child_cpu:.1f} s in the child and"
        f" {took.cpu:.1f} s in the bot; {stalled(took)}"
    )


def stalled(took: Took) -> str:
    """How long nothing else had its turn, and how much of that is not the machine's business."""
    return (
        f"the loop stalled for up to {took.stall * 1000:.0f} ms, {took.own_stall * 1000:.0f} ms"
        " without waits for a processor"
    )


def together(bot: int, child: int) -> str:
    """The peaks, each process's own: they need not have come at once."""
    return (
        f"peak: {mb(bot + child)}, the sum of the bot's {mb(bot)} and the child's {mb(child)}"
        " (VmHWM of each; pages of files they share count twice)"
    )


def mb(size: int) -> str:
    """Megabytes, of a million bytes."""
    return f"{size / 10**6:.0f} MB"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure with the file named on the command line."""
    parser = argparse.ArgumentParser(description="What training the ranker takes.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--papers", type=int, default=PAPERS, help="how many at most (24,000)")
    wanted = parser.parse_args(arguments)
    with TemporaryDirectory() as name:
        folder = Path(name)
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as filler:
            count, day = filler.submit(fill, wanted.file, folder, wanted.papers).result()
        asyncio.run(measure(folder, count, day))


if __name__ == "__main__":
    main()
