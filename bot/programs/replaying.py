"""`replay`: a labelled stream through the whole intake in order of time, decided by its labels.

Each day's papers are stored as a harvest stores them and ranked, and the best of them decided as a
maintainer would: `replay_budget` says which. The ranker learns anew when the stream is a twentieth
longer: as often as each day at first, ever less later on, where a bot that runs does so after
decisions and every night. The database is a new one in a temporary folder, and the clock is the
stream's.

Nothing of the labels is known before a card is shown. The list begins as the shipped one without
the papers that are in the stream, told by id or title: such a paper comes onto it when it is
approved. What is labelled null is left out altogether.
"""

from __future__ import annotations

import time as clock_time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from bot.domain.errors import UserError
from bot.domain.intervals import Share
from bot.programs.replay_budget import Budget
from bot.programs.replay_desk import open_desk
from bot.programs.replay_stream import days_of, starting_list

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from bot.programs.labelled import Labelled
    from bot.programs.replay_desk import ReplayDesk
    from bot.programs.replay_stream import StreamDay

PARTS = 10
"""How often a replay says how far it is."""

GROWTH = 0.05
"""How many more papers are to be learnt from anew, as a share of those that were."""

_HEADING = ("until", "papers", "relevant", "shown", "share", "approved", "recall", "precision")


@dataclass(frozen=True, slots=True)
class Played:
    """The stream from its beginning until a day: papers, the relevant ones, cards, approvals."""

    until: date
    papers: int = 0
    relevant: int = 0
    shown: int = 0
    approved: int = 0

    @property
    def recall(self) -> Share:
        """How many of the relevant papers were shown, and so approved."""
        return Share(self.approved, self.relevant)

    @property
    def precision(self) -> Share:
        """How many of the papers shown were relevant."""
        return Share(self.approved, self.shown)

    def and_then(self, day: StreamDay, verdicts: Sequence[bool]) -> Played:
        """The same with one day more, on which these cards were decided."""
        return Played(
            day.day,
            self.papers + len(day.papers),
            self.relevant + len(day.relevant),
            self.shown + len(verdicts),
            self.approved + sum(verdicts),
        )


@dataclass(frozen=True, slots=True)
class Replayed:
    """How the stream went at each tenth of it, the whole last; how often the ranker learnt."""

    parts: tuple[Played, ...]
    trainings: int
    seconds: float

    @property
    def total(self) -> Played:
        """The whole stream."""
        return self.parts[-1]


async def replay(
    rows: Sequence[Labelled],
    share: float,
    *,
    keywords: Mapping[str, float],
    watch: Callable[[Played], None] = lambda _: None,
    known: Sequence[Labelled] = (),
) -> Replayed:
    """Play a stream, showing up to a `share` of its papers, 0 to 1.

    `known` are papers before it with their labels, which the ranker learns from to begin with.
    `watch` hears of each tenth of the stream as soon as it is over. Raises UserError where there is
    nothing to show.
    """
    begun = clock_time.perf_counter()
    past, days = days_of(known), days_of(rows, len(known))
    if not days:
        raise UserError("The stream has no paper with a label: relevant is null everywhere.")
    start = datetime.combine((*past, *days)[0].day, time(), UTC)
    async with open_desk(starting_list(rows), start, keywords) as desk:
        for day in past:
            await desk.know(day)
        timetable = Timetable(sum(len(day.papers) for day in past))
        parts = await _play(Stage(desk, Budget(share), timetable, watch), days)
    return Replayed(tuple(parts), timetable.count, clock_time.perf_counter() - begun)


@dataclass(slots=True)
class Timetable:
    """When the ranker learns anew, which at the last time learnt from so many `papers`."""

    papers: int
    new: int = 0
    count: int = 0

    def due(self, papers: int) -> bool:
        """Whether to learn now that so many more came."""
        self.new += papers
        if self.new < GROWTH * self.papers:
            return False
        self.papers, self.new, self.count = self.papers + self.new, 0, self.count + 1
        return True


@dataclass(frozen=True, slots=True)
class Stage:
    """What a replay plays on, and who watches."""

    desk: ReplayDesk
    budget: Budget
    timetable: Timetable
    watch: Callable[[Played], None]


async def _play(stage: Stage, days: Sequence[StreamDay]) -> list[Played]:
    size = sum(len(day.papers) for day in days)
    played, parts = Played(days[0].day), list[Played]()
    for day in days:
        verdicts = await stage.desk.take(day, stage.budget)
        played = played.and_then(day, verdicts)
        if played.papers * PARTS >= size * (len(parts) + 1):
            parts.append(played)
            stage.watch(played)
        if stage.timetable.due(len(day.papers)):
            await stage.desk.learn()
    return parts


def fields(played: Played) -> dict[str, object]:
    """A part as `--json` prints it."""
    return asdict(played) | {
        "until": played.until.isoformat(),
        "recall": played.recall.value,
        "recall_interval": played.recall.interval,
        "precision": played.precision.value,
        "precision_interval": played.precision.interval,
    }


def report(replayed: Replayed, share: float) -> dict[str, object]:
    """The whole as `--json` prints it."""
    return {
        "share": share,
        **fields(replayed.total),
        "trainings": replayed.trainings,
        "seconds": round(replayed.seconds, 1),
        "parts": [fields(part) for part in replayed.parts],
    }


def heading() -> str:
    """The line above the parts."""
    return _line(_HEADING)


def line(played: Played) -> str:
    """A part as a line of the table."""
    return _line(
        (
            played.until.isoformat(),
            f"{played.papers:,}",
            str(played.relevant),
            f"{played.shown:,}",
            f"{Share(played.shown, played.papers).value:.2%}",
            str(played.approved),
            f"{played.recall.value:.3f}",
            f"{played.precision.value:.3f}",
        )
    )


def _line(cells: Sequence[str]) -> str:
    return " ".join(cell.rjust(10) for cell in cells)


def worded(replayed: Replayed) -> str:
    """What it came to, for a person."""
    total = replayed.total
    low, high = total.recall.interval
    return (
        f"{total.shown:,} of {total.papers:,} papers shown "
        f"({Share(total.shown, total.papers).value:.2%}), {total.approved} of {total.relevant} "
        f"relevant ones among them: recall {total.recall.value:.3f} (95 %: {low:.2f} to "
        f"{high:.2f}), precision {total.precision.value:.3f}; learnt {replayed.trainings} times, "
        f"{replayed.seconds:.0f} s"
    )
