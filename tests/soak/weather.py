"""What goes wrong at the simulated arXiv, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from random import Random

from tests.soak.papers import SETS
from tests.wire.arxiv_faults import Fault

SPELL = timedelta(hours=2)
CALM = 0.004
"""The share of answers that are faults while nothing is the matter."""
EDITED = 0.04
"""How often a record of a list changes between two of its pages."""


class Lie(Enum):
    """An answer that looks right and is not, or that is right and hard to take."""

    SLOW = auto()
    REPEATED = auto()
    OTHER_DAY = auto()
    OLD_TOKEN = auto()
    UNSORTED = auto()


Trouble = Fault | Lie
TROUBLES: dict[Trouble, int] = {
    Fault.HTML200: 3, Fault.RATE_EXCEEDED: 2, Fault.EMPTY: 3, Fault.TRUNCATED: 3,
    Fault.NO_RESULTS: 3, Fault.BUSY: 4, Fault.TOO_MANY: 2, Fault.FORBIDDEN: 1,
    Fault.NOT_ACCEPTABLE: 1, Fault.RESET: 2, Fault.BROKEN_OFF: 2, Fault.TIMEOUT: 1,
    Fault.ERROR_ENTRY: 2, Fault.SERVER_ERROR: 2, Lie.SLOW: 3, Lie.REPEATED: 4, Lie.OTHER_DAY: 2,
    Lie.OLD_TOKEN: 3, Lie.UNSORTED: 2,
}  # fmt: skip
"""How often each comes, against the others."""


@dataclass(frozen=True)
class Spell:
    """Two hours: how often answers are faults, which ones most, and what is stale all the time."""

    rate: float
    favourites: tuple[Trouble, ...]
    stale: str | None
    cached: bool


class Weather:
    """Troubles by seed, none from `peace` on. Each two hours have their own."""

    def __init__(self, seed: int, peace: datetime) -> None:
        self._seed = seed
        self._peace = peace
        self._chance = Random(seed)  # seeded, so that it can be had again

    def spell(self, now: datetime) -> Spell:
        """What the two hours are like."""
        if now >= self._peace:
            return Spell(0.0, (), None, cached=False)
        number = int(now.timestamp() // SPELL.total_seconds())
        chance = Random(f"{self._seed} {number}")  # as above
        return Spell(
            rate=chance.uniform(0.03, 0.5) if chance.random() < 0.1 else CALM,
            favourites=tuple(chance.choices([*TROUBLES], [*TROUBLES.values()], k=2)),
            stale=chance.choice(SETS) if chance.random() < 0.06 else None,
            cached=chance.random() < 0.08,
        )

    def edits(self, now: datetime) -> bool:
        """Whether somebody edits a record of a list just while it is read."""
        return now < self._peace and self._chance.random() < EDITED

    def trouble(self, now: datetime) -> Trouble | None:
        """What is wrong with the next answer."""
        spell = self.spell(now)
        if self._chance.random() >= spell.rate:
            return None
        if self._chance.random() < 0.5:
            return self._chance.choice(spell.favourites)
        return self._chance.choices([*TROUBLES], [*TROUBLES.values()])[0]
