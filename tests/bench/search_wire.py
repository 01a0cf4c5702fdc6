"""`python -m tests.bench.search_wire [--papers N] [--records N]`: 200 searches at once.

50 members of a server search at the same moment, before and while the bot harvests a made-up arXiv
of so many records; the same number of `/papers help` shows what the stand-in for Discord takes by
itself. Each answer has to be the one to its query. In the first round each answer is held against
Discord's schema, which takes the stand-in longer than the bot takes to make it; in those that
follow it is not. Prints; never fails on a time.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import signal
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import psutil

from bot.clock import SystemClock
from bot.composition import open_core
from bot.config import load
from storage.papers import Papers
from tests.bench.harvest import configure, made_up_arxiv
from tests.bench.startup import BATCH, made_up
from tests.wire.lab import Lab, open_lab

if TYPE_CHECKING:
    from simcord.backend.models import User

    from storage.models import Paper
    from tests.wire.discord import Answer
    from tests.wire.process import ChildProcess

PAPERS, LISTED = 24_000, 600
RECORDS = 30_000
MEMBERS, SEARCHES = 50, 200
ROUNDS = 2
GOOD, LATE = 1.0, 3.0
"""Seconds: every answer is to come within the first; Discord waits no longer than the second."""
PATIENCE = 20.0
"""Seconds after which an answer is taken to be lost."""
READY = 60.0
UNKNOWN_INTERACTION = 10062
PAUSE = 3.0
"""Seconds of rest between two rounds, and of harvest before the first."""


class Asked(NamedTuple):
    """A query and what its answer has to say."""

    query: str
    expected: str


def queries(listed: list[Paper], count: int) -> list[Asked]:
    """Words, two words in quotes, an id, each of one listed paper that has to be found."""
    chance, asked = random.Random(11), []
    for number in range(count):
        paper = chance.choice(listed)
        words = paper.title.split()
        rarest = sorted(words, key=lambda word: int(word.removeprefix("word")))[-3:]
        start = chance.randrange(len(words) - 1)
        kinds = (
            " ".join(rarest),
            f'"{" ".join(words[start : start + 2])}" {rarest[-1]}',
            f"{rarest[-1]} author:{paper.authors[0].family}",
            paper.id,
        )
        asked.append(Asked(kinds[number % len(kinds)], paper.title))
    return asked


async def fill(lab: Lab, count: int) -> list[Paper]:
    """Store papers, list some of them, build the index; gives the listed ones."""
    chance = random.Random(1)
    papers = [made_up(number, chance) for number in range(count)]
    listed = papers[:: max(1, count // LISTED)]
    file = lab.folder / "list.md"
    file.write_text("# Papers\n\n## Research Papers\n\n" + "\n".join(map(written, listed)))
    settings, clock = load(lab.config, {}), SystemClock()
    async with open_core(settings, clock, command="benchmark") as core:
        for start in range(0, count, BATCH):
            some = papers[start : start + BATCH]
            await core.database.write(lambda c, some=some: Papers(c).store(some, clock.now()))
    await lab.output("import", str(file), "--replace", within=READY)
    async with open_core(settings, clock, command="benchmark") as core:
        await core.index.refresh(core.database)
        await core.index.complete()
    return listed


def written(paper: Paper) -> str:
    """Its entry, in the style of the list."""
    number, author = paper.id.removeprefix("arXiv:"), paper.authors[0]
    return (
        f"- {author.family} G. {paper.title}[J]. arXiv preprint {paper.id}, 2015.\n\n"
        f"  [Paper](https://arxiv.org/abs/{number})\n"
    )


class Round(NamedTuple):
    """One round: seconds of each answer (None: lost), and milliseconds of CPU for each asked.

    `late` are those that Discord did not take any more, for which the bot got error 10062.
    """

    taken: list[float | None]
    wrong: int
    late: int
    of_bot: float
    of_stand_in: float

    def row(self, what: str) -> str:
        """A line of the table, in milliseconds; what is lost took for ever."""
        ordered = sorted(PATIENCE if one is None else one for one in self.taken)
        last = len(ordered) - 1
        times = [1000 * ordered[int(last * share)] for share in (0.5, 0.9, 0.99, 1)]
        past = [sum(seconds > limit for seconds in ordered) for limit in (GOOD, LATE)]
        counts = (*past, self.taken.count(None), self.late, self.wrong)
        return "".join(
            [
                f"{what:32}",
                *(f"{one:8.0f}" for one in times),
                *(f"{one:9}" for one in counts),
                f"{self.of_bot:9.1f}{self.of_stand_in:10.1f}",
            ]
        )


HEADER = (
    f"{'round (times in ms)':32}{'p50':>8}{'p90':>8}{'p99':>8}{'longest':>8}"
    f"{'past 1 s':>9}{'past 3 s':>9}{'lost':>9}{'10062':>9}{'wrong':>9}"
    f"{'CPU: bot':>9}{'stand-in':>10}"
)


async def at_once(lab: Lab, members: list[User], what: str, asked: list[Asked], bot: int) -> None:
    """Let the members ask all of it at the same moment, and print how long they waited.

    `bot` is the bot's process.
    """
    begun, bots, own = time.monotonic(), cpu(bot), time.process_time()
    before = len(lab.discord.requests)
    answers = [
        lab.discord.begin_slash(
            members[number % len(members)],
            lab.digest,
            "papers search" if one.query else "papers help",
            **({"query": one.query} if one.query else {}),
        )
        for number, one in enumerate(asked)
    ]
    taken: list[float | None] = [None] * len(answers)
    while None in taken and time.monotonic() < begun + PATIENCE:
        await asyncio.sleep(0.01)
        for number, seconds in enumerate(taken):
            if seconds is None and answered(answers[number]):
                taken[number] = time.monotonic() - begun
        if taken.count(None) <= late(lab, before):
            break
    each = 1000 / len(asked)
    done = Round(
        taken,
        sum(
            answered(answer) and one.expected not in answer.text
            for answer, one in zip(answers, asked, strict=True)
        ),
        late(lab, before),
        each * (cpu(bot) - bots),
        each * (time.process_time() - own),
    )
    print(done.row(what), flush=True)


def late(lab: Lab, before: int) -> int:
    """How many answers came too late for Discord to take, of the requests from that one on."""
    refused = [
        request.path
        for request in lab.discord.requests[before:]
        if request.path.endswith("/callback")
        and isinstance(request.answer, dict)
        and request.answer.get("code") == UNKNOWN_INTERACTION
    ]
    return len(set(refused))


def answered(answer: Answer) -> bool:
    """Whether the person sees the answer: no longer `thinking…`."""
    record = answer.interaction
    return bool(record.responded and answer.message and not answer.message.flags & 1 << 7)


def cpu(process: int) -> float:
    """Seconds of CPU a process has had."""
    times = psutil.Process(process).cpu_times()
    return float(times.user + times.system)


HELP = [Asked("", "/papers")] * SEARCHES


async def rounds(lab: Lab, members: list[User], asked: list[Asked], when: str, bot: int) -> None:
    """Both kinds of questions in turn."""
    for _ in range(ROUNDS):
        await asyncio.sleep(PAUSE)
        await at_once(lab, members, f"searches {when}", asked, bot)
        await asyncio.sleep(PAUSE)
        await at_once(lab, members, f"/papers help {when}", HELP, bot)


async def measure(papers: int, records: int) -> None:
    """Print what 200 at once take before a harvest and while it runs."""
    with tempfile.TemporaryDirectory() as folder:
        async with open_lab(Path(folder)) as lab, made_up_arxiv(records) as arxiv:
            days = (lab.now().date() - arxiv.since + timedelta(days=1)).days
            configure(lab, arxiv, days)
            listed = await fill(lab, papers)
            members = [lab.discord.member(lab.guild, f"m{n}") for n in range(MEMBERS)]
            asked = queries(listed, SEARCHES)
            # Error 10062: what Discord answers to whoever is late. It is counted, and no failure.
            lab.discord.tolerate(UNKNOWN_INTERACTION)
            print(
                f"{papers:,} papers, {len(listed)} listed,"
                f" {SEARCHES} at once of {MEMBERS} members;"
                f" Discord's schema is checked in the first round only\n{HEADER}"
            )
            arxiv.process.signal(signal.SIGSTOP)  # arXiv does not answer yet
            async with lab.process() as process:
                await process.line("ready", within=READY)
                await at_once(lab, members, "searches, checked by the schema", asked, process.pid)
                lab.discord.rest.schema = None
                await rounds(lab, members, asked, "before a harvest", process.pid)
                arxiv.process.signal(signal.SIGCONT)
                await rounds(lab, members, asked, "while it harvests", process.pid)
                print(
                    f"the harvest was {'over' if _harvested(process) else 'under way'} to the end"
                )


def _harvested(process: ChildProcess) -> bool:
    return any("harvested" in line for line in process.lines)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench.search_wire", description=__doc__)
    parser.add_argument("--papers", type=int, default=PAPERS, help="stored (24,000)")
    parser.add_argument("--records", type=int, default=RECORDS, help="to be harvested (30,000)")
    wanted = parser.parse_args()
    asyncio.run(measure(wanted.papers, wanted.records))
