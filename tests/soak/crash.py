"""The crash table: the bot killed before and after each effect it has in one life of the desk.

The points are found by living that life once, uninterrupted. Then it is lived once for every point:
the bot dies there, is started again, and all must come to what it came to the first time.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import shutil
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from storage.database import Database
from storage.harvests import CHECK, Harvests
from tests.points import Kill
from tests.soak.crash_house import House
from tests.soak.crash_life import Life
from tests.soak.crash_story import at_discord, differences, whole
from tests.wire.discord.answers import wait_until
from tests.wire.lab import START, open_lab

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping, Sequence

    from tests.soak.crash_story import Story

MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
"""Where there is such a folder, databases lie in memory: kill −9 is no power cut."""
PASSES = 2
"""Of a point that is passed often, so many passes of each act are tried."""
AT_ONCE = 2 * (os.cpu_count() or 1)
"""Lives that are lived at the same time: each mostly waits."""
ENOUGH = 30
SHOWN, WIDTH = 6, 1500
"""Of what went wrong, so many lines of so many characters are printed."""
LATE = 20.0
"""Seconds in which a life that was interrupted has to come to what it should."""


@dataclass(frozen=True)
class Death:
    """Where a life is interrupted: in which act, and by what."""

    act: int
    kill: Kill

    def __str__(self) -> str:
        side = "after " if self.kill.after else "before"
        return f"act {self.act}  {side}  {self.kill.name} #{self.kill.number}"


@dataclass(frozen=True)
class Row:
    """What became of a life: nothing wrong, or what; and whether it was interrupted at all."""

    death: Death
    reached: bool
    wrong: tuple[str, ...]


@asynccontextmanager
async def house_of(
    folder: Path, data: Path | None, kills: Mapping[int, Sequence[Kill]] | None = None
) -> AsyncIterator[House]:
    """A bot in a lab of its own, with a copy of a data folder."""
    await asyncio.to_thread(folder.mkdir)
    async with open_lab(folder, rate_limits=False) as lab:
        if data is not None:
            shutil.copytree(data, folder / "data")
        yield House(lab, kills)


async def template(folder: Path) -> Path:
    """A data folder with the shipped list, its index, and the day's cross-check behind it."""
    data = folder / "template"
    async with house_of(folder / "first", None) as house:
        await house.command("search", "synthetic", "--json")
        shutil.copytree(house.lab.folder / "data", data)
    url = f"sqlite+aiosqlite:///{data / 'papers.db'}"
    async with Database.open(url, data=data, now=lambda: START) as database:
        check = await database.write(lambda c: Harvests(c).begin(START, kind=CHECK))
        await database.write(lambda c: Harvests(c).end(check))
    return data


async def uninterrupted(data: Path) -> tuple[Story, dict[int, list[str]]]:
    """What it comes to when nobody dies, and the points passed in each act."""
    with TemporaryDirectory(prefix="crash-", dir=MEMORY) as folder:
        async with house_of(Path(folder) / "lab", data) as house:
            house.note_points()
            await Life(house).live()
            story = await whole(house)
            return story, {act: house.points(act) for act in range(1, house.act + 1)}


async def interrupted(data: Path, death: Death, expected: Story) -> Row:
    """Live it with one death."""
    with TemporaryDirectory(prefix="crash-", dir=MEMORY) as folder:
        kills = {death.act: [death.kill]}
        async with house_of(Path(folder) / "lab", data, kills) as house:
            try:
                await Life(house).live()
                await wait_until(lambda: not at_discord(house.lab) - expected, LATE)
                wrong = tuple(differences(expected, await whole(house)))
            except AssertionError as error:
                wrong = (str(error),)
            return Row(death, house.deaths > 0, wrong)


def deaths(points: Mapping[int, Sequence[str]]) -> Iterator[Death]:
    """Before and after the first passes of each point in each act."""
    for act, names in points.items():
        for name, passed in Counter(names).items():
            for number in range(1, min(passed, PASSES) + 1):
                yield from (Death(act, Kill(name, number, after)) for after in (False, True))


def live_and_die(data: Path, death: Death, expected: Story) -> Row:
    """`interrupted` for a process of its own."""
    return asyncio.run(interrupted(data, death, expected))


def table() -> bool:
    """Print a row a point and what they come to; whether nothing was lost and nothing doubled."""
    begun = time.monotonic()
    with TemporaryDirectory(prefix="crash-", dir=MEMORY) as folder:
        data = asyncio.run(template(Path(folder)))
        expected, points = asyncio.run(uninterrupted(data))
        rows = list(_rows(data, tuple(deaths(points)), expected))
    reached = [row for row in rows if row.reached]
    good = [row for row in reached if not row.wrong]
    print(f"{len(good)} of {len(reached)} points: nothing lost, nothing doubled")
    if missed := len(rows) - len(reached):
        print(f"{missed} more were not passed again.")
    print(f"{(time.monotonic() - begun) / 60:.1f} minutes")
    return len(good) == len(reached) >= ENOUGH


def _rows(data: Path, planned: Sequence[Death], expected: Story) -> Iterator[Row]:
    with ProcessPoolExecutor(AT_ONCE, multiprocessing.get_context("spawn")) as pool:
        futures = [pool.submit(live_and_die, data, death, expected) for death in planned]
        for future in as_completed(futures):
            row = future.result()
            came_to = "the same" if row.reached else "not passed again"
            print(f"{'WRONG' if row.wrong else came_to:<17}{row.death}", flush=True)
            for line in row.wrong[:SHOWN]:
                print(f"      {line[:WIDTH]}", flush=True)
            yield row
