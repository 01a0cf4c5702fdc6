"""All that happens at a simulated arXiv, drawn ahead from one seed."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import TYPE_CHECKING

from tests.soak.eastern import DAY, Evenings
from tests.soak.papers import ELSEWHERE, SETS, Change, Draft, Plans, draft, later_changes, record_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import date


BEFORE = timedelta(days=40)
"""How long before the bot's first start the simulation knows arXiv day by day."""
OLD = 150
"""Papers of the years before that."""


@dataclass(frozen=True)
class Item:
    """A line of an announcement: a new paper, or one cross-listed to `sets` only now."""

    id: str
    sets: tuple[str, ...]


@dataclass(frozen=True)
class Timeline:
    """What happens between the start and the end.

    `changes` come in the order in which OAI shows them; `entered` says when a paper was first
    announced in the watched sets, `searchable` from when on the API's index has it, and `bulletins`
    what each evening's announcement listed.
    """

    start: datetime
    end: datetime
    evenings: Evenings
    changes: tuple[Change, ...]
    sets: tuple[str, ...]
    entered: dict[str, datetime]
    searchable: dict[str, datetime]
    bulletins: dict[date, list[Item]]


def make(
    seed: int,
    start: datetime,
    days: int,
    papers_a_day: int,
    sets: tuple[str, ...] = SETS,
) -> Timeline:
    """Draw the archive from 40 days before `start` until `days` after it; `sets` are watched."""
    chance = Random(seed)  # seeded, so that a year can be had again
    end = start + timedelta(days=days)
    evenings = Evenings((start - BEFORE).date(), end.date())
    bulks = sorted(start + (end - start) * chance.random() for _ in range(max(1, days // 15)))
    plans = Plans(chance, evenings, bulks)
    changes = [change for paper in _papers(plans, start, end, papers_a_day) for change in paper]
    changes.sort(key=lambda change: (change.visible, change.at))
    return Timeline(
        start,
        end,
        evenings,
        tuple(changes),
        sets,
        _entered(changes, sets),
        _searchable(chance, changes),
        _bulletins(changes),
    )


def _papers(
    plans: Plans, start: datetime, end: datetime, papers_a_day: int
) -> Iterator[list[Change]]:
    for number in range(OLD):
        yield _old(plans, number, start)
    numbers: Counter[str] = Counter()
    count = OLD
    drafts = _drafts(plans, start, end, papers_a_day)
    for evening in plans.evenings.all:
        for place, one in enumerate(drafts[evening.day]):
            count += 1
            # arXiv's other sets take the numbers between.
            numbers[f"{evening.day:%y%m}"] += plans.chance.randrange(1, 4)
            arxiv_id = f"{evening.day:%y%m}.{numbers[f'{evening.day:%y%m}']:05}"
            at = evening.at + timedelta(seconds=place)
            record = record_of(plans.chance, one, arxiv_id, count, at)
            yield [
                Change(at, evening.ready, record, "new"),
                *later_changes(plans, record, evening.at),
            ]


def _old(plans: Plans, number: int, start: datetime) -> list[Change]:
    """A paper of the last ten years that shows only when it changes."""
    at = start - timedelta(days=plans.chance.uniform(120, 3650))
    one = draft(plans.chance, at)
    if number % 3:
        one = Draft(at, at, (plans.chance.choice(ELSEWHERE),), one.relevant)
    arxiv_id = f"{at:%y%m}.{90_000 + number}" if at.year >= 2015 else f"{at:%y%m}.{9000 + number}"
    record = record_of(plans.chance, one, arxiv_id, number, at)
    changes = later_changes(plans, record, start - DAY)
    return [Change(at, at, record, "old"), *changes]


def _drafts(
    plans: Plans, start: datetime, end: datetime, papers_a_day: int
) -> dict[date, list[Draft]]:
    drafts: dict[date, list[Draft]] = defaultdict(list)
    day = datetime.combine((start - BEFORE).date(), time(0), UTC)
    while day < end:
        busy = 0.4 if day.weekday() >= 5 else 1.2
        for _ in range(int(papers_a_day * busy * plans.chance.uniform(0.7, 1.3))):
            one = draft(plans.chance, day + DAY * plans.chance.random())
            if evening := plans.evenings.after(one.ready):
                drafts[evening.day].append(one)
        day += DAY
    return drafts


def _entered(changes: list[Change], sets: Collection[str]) -> dict[str, datetime]:
    entered: dict[str, datetime] = {}
    watched = frozenset(sets)
    for change in changes:
        if not change.record.deleted and watched & set(change.record.categories):
            entered.setdefault(change.record.id, change.visible)
    return entered


def _searchable(chance: Random, changes: list[Change]) -> dict[str, datetime]:
    """Most are in the index within hours, some only after days."""
    found: dict[str, datetime] = {}
    for change in changes:
        if change.kind in {"new", "old"}:
            least, most = chance.choices(((1, 6), (6, 20), (36, 200)), (74, 22, 4))[0]
            lag = timedelta(hours=chance.uniform(least, most))
            found[change.record.id] = change.visible + lag
    return found


def _bulletins(changes: list[Change]) -> dict[date, list[Item]]:
    """New submissions and cross-lists, by the UTC day of the announcement."""
    lines: dict[date, list[Item]] = defaultdict(list)
    known: dict[str, tuple[str, ...]] = {}
    for change in changes:
        record, before = change.record, known.get(change.record.id, ())
        known[record.id] = record.categories
        fresh = tuple(name for name in record.categories if name not in before)
        if fresh and change.kind in {"new", "cross-list"}:
            lines[change.at.date()].append(Item(record.id, fresh))
    return lines
