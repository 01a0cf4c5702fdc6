"""One simulated stretch of time: arXiv, the bot that is killed again and again, and the others."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import signal
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from bot.logs import configure
from storage.database import Database
from tests.soak import checks, others, timeline, worker
from tests.soak.clock import shared_clock
from tests.soak.papers import SETS
from tests.soak.site import Site
from tests.soak.weather import Weather
from tests.soak.worker import Life, database_url

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from tests.soak.clock import SharedClock
    from tests.soak.others import Loss
    from tests.soak.timeline import Timeline

FORKS = multiprocessing.get_context("forkserver")
"""Lives are forked from a process that has the imports behind it: that is most of a start."""
FORKS.set_forkserver_preload(["tests.soak.worker"])
QUIET_END = timedelta(days=4)
"""The last days are without faults and kills, so that the bot may show that it lost nothing."""
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
"""Where there is such a folder, databases lie in memory: kill −9 is no power cut."""


@dataclass(frozen=True)
class Profile:
    """How much is simulated: a kill comes after about `life` requests, `rounds` are made a day."""

    days: int
    papers_a_day: int = 30
    page_size: int = 12
    life: int = 400
    rounds: int = 3
    sets: tuple[str, ...] = SETS


MONTH = Profile(days=30)
YEAR = Profile(days=365, rounds=2)


@dataclass
class Outcome:
    """What came of it. `others` is what each other algorithm lost."""

    seed: int
    start: datetime
    days: int
    announced: int = 0
    stored: int = 0
    requests: int = 0
    kills: int = 0
    down: timedelta = timedelta(0)
    troubles: int = 0
    least_gap: float = 0.0
    kept_back: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    others: dict[str, Loss] = field(default_factory=dict)

    @property
    def good(self) -> bool:
        """Whether every property held."""
        return not (self.lost or self.doubled or self.broken)


async def simulate(seed: int, start: datetime, profile: Profile) -> Outcome:
    """Let time pass. What is announced, what fails and when the bot dies come from `seed`."""
    events = timeline.make(seed, start, profile.days, profile.papers_a_day, profile.sets)
    with TemporaryDirectory(prefix="soak-", dir=MEMORY) as folder:
        return await Simulation(seed, events, profile, Path(folder)).run()


Run = tuple[int, datetime, Profile]
"""A seed, when it begins, and how much."""


def run(one: Run) -> Outcome:
    """`simulate` for a process of its own."""
    configure(level=logging.ERROR)
    return asyncio.run(simulate(*one))


class Simulation:
    """One run in a folder of its own. Used once."""

    def __init__(self, seed: int, events: Timeline, profile: Profile, folder: Path) -> None:
        self._events, self._profile, self._folder = events, profile, folder
        self._chance = Random(f"{seed} deaths")  # seeded, so that a run can be had again
        self._peace = events.end - QUIET_END
        self._weather = Weather(seed, self._peace)
        self._outages: list[tuple[datetime, datetime]] = []
        self._outcome = Outcome(seed, events.start, profile.days)

    async def run(self) -> Outcome:
        """All lives, one after the other, and the judgement."""
        await self._make_database()
        with shared_clock(self._folder / "clock") as clock:
            clock.move(self._events.start)
            site = Site(
                self._events,
                clock,
                self._weather,
                page_size=self._profile.page_size,
                chance=self._chance,
            )
            async with site.open() as address:
                while not await self._life(site, clock, address):
                    self._outage(clock)
        return self._judged(site)

    async def _make_database(self) -> None:
        async with Database.open(
            database_url(self._folder), data=self._folder, now=lambda: datetime.now(UTC)
        ):
            pass

    async def _life(self, site: Site, clock: SharedClock, address: str) -> bool:
        """From a start to a death; whether the end was reached alive."""
        profile, end = self._profile, self._events.end
        told = Life(self._folder, address, end, profile.rounds, profile.sets)
        hearing, saying = FORKS.Pipe(duplex=False)
        process = FORKS.Process(target=worker.main, args=(told, saying))
        process.start()
        saying.close()
        self._plan_death(site, clock, int(process.pid or 0))
        while await _heard(hearing):
            self._check(site)
        await asyncio.to_thread(process.join)
        site.on_request = site.on_answer = _nothing
        site.hung_up()
        self._check(site)
        if process.exitcode not in {0, -signal.SIGKILL}:
            raise RuntimeError(f"the bot ended with {process.exitcode}, as told above")
        return process.exitcode == 0

    def _plan_death(self, site: Site, clock: SharedClock, pid: int) -> None:
        """At a request, right after an answer, or some milliseconds after one."""
        chance = self._chance
        early = chance.random() < 0.3
        at = site.ledger.requests + (
            chance.randrange(1, 40) if early else int(chance.expovariate(1 / self._profile.life))
        )
        delay = chance.choice((0.0, 0.002, 0.005, 0.02, 0.1))

        def due(number: int) -> bool:
            """Whether to die now; one dies once."""
            if number < at or clock.now() >= self._peace:
                return False
            site.on_request = site.on_answer = _nothing
            return True

        def before(number: int) -> None:
            """Die before the answer."""
            if due(number):
                os.kill(pid, signal.SIGKILL)

        def after(number: int) -> None:
            """Die when it is on its way, or being stored."""
            if due(number):
                asyncio.get_running_loop().call_later(delay, os.kill, pid, signal.SIGKILL)

        if chance.random() < 0.3:
            site.on_request = before
        else:
            site.on_answer = after

    def _outage(self, clock: SharedClock) -> None:
        chance = self._chance
        seconds = chance.choices(
            (
                chance.uniform(0, 5),
                chance.uniform(60, 7200),
                chance.uniform(7200, 86_400),
                chance.uniform(1, 4) * 86_400,
                chance.uniform(4, 10) * 86_400,
            ),
            (35, 35, 18, 8, 4),
        )[0]
        since = clock.now()
        clock.move(min(since + timedelta(seconds=seconds), max(since, self._peace)))
        self._outages.append((since, clock.now()))
        self._outcome.kills += 1
        self._outcome.down += clock.now() - since

    def _check(self, site: Site) -> None:
        stored = checks.read(self._folder / "papers.db")
        self._outcome.broken += checks.passed_over(stored, site.oai.honest, site.kept_back)

    def _judged(self, site: Site) -> Outcome:
        outcome, events, file = self._outcome, self._events, self._folder / "papers.db"
        stored = checks.read(file)
        # What is announced in the last hours has until the next round.
        until = self._events.end - timedelta(days=1)
        expected = checks.expected(events, until)
        outcome.announced = len(expected)
        outcome.stored = len(set(expected) & stored.papers)
        outcome.lost = checks.lost(stored, events, until)
        outcome.doubled = checks.doubled(file)
        outcome.broken += [
            *checks.miscounted(file),
            *checks.overlooked(file, events, until),
            *site.ledger.offences,
        ]
        outcome.requests = site.ledger.requests
        outcome.troubles = site.ledger.troubles.total()
        outcome.least_gap = site.ledger.least_gap
        outcome.kept_back = site.kept_back.ever
        outcome.others = others.losses(events, self._weather, self._outages, until)
        return outcome


async def _heard(hearing: Connection) -> bool:
    """Whether the bot told of one more round; it is dead otherwise."""
    loop, ready = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(hearing.fileno(), ready.set)
    await ready.wait()
    loop.remove_reader(hearing.fileno())
    try:
        hearing.recv_bytes()
    except (EOFError, OSError):
        hearing.close()
        return False
    return True


def _nothing(_number: int) -> None:
    return None
