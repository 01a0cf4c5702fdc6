"""How others follow arXiv, written from their description, on the same archive.

They ask the faces of the archive without a socket between. An answer that is a fault gives them
nothing, as it does the clients they use (`arxiv` 4.0.2: HTML or an empty feed is no result and no
error), and while the bot is dead they are, too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from multidict import MultiDict

from tests.soak.archive import LivingArchive
from tests.soak.eastern import DAY
from tests.soak.faces import STALE_BY, search
from tests.soak.weather import Lie

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from tests.soak.timeline import Timeline
    from tests.soak.weather import Weather

KEYWORDS = ("synthetic data", "question answering", "machine translation")
ENTRY = re.compile(r"<id>http://arxiv.org/abs/([\d.]+)v\d+</id>")
CAP = 2000
"""Items of an RSS feed."""
HARMLESS = {Lie.SLOW, Lie.REPEATED, Lie.OLD_TOKEN, Lie.OTHER_DAY}
"""Troubles of lists by token, which they never ask for."""


@dataclass(frozen=True)
class Loss:
    """Of so many papers wanted, so many were not found, `anyway` even without an outage."""

    wanted: int
    lost: int
    anyway: int

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return self.lost / self.wanted if self.wanted else 0.0


@dataclass
class World:
    """What they have in common: the time, the archive, and when nothing works."""

    timeline: Timeline
    weather: Weather
    outages: Sequence[tuple[datetime, datetime]]
    until: datetime

    def __post_init__(self) -> None:
        self.archive = LivingArchive(self.timeline)
        self._api = search(self.archive, Random(0))  # seeded: ties swap alike each time

    def days(self, hour: int, every: int = 1) -> Iterator[datetime]:
        """The instants at which a daily job runs: not while the bot is dead."""
        now = self.timeline.start.replace(hour=hour, minute=30)
        while now <= self.until + 4 * DAY:
            if not any(since <= now <= until for since, until in self.outages):
                self.archive.advance(now)
                yield now
            now += every * DAY

    def ask(self, now: datetime, **question: object) -> list[str]:
        """The ids of a page of the API; a fault gives none."""
        trouble = self.weather.trouble(now)
        if trouble and trouble not in HARMLESS:
            return []
        asked = MultiDict({name: str(value) for name, value in question.items()})
        return ENTRY.findall(self._api.answer(asked)[1].decode())


def losses(
    timeline: Timeline,
    weather: Weather,
    outages: Sequence[tuple[datetime, datetime]],
    until: datetime,
) -> dict[str, Loss]:
    """What each loses of the papers announced in the sets; of those it looks for, with keywords."""
    wanted = {i for i, at in timeline.entered.items() if timeline.start <= at <= until}
    records = {change.record.id: change.record for change in reversed(timeline.changes)}
    matching = {
        one
        for one in wanted
        if any(word in f"{records[one].title} {records[one].abstract}".lower() for word in KEYWORDS)
    }

    def loss(wanted: set[str], follow: Callable[[World], set[str]]) -> Loss:
        """Each begins with the archive as it was."""
        found = follow(World(timeline, weather, outages, until))
        always_up = follow(World(timeline, weather, (), until))
        return Loss(len(wanted), len(wanted - found), len(wanted - always_up))

    return {
        "Window on submission, 3 to 2 days ago": loss(wanted, window),
        "Newest 10 a keyword every 5 days": loss(matching, newest_ten),
        "Current RSS": loss(wanted, rss),
    }


def window(world: World) -> set[str]:
    """Once a day what was submitted from three to two days ago."""
    found: set[str] = set()
    sets = " OR ".join(f"cat:{name}" for name in world.timeline.sets)
    for now in world.days(9):
        since, until = (f"{now - back * DAY:%Y%m%d%H%M}" for back in (3, 2))
        query = f"({sets}) AND submittedDate:[{since} TO {until}]"
        found.update(world.ask(now, search_query=query, max_results=2000))
    return found


def newest_ten(world: World) -> set[str]:
    """Every five days the ten newest of each keyword."""
    found: set[str] = set()
    for now in world.days(9, every=5):
        for keyword in KEYWORDS:
            found.update(
                world.ask(
                    now,
                    search_query=f'all:"{keyword}"',
                    sortBy="submittedDate",
                    sortOrder="descending",
                    max_results=10,
                )
            )
    return found


def rss(world: World) -> set[str]:
    """Every day the feed of each set: the last announcement, and nothing before it."""
    found: set[str] = set()
    for now in world.days(5):
        for name in world.timeline.sets:
            spell = world.weather.spell(now)
            trouble = world.weather.trouble(now)
            if trouble and trouble not in HARMLESS:
                continue
            shown = now - STALE_BY if spell.stale == name else now
            found.update(_feed(world.timeline, name, shown))
    return found


def _feed(timeline: Timeline, name: str, now: datetime) -> list[str]:
    """The newest are dropped first when there are too many."""
    announced = max(
        (evening for evening in timeline.evenings.all if evening.ready <= now),
        key=lambda evening: evening.at,
    )
    items = timeline.bulletins.get(announced.at.date(), [])
    return [item.id for item in items if name in item.sets][:CAP]
