"""`python -m tests.bench.harvest [--records N]`: a harvest, its speed, and searches beside it.

A made-up arXiv of so many papers (100,000) is harvested with the limiter off, by `harvest` and then
by `run`, which answers searches over the wire before, during and after it. Prints; never fails on a
time.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import signal
import sys
import tempfile
import time
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from tests.bench.made_up_arxiv import SETS, Writer
from tests.wire.lab import START, Lab, open_lab
from tests.wire.process import ChildProcess

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine

PAPERS = 100_000
EVERY = 0.2
"""Seconds between two searches, and between two looks at a process."""
QUIET = 20.0
"""Seconds of searches before the harvest, and again after it."""
IDLE = 0.2
"""The share of a core below which the bot has nothing left to do but answer searches."""
LONGEST = 3600.0
USUAL = 7
"""Days of which `harvest` ranks what it stores; `run` ranks all of it here."""
SPACING = 3.3
"""Seconds between two requests where the limiter is on."""


@dataclass
class Watch:
    """What a process and its children take, looked at while it runs."""

    pid: int
    peak: int = 0
    cpu: float = 0.0
    busy: float = 1.0

    async def look(self) -> None:
        """Look until the process is gone; `busy` is its share of a core lately."""
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(self.pid)
            while True:
                before, begun = self.cpu, time.monotonic()
                await asyncio.sleep(EVERY)
                family = [process, *process.children(recursive=True)]
                self.peak = max(self.peak, sum(one.memory_info().rss for one in family))
                times = [one.cpu_times() for one in family]
                self.cpu = sum(one.user + one.system for one in times)
                share = (self.cpu - before) / (time.monotonic() - begun)
                self.busy = 0.8 * self.busy + 0.2 * share


@asynccontextmanager
async def watched(process: ChildProcess) -> AsyncIterator[Watch]:
    """Look at a process meanwhile."""
    watch = Watch(process.pid)
    task = asyncio.create_task(watch.look())
    try:
        yield watch
    finally:
        task.cancel()


@dataclass
class Arxiv:
    """The made-up arXiv, in a process of its own."""

    process: ChildProcess
    watch: Watch
    url: str
    since: date

    async def requests(self) -> int:
        """End it, and say how often it was asked."""
        await self.process.terminate()
        return int((await self.process.line("asked")).split()[1])


@asynccontextmanager
async def made_up_arxiv(papers: int) -> AsyncIterator[Arxiv]:
    """Start it and wait until its answers are rendered."""
    command = ("-m", "tests.bench.made_up_arxiv", str(papers), START.isoformat())
    async with ChildProcess(sys.executable, *command) as process, watched(process) as watch:
        _, url, since = (await process.line("ready", within=LONGEST)).split()
        await asyncio.sleep(3 * EVERY)  # the watch has seen what rendering took
        yield Arxiv(process, watch, url, date.fromisoformat(since))


def configure(lab: Lab, arxiv: Arxiv, look_back: int) -> None:
    """Let the bot ask the made-up arXiv, without waiting between requests."""
    lab.move(START, speed=1)
    lab.spacing = "0"
    lab.configure(
        arxiv={"sets": list(SETS), "oai_url": arxiv.url, "look_back": f"{look_back}d"},
    )


async def harvest(papers: int) -> None:
    """`harvest --from --until`: how fast, how large, how many requests."""
    with tempfile.TemporaryDirectory() as folder:
        async with open_lab(Path(folder)) as lab, made_up_arxiv(papers) as arxiv:
            configure(lab, arxiv, USUAL)
            rendered, begun = arxiv.watch.cpu, time.monotonic()
            days = ("--from", str(arxiv.since), "--until", str(START.date() - timedelta(days=1)))
            async with (
                lab.process("harvest", *days, "--json") as process,
                watched(process) as watch,
            ):
                status = await process.wait(LONGEST)
                seconds = time.monotonic() - begun
                assert status == 0, process.output
            share = (arxiv.watch.cpu - rendered) / seconds
            size = (Path(folder) / "data" / "papers.db").stat().st_size
            requests = await arxiv.requests()
    print(
        f"harvest: {papers:,} papers in {seconds:.1f} s ({papers / seconds:,.0f} a second),"
        f" {watch.cpu:.1f} s of CPU, at most {watch.peak / 2**20:.0f} MB;"
        f" {size / papers / 1000:.2f} kB a paper; {requests:,} requests"
        f" ({requests * SPACING / 60:.0f} min with the limiter on);"
        f" the stand-in took {share:.0%} of a core",
        flush=True,
    )


@dataclass
class Asker:
    """A reader who searches five times a second over the wire, and waits for no answer."""

    lab: Lab
    phase: str = "before"
    taken: dict[str, list[float]] = field(default_factory=dict)
    queries: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        chance, writer = random.Random(5), Writer()
        titles = [writer.record(START.date()).title.split() for _ in range(40)]
        self.queries = ["synthetic data", "survey", "preference data", "data annotation language"]
        self.queries += [" ".join(chance.sample(title, 2)) for title in titles]

    async def ask(self) -> None:
        """Search until cancelled."""
        async with asyncio.TaskGroup() as group:
            for number in range(sys.maxsize):
                query = self.queries[number % len(self.queries)]
                group.create_task(self._search(self.phase, query))
                await asyncio.sleep(EVERY)

    async def _search(self, phase: str, query: str) -> None:
        begun = time.monotonic()
        lab = self.lab
        await lab.discord.slash(lab.eve, lab.digest, "papers search", patience=60, query=query)
        self.taken.setdefault(phase, []).append(time.monotonic() - begun)

    def report(self, phase: str) -> str:
        """The percentiles of one phase, in milliseconds."""
        taken = sorted(1000 * seconds for seconds in self.taken[phase])
        half, most = taken[len(taken) // 2], taken[int(len(taken) * 0.99)]
        return (
            f"searches {phase}: p50 {half:.0f} ms, p99 {most:.0f} ms, max {taken[-1]:.0f} ms"
            f" of {len(taken)}"
        )


@asynccontextmanager
async def meanwhile(work: Coroutine[None, None, None]) -> AsyncIterator[None]:
    """Do `work` beside, and let its failure be heard."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def searches(papers: int) -> None:
    """`run`: a first harvest, and what searches take before, during and after it."""
    with tempfile.TemporaryDirectory() as folder:
        async with open_lab(Path(folder)) as lab, made_up_arxiv(papers) as arxiv:
            configure(lab, arxiv, (START.date() - arxiv.since).days)
            asker = Asker(lab)
            arxiv.process.signal(signal.SIGSTOP)  # arXiv does not answer yet
            async with lab.process() as process, watched(process) as watch:
                await process.line("ready", within=60)
                async with meanwhile(asker.ask()):
                    await asyncio.sleep(QUIET)
                    seconds = await _harvested(asker, arxiv, process, watch)
                    await asyncio.sleep(QUIET)
    for phase in asker.taken:
        print(asker.report(phase), flush=True)
    print(
        f"run: {papers:,} papers stored and ranked in {seconds[0]:.1f} s, all of them found after"
        f" {seconds[1]:.1f} s, at most {watch.peak / 2**20:.0f} MB",
        flush=True,
    )


async def _harvested(
    asker: Asker, arxiv: Arxiv, process: ChildProcess, watch: Watch
) -> tuple[float, float]:
    """Seconds until everything is stored and ranked, and until the index holds it."""
    begun = time.monotonic()
    asker.phase = "while it harvests"
    arxiv.process.signal(signal.SIGCONT)
    await process.line("harvested", within=LONGEST)
    harvested = time.monotonic() - begun
    asker.phase = "while the index follows"
    watch.busy = 1.0
    while watch.busy > IDLE:  # noqa: ASYNC110  # nothing says when another process is idle
        await asyncio.sleep(EVERY)
    asker.phase = "after it"
    return harvested, time.monotonic() - begun


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="How fast a harvest is, and searches beside it.")
    parser.add_argument("--records", type=int, default=PAPERS, help="how many papers (100,000)")
    wanted = parser.parse_args().records
    asyncio.run(harvest(wanted))
    asyncio.run(searches(wanted))
