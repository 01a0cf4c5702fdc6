"""The short profile: a week of arXiv with real kills. `make soak` has months and a year."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.points import Kill
from tests.soak import crash, others, timeline
from tests.soak.archive import LivingArchive
from tests.soak.eastern import Evenings
from tests.soak.papers import SETS
from tests.soak.simulation import Profile, simulate
from tests.soak.weather import Weather
from tests.wire.arxiv_archive import set_of

START = datetime(2025, 3, 5, 15, tzinfo=UTC)
"""A Wednesday; the clocks in New York change on Sunday."""


@pytest.mark.long
async def test_a_week_with_kills_loses_nothing_and_doubles_nothing() -> None:
    """Killed for real and started again over a faulty arXiv, the bot stores every paper once."""
    profile = Profile(days=8, papers_a_day=10, page_size=4, life=20, rounds=1, sets=SETS[:1])
    outcome = await simulate(7, START, profile)
    assert outcome.kills >= 2
    assert outcome.announced > 10
    assert (outcome.lost, outcome.doubled, outcome.broken) == ([], [], [])
    assert outcome.least_gap >= 3


def test_announcements_follow_new_york() -> None:
    """Friday's papers come on Sunday; daylight saving moves the instant, holidays have none."""
    evenings = Evenings(date(2025, 3, 1), date(2025, 7, 31))
    friday = evenings.after(datetime(2025, 3, 7, 18, tzinfo=UTC))
    assert friday
    assert (friday.day, friday.at) == (date(2025, 3, 9), datetime(2025, 3, 10, tzinfo=UTC))
    winter = evenings.after(datetime(2025, 3, 5, 18, tzinfo=UTC))
    assert winter
    assert winter.at == datetime(2025, 3, 6, 1, tzinfo=UTC)
    fourth_of_july = evenings.after(datetime(2025, 7, 3, 18, 1, tzinfo=UTC))
    assert fourth_of_july
    assert fourth_of_july.day == date(2025, 7, 6)


def test_the_archive_has_what_makes_harvesting_hard() -> None:
    """Held papers, versions, late cross-lists, withdrawals and old unknown papers all come."""
    events = timeline.make(3, START, 60, 30)
    kinds = {change.kind for change in events.changes}
    assert {"version", "cross-list", "withdrawal", "reference", "bulk", "deletion"} <= kinds
    first = {change.record.id: change for change in reversed(events.changes)}.values()
    waits = [change.at - change.record.submitted for change in first if change.kind == "new"]
    assert timedelta(days=24) < max(waits) < timedelta(days=31)
    assert any(not one.startswith(f"{at:%y}") for one, at in events.entered.items() if at > START)


@pytest.mark.parametrize("days", [3, 30])
def test_a_change_moves_a_record_to_the_end_of_today(days: int) -> None:
    """Every record stands under one day only, and lists are in the order of modification."""
    archive = LivingArchive(timeline.make(3, START, 40, 10))
    archive.advance(START + timedelta(days=days))
    chosen = archive.modified(set_of(SETS[0]), None, None)[3]
    archive.touch(chosen.id, "Edited")
    listed = [record.id for record in archive.modified(set_of(SETS[0]), None, None)]
    assert len(listed) == len(set(listed))
    assert listed[-1] == chosen.id
    assert archive.records[chosen.id].datestamp == archive.now.date()


def test_what_others_lose_by_their_nature() -> None:
    """Without faults and outages the feed has all; the date of submission and ten do not."""
    events = timeline.make(3, START, 26, 25)
    lost = others.losses(events, Weather(3, START), (), events.end - timedelta(days=1))
    window, ten, rss = lost.values()
    assert (rss.lost, rss.anyway) == (0, 0)
    assert 0.1 < window.share < 0.5
    assert 0.1 < ten.share < 0.9
    held = [(START + timedelta(days=5), START + timedelta(days=9))]
    lost = others.losses(events, Weather(3, START), held, events.end - timedelta(days=1))
    assert lost["Current RSS"].share > 0.05
    assert lost["Current RSS"].anyway == 0


def test_every_point_of_a_life_is_tried_on_both_sides() -> None:
    """Each name in each act, its first passes; a death can be told to a process."""
    points = {1: ["publish", "index", "publish", "publish"], 2: ["publish"]}
    planned = [(one.act, str(one.kill)) for one in crash.deaths(points)]
    first = [f"{side} {number} publish" for number in (1, 2) for side in ("before", "after")]
    assert [kill for act, kill in planned if act == 1 and "publish" in kill] == first
    assert (1, "after 1 index") in planned
    assert (2, "before 1 publish") in planned
    assert len(planned) == 8
    assert Kill.read("after 2 commit · Review.decide < Cards") == Kill(
        "commit · Review.decide < Cards", 2, after=True
    )
