"""What becomes of one simulated paper: when it is announced, and all that changes it later."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tests.soak import words
from tests.soak.eastern import DAY, Evenings
from tests.wire.arxiv_archive import Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

SETS = ("cs.CL", "cs.LG", "cs.AI", "cs.IR", "stat.ML")
WEIGHTS = (30, 30, 20, 8, 12)
ELSEWHERE = ("cs.CV", "cs.SE", "cs.HC", "cs.RO")
APART = timedelta(hours=36)
"""Changes of one paper closer to the one before are left out."""


@dataclass(frozen=True)
class Change:
    """A record as it is from an instant on: `at` counts for the datestamp, `visible` for OAI."""

    at: datetime
    visible: datetime
    record: Record
    kind: str


@dataclass(frozen=True)
class Draft:
    """A submission, and when moderators let it pass."""

    submitted: datetime
    ready: datetime
    categories: tuple[str, ...]
    relevant: bool


@dataclass(frozen=True)
class Plans:
    """What the changes of a paper are drawn from."""

    chance: Random
    evenings: Evenings
    bulks: Sequence[datetime]


def draft(chance: Random, submitted: datetime) -> Draft:
    """A submission. One in twelve is held by moderators, for 1 to 24 days."""
    held = timedelta(days=chance.uniform(1, 24)) if chance.random() < 0.08 else timedelta(0)
    categories = list(chance.choices(SETS, WEIGHTS))
    if chance.random() < 0.12:
        categories = [chance.choice(ELSEWHERE)]
    while chance.random() < 0.35:
        categories.append(chance.choice((*SETS, *ELSEWHERE)))
    unique = tuple(dict.fromkeys(categories))
    return Draft(submitted, submitted + held, unique, chance.random() < 0.06)


def record_of(chance: Random, one: Draft, arxiv_id: str, number: int, stamp: datetime) -> Record:
    """The first version of a paper, as announced."""
    return Record(
        id=arxiv_id,
        title=words.title(chance, number, relevant=one.relevant),
        authors=words.authors(chance),
        abstract=words.abstract(chance, relevant=one.relevant),
        categories=one.categories,
        created=one.submitted.date(),
        published=one.submitted,
        datestamp=stamp.date(),
    )


def later_changes(plans: Plans, record: Record, since: datetime) -> Iterator[Change]:
    """All that changes a paper announced at `since`, in order."""
    last = since
    for at, visible, kind in sorted(_instants(plans, since)):
        if at - last < APART:
            continue
        last = at
        changed = CHANGES[kind](plans.chance, record, at)
        if changed != record:
            record = replace(changed, datestamp=at.date())
            yield Change(at, visible, record, kind)
        if record.deleted:
            return


def _instants(plans: Plans, since: datetime) -> Iterator[tuple[datetime, datetime, str]]:
    chance = plans.chance
    for kind, share, first, last in (
        ("version", 0.2, 2, 60),
        ("version", 0.05, 20, 200),
        ("cross-list", 0.05, 2, 90),
        ("withdrawal", 0.008, 1, 40),
    ):
        if chance.random() < share:
            asked = since + timedelta(days=chance.uniform(first, last))
            if evening := plans.evenings.after(asked):
                at = evening.at + timedelta(seconds=chance.uniform(0, 600))
                yield at, evening.ready, kind
    # arXiv deletes next to nothing, and never within weeks.
    for kind, share, first, last in (("reference", 0.1, 1, 120), ("deletion", 0.003, 30, 200)):
        if chance.random() < share:
            at = since + timedelta(days=chance.uniform(first, last))
            yield at, at, kind
    for bulk in plans.bulks:
        if bulk > since and chance.random() < 0.02:
            at = bulk + timedelta(seconds=chance.uniform(0, 400))
            yield at, at, "bulk"


def _version(chance: Random, record: Record, at: datetime) -> Record:
    day = (at - DAY).date()
    return replace(
        record,
        version=record.version + 1,
        created=day,
        updated=day,
        abstract=words.abstract(chance, relevant="ynthetic" in record.title),
        comments=f"{record.version + 9} pages, revised",
    )


def _withdrawal(chance: Random, record: Record, at: datetime) -> Record:
    reason = "This paper has been withdrawn by the authors due to an error in Lemma 2"
    return replace(_version(chance, record, at), comments=reason)


def _cross_list(chance: Random, record: Record, at: datetime) -> Record:
    others = [name for name in SETS if name not in record.categories]
    if not others:
        return record
    return replace(record, categories=(*record.categories, chance.choice(others)))


def _reference(chance: Random, record: Record, at: datetime) -> Record:
    # Some name one DOI together, as the parts of a book do.
    number = record.id if chance.random() < 0.9 else words.number(chance)
    return replace(record, doi=f"10.5555/{number}", journal_ref=f"J. Sim. {words.number(chance)}")


def _bulk(chance: Random, record: Record, at: datetime) -> Record:
    return replace(record, comments=f"{record.comments} ({at:%B} {at.year})".strip()[:80])


def _deletion(chance: Random, record: Record, at: datetime) -> Record:
    return replace(record, deleted=True)


CHANGES = {
    "version": _version,
    "withdrawal": _withdrawal,
    "cross-list": _cross_list,
    "reference": _reference,
    "bulk": _bulk,
    "deletion": _deletion,
}
