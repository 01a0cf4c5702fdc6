"""/review stats: what came by hand tells what the harvest misses."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.domain.intervals import Share
from bot.services.recall import is_hit, misses
from storage.hand import Brought
from storage.models import Origin, PaperId
from tests.unit.looks import approve, bring, find, look, numbered
from tests.unit.maintaining import Desks, open_desks, shown

if TYPE_CHECKING:
    from storage.database import Database
    from tests.fakes import FakeClock

DAY = timedelta(days=1)
BROUGHT_AT = datetime(2024, 9, 16, 9, tzinfo=UTC)
BROUGHT = Brought(
    paper=PaperId("arXiv:2409.00001"),
    title="Alpha",
    categories=("cs.CL",),
    arxiv="arXiv:2409.00001",
    origin=Origin.SUBMISSION,
    score=0.7,
    queued_at=BROUGHT_AT,
    posted_at=None,
    asked_at=BROUGHT_AT,
    approved_at=BROUGHT_AT + DAY,
    value=None,
    looked_at=None,
    announced=None,
)


@pytest.fixture
async def desks(sqlite: Database, clock: FakeClock) -> Desks:
    """Everything behind /review; cs.CL is watched."""
    return await open_desks(sqlite, clock)


async def recall(desks: Desks) -> list[str]:
    """The lines about it."""
    return [
        line
        for line in shown(await desks.type("/review stats"))
        if line.startswith(("Recall, ", "Missed", *"0123456789"))
    ]


@pytest.mark.parametrize(
    ("changes", "hit"),
    [
        ({}, False),
        ({"origin": Origin.HARVEST, "score": 0.1}, True),
        # Looked at later, when it was brought already.
        ({"value": 0.5, "looked_at": BROUGHT_AT + DAY}, True),
        ({"value": 0.49, "looked_at": BROUGHT_AT + DAY}, False),
        # Looked at first and let go, by a threshold that was higher then.
        ({"value": 0.9, "looked_at": BROUGHT_AT - DAY}, False),
        # Met by a harvest that does not rank what it knows: the score it came in with counts.
        ({"announced": date(2024, 9, 17)}, True),
        ({"announced": date(2024, 9, 16)}, True),
        ({"announced": date(2024, 9, 17), "score": 0.4}, False),
        # Announced long before: a memory was filled with it, and nobody ranked it.
        ({"announced": date(2024, 9, 2)}, False),
        # A new version of an old paper is no news.
        ({"announced": date(2024, 9, 17), "arxiv": "arXiv:2401.00001"}, False),
        ({"announced": date(2024, 9, 17), "arxiv": ""}, False),
    ],
)
def test_a_hit_is_what_the_harvest_queued_or_would_have(
    changes: dict[str, object], hit: bool
) -> None:
    """At a threshold of 0.5."""
    assert is_hit(replace(BROUGHT, **changes), 0.5) is hit  # type: ignore[arg-type]


def test_misses_are_told_apart() -> None:
    """The three lowest scores by name; the others by why the harvest never saw them."""
    seen = [
        replace(BROUGHT, title=f"P{number}", value=number / 10, looked_at=BROUGHT_AT)
        for number in (4, 1, 3, 2)
    ]
    unseen = [
        replace(BROUGHT, paper=PaperId("openreview:x"), arxiv="", categories=()),
        replace(BROUGHT, categories=("math.CO", "cs.LG")),
        replace(BROUGHT, categories=("math.CO", "cs.CL")),
        replace(BROUGHT, categories=()),
    ]
    found = misses([*seen, *unseen], {"cs.CL", "cs.AI"})
    assert (found.below, found.lowest) == (4, (("P1", 0.1), ("P2", 0.2), ("P3", 0.3)))
    assert (found.not_on_arxiv, found.other_categories, found.out_of_reach) == (1, 1, 2)


async def test_what_stood_on_the_list_or_was_only_found_tells_nothing(desks: Desks) -> None:
    """Neither is an independent look."""
    await approve(desks, await find(desks, numbered(1), 0.8))
    await desks.type("/review move 2402.13446 research")
    assert await recall(desks) == [
        "Recall, 12 weeks: nothing came by hand",
        "Recall, all time: nothing came by hand",
    ]


async def test_of_few_papers_only_counts_are_told(desks: Desks, clock: FakeClock) -> None:
    """And why each was missed."""
    made = numbered(1)
    number = await find(desks, made, 0.8)
    await bring(desks, made)
    await approve(desks, number)
    weak = [numbered(one, title=f"Weak{one}: Data") for one in (2, 3)]
    for one, value in zip(weak, (0.31, 0.12), strict=True):
        await look(desks, one, value)
    clock.advance(60)
    for made in (
        *weak,
        numbered(4, id=PaperId("openreview:abcdef")),
        numbered(5, categories=("math.CO",)),
        numbered(6),
    ):
        await approve(desks, await bring(desks, made))
    assert await recall(desks) == [
        "Recall, 12 weeks: 1 of 6 found, too few to say",
        "Recall, all time: 1 of 6 found, too few to say",
        "Missed, scored too low: 2; Weak3 (0.12) · Weak2 (0.31)",
        "Missed, never looked at: 1 not on arXiv, 1 in other categories, 1 older than it reaches",
    ]


async def test_of_ten_papers_a_share_is_told_with_its_interval(
    desks: Desks, clock: FakeClock
) -> None:
    """Over twelve weeks and over all time; one brought with its card in sight is said to be."""
    for number in range(1, 9):
        made = numbered(number)
        await bring(desks, made, 0.8)
        clock.advance(60)
        await look(desks, made, 0.8)
    await approve(desks, *range(1, 9))
    clock.advance(100 * DAY.total_seconds())
    seen = numbered(9)
    number = await find(desks, seen, 0.8)
    await desks.office.cards.follow()
    clock.advance(60)
    await bring(desks, seen)
    await approve(desks, number, await bring(desks, numbered(10)))
    lines = await recall(desks)
    assert lines[:3] == [
        "Recall, 12 weeks: 1 of 2 found, too few to say",
        "Recall, all time: 90 % (9 of 10 found), 95 % interval 60–98 %",
        "1 of the found was brought after its card stood",
    ]
    assert Share(9, 10).interval == pytest.approx((0.596, 0.982), abs=0.001)


async def test_what_was_undone_or_refused_tells_nothing(desks: Desks) -> None:
    """Only what belongs on the list."""
    one, two = [await bring(desks, numbered(number)) for number in (1, 2)]
    await approve(desks, one)
    await desks.type(f"/review undo {one}")
    await desks.type(f"/review reject {two}")
    assert (await recall(desks))[1] == "Recall, all time: nothing came by hand"


async def test_what_the_estimate_cannot_see_is_said(desks: Desks) -> None:
    """Below the figures."""
    footer = (await desks.type("/review stats")).footer
    assert "cannot see what nobody brought" in footer
    assert "no independent witness" in footer
