"""When digests are due, and how they split."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain import digest
from bot.domain.cards import DigestItem
from storage.models import DigestChannel, DigestRun

if TYPE_CHECKING:
    from collections.abc import Callable

SETTLE = timedelta(minutes=3)


def channel(zone: str = "UTC", hour: int = 9, since: str = "2026-01-01T00:00") -> DigestChannel:
    """A channel that gets a digest."""
    return DigestChannel(1, 2, hour, 0, zone, at(since))


def at(text: str) -> datetime:
    """An instant in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def done(window: digest.Window, number: int = 1) -> DigestRun:
    """A digest that was sent."""
    return DigestRun(number, 1, window.day, window.since, window.until, done=True)


def test_nothing_is_due_before_the_hour_of_the_first_day() -> None:
    """A channel chosen at 08:00 for 09:00 waits until 09:00."""
    chosen = channel(since="2026-03-02T08:00")
    assert digest.due(chosen, None, at("2026-03-02T08:59"), SETTLE) is None
    window = digest.due(chosen, None, at("2026-03-02T09:00"), SETTLE)
    assert window == digest.Window(date(2026, 3, 2), at("2026-03-02T08:00"), at("2026-03-02T08:57"))


def test_a_channel_chosen_after_the_hour_waits_for_tomorrow() -> None:
    """Choosing a channel at 10:00 for 09:00 sends nothing about this morning."""
    chosen = channel(since="2026-03-02T10:00")
    assert digest.due(chosen, None, at("2026-03-02T23:00"), SETTLE) is None
    assert digest.due(chosen, None, at("2026-03-03T09:00"), SETTLE) is not None


def test_days_missed_are_caught_up_by_one_digest() -> None:
    """After five days away one digest covers all five, from where the last one ended."""
    first = digest.due(channel(), None, at("2026-03-02T09:00"), SETTLE)
    assert first is not None
    late = digest.due(channel(), done(first), at("2026-03-07T11:00"), SETTLE)
    assert late is not None
    assert (late.day, late.since) == (date(2026, 3, 7), first.until)
    assert digest.due(channel(), done(late), at("2026-03-07T23:59"), SETTLE) is None


def test_entries_that_may_still_be_undone_wait() -> None:
    """The window ends `settle` before now."""
    window = digest.due(channel(), None, at("2026-03-02T09:00"), SETTLE)
    assert window is not None
    assert window.until == at("2026-03-02T08:57")


CHANGES = [(3, 5), (3, 26), (4, 2), (10, 1), (10, 22), (10, 29)]
"""Days of 2026 within a week of which clocks are changed, in one of these zones or another."""


def at_changes(test: Callable[..., None]) -> Callable[..., None]:
    """Look at these days whatever else is looked at."""
    for month, day in CHANGES:
        test = example(start=datetime(2026, month, day), hour=2)(test)  # noqa: DTZ001
    return test


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe"])
@at_changes
@given(start=st.datetimes(datetime(2026, 2, 1), datetime(2026, 11, 20)), hour=st.integers(0, 23))  # noqa: DTZ001 - hypothesis takes naive bounds
def test_every_local_day_gets_one_digest_across_clock_changes(
    zone: str, start: datetime, hour: int
) -> None:
    """Ticking for three weeks gives each local day one digest; no instant is left out."""
    now = start.replace(tzinfo=UTC)
    chosen = DigestChannel(1, 2, hour, 30, zone, now)
    windows: list[digest.Window] = []
    for _ in range(3 * 21 * 24):
        now += timedelta(minutes=20)
        window = digest.due(chosen, done(windows[-1]) if windows else None, now, SETTLE)
        if window is not None:
            windows.append(window)
            local = now.astimezone(ZoneInfo(zone))
            assert local.date() == window.day
    days = [window.day for window in windows]
    assert days == sorted(set(days))
    assert (days[-1] - days[0]).days + 1 == len(days)
    assert all(a.until == b.since for a, b in itertools.pairwise(windows))


def items(count: int, title: str = "A title") -> list[tuple[str, DigestItem]]:
    """Made-up papers of two sections."""
    return [
        (
            f"Section {i % 2}",
            DigestItem(f"{title} {i}", "https://arxiv.org/abs/1", "Wu et al.", "We show."),
        )
        for i in range(count)
    ]


def test_no_entries_make_no_message() -> None:
    """A day without news is silent."""
    assert digest.split(date(2026, 3, 2), [], complete_through=None, waiting=0) == ()


def test_sentences_are_dropped_above_eight_papers() -> None:
    """Eight papers keep their contribution sentences, nine do not."""
    (eight,) = digest.split(date(2026, 3, 2), items(8), complete_through=None, waiting=0)
    (nine,) = digest.split(date(2026, 3, 2), items(9), complete_through=None, waiting=0)
    assert all(item.contribution for _, found in eight.sections for item in found)
    assert not any(item.contribution for _, found in nine.sections for item in found)


@given(st.lists(st.integers(1, 900), max_size=60))
def test_splitting_keeps_every_paper_once_and_numbers_the_parts(lengths: list[int]) -> None:
    """Whatever the lengths, each paper stands in exactly one part."""
    given_items = [("S", DigestItem(f"{i} " + "x" * n, "", "")) for i, n in enumerate(lengths)]
    posts = digest.split(date(2026, 3, 2), given_items, complete_through=None, waiting=0)
    titles = [item.title for post in posts for _, found in post.sections for item in found]
    assert titles == [item.title for _, item in given_items]
    assert [post.part for post in posts] == list(range(len(posts)))
    assert {post.parts for post in posts} <= {len(posts)}
