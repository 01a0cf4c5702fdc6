"""One limiter for everything that talks to arXiv."""

from __future__ import annotations

import asyncio
import itertools
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.domain.errors import Refused, SourceError
from bot.sources.answers import seconds_until
from bot.sources.manners import Manners
from tests.fakes import START, FakeClock
from tests.wire.arxiv_clock import HastyClock, opened

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from storage.database import Database


@pytest.fixture
def clock() -> HastyClock:
    """A clock that moves on while somebody sleeps."""
    return HastyClock()


@pytest.fixture
async def database(tmp_path: Path, clock: HastyClock) -> AsyncIterator[Database]:
    """A real database."""
    async with opened(tmp_path, clock) as database:
        yield database


async def taken(manners: Manners, clock: FakeClock) -> float:
    """When the next turn comes, in seconds since the start."""
    async with manners.turn():
        return (clock.now() - START).total_seconds()


async def test_turns_keep_three_seconds(database: Database, clock: HastyClock) -> None:
    """The first turn comes at once, each further one at least 3 seconds later and not much more."""
    manners = Manners(database=database, clock=clock)
    times = [await taken(manners, clock) for _ in range(4)]
    assert times[0] == 0
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert all(3.0 <= gap < 3.5 for gap in gaps)


async def test_two_limiters_share_the_slot(database: Database, clock: HastyClock) -> None:
    """Two limiters over one database, as two processes have them, take turns 3 seconds apart."""
    one, other = (Manners(database=database, clock=clock) for _ in range(2))
    times = sorted(
        await asyncio.gather(*(taken(manners, clock) for manners in (one, other, one, other)))
    )
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert min(gaps) >= 3.0


async def test_one_request_at_a_time(database: Database, clock: HastyClock) -> None:
    """While one request is under way nobody else gets a turn, however long it takes."""
    manners = Manners(database=database, clock=clock, spacing=0.0)
    under_way = most = 0

    async def ask() -> None:
        nonlocal under_way, most
        async with manners.turn():
            under_way += 1
            most = max(most, under_way)
            await asyncio.sleep(0.01)
            under_way -= 1

    await asyncio.gather(*(ask() for _ in range(5)))
    assert most == 1


async def test_a_failed_request_gives_its_turn_back(database: Database, clock: HastyClock) -> None:
    """An exception or a cancellation in a turn leaves the way free for the next."""
    manners = Manners(database=database, clock=clock)
    with pytest.raises(ZeroDivisionError):
        async with manners.turn():
            raise ZeroDivisionError
    hanging = asyncio.create_task(_hang(manners))
    await asyncio.sleep(0.05)
    hanging.cancel()
    await asyncio.gather(hanging, return_exceptions=True)
    assert await asyncio.wait_for(taken(manners, clock), 5) > 0


async def _hang(manners: Manners) -> None:
    async with manners.turn():
        await asyncio.Event().wait()


async def test_refusals_double_the_pause(database: Database, clock: HastyClock) -> None:
    """Each refusal in a row doubles the pause from 60 s up to an hour; an answer starts anew."""
    manners = Manners(database=database, clock=clock, random=lambda: 0.0)
    pauses = []
    for _ in range(9):
        before = clock.now()
        await manners.refused()
        await taken(manners, clock)
        pauses.append((clock.now() - before).total_seconds())
    assert pauses == [60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]
    await manners.answered()
    before = clock.now()
    await manners.refused()
    await taken(manners, clock)
    assert (clock.now() - before).total_seconds() == 60


async def test_pauses_have_jitter(database: Database, clock: HastyClock) -> None:
    """Chance adds up to a quarter to a pause, and never shortens it."""
    manners = Manners(database=database, clock=clock, random=lambda: 1.0)
    await manners.refused()
    assert await taken(manners, clock) == 75


@pytest.mark.parametrize(
    ("asked", "pause"),
    [(5.0, 60.0), (900.0, 900.0), (3 * 86_400.0, 3 * 86_400.0), (1e12, 7 * 86_400.0)],
)
async def test_retry_after_is_honoured(
    database: Database, clock: HastyClock, asked: float, pause: float
) -> None:
    """The pause is as long as arXiv asks, not under 60 s, and not over a day."""
    manners = Manners(database=database, clock=clock, random=lambda: 0.0)
    await manners.refused(asked)
    assert await taken(manners, clock) == pause


async def test_a_cool_down_survives_a_restart(tmp_path: Path, clock: HastyClock) -> None:
    """A new process over the same database waits out what the old one was told."""
    async with opened(tmp_path, clock) as database:
        await Manners(database=database, clock=clock, random=lambda: 0.0).refused(600)
    async with opened(tmp_path, clock) as database:
        assert await taken(Manners(database=database, clock=clock), clock) == 600


async def test_busy_is_no_refusal(database: Database, clock: HastyClock) -> None:
    """A 503 with Retry-After pauses for that long, and does not count towards the doubling."""
    manners = Manners(database=database, clock=clock, random=lambda: 0.0)
    await manners.busy(10)
    assert await taken(manners, clock) == 10
    await manners.refused()
    assert await taken(manners, clock) == 70


async def test_a_person_is_told_when_to_come_back(database: Database, clock: HastyClock) -> None:
    """Who does not want to wait is told at once until when arXiv wants peace."""
    manners = Manners(database=database, clock=clock, random=lambda: 0.0)
    await manners.refused(1800)
    with pytest.raises(SourceError, match="09:30 UTC"):
        async with manners.turn(patience=60):
            pytest.fail("the turn came too early")
    assert clock.slept == []


@pytest.mark.parametrize(
    ("contact", "agent"),
    [
        ("me@example.org", "syndata-papers (mailto:me@example.org)"),
        ("https://example.org/bot", "syndata-papers (https://example.org/bot)"),
        ("", "syndata-papers"),
        ("a@b.c\r\nX-Evil: (1)", "syndata-papers (mailto:a@b.cX-Evil:1)"),
        ("é", "syndata-papers"),
    ],
)
async def test_the_user_agent_names_the_contact(
    database: Database, clock: HastyClock, contact: str, agent: str
) -> None:
    """Every request says who asks, and a contact can smuggle nothing into the headers."""
    assert Manners(database=database, clock=clock, contact=contact).user_agent == agent


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Mon, 16 Sep 2024 09:01:30 GMT", 90.0),
        ("Mon, 16 Sep 2024 08:00:00 GMT", 0.0),
        ("Mon, 16 Sep 2024 09:01:30 -0000", 90.0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1e9", None),
        ("9" * 5000, None),
        ("Mon, 99 Sep 2024 09:00:00 GMT", None),
    ],
)
def test_retry_after_is_read_in_both_forms(header: str, seconds: float | None) -> None:
    """Retry-After is a number of seconds or a date; anything else says nothing."""
    assert seconds_until(header, START) == seconds


async def test_a_slot_taken_late_is_not_used(tmp_path: Path) -> None:
    """Whoever was held up between taking the slot and sending takes it again: 3 s still hold."""

    class HeldUp(HastyClock):
        readings = 0

        def now(self) -> datetime:
            self.readings += 1
            if self.readings == 2:
                self.advance(2.0)
            return super().now()

    clock = HeldUp()
    async with opened(tmp_path, HastyClock()) as database:
        manners = Manners(database=database, clock=clock)
        async with manners.turn(patience=60):
            assert clock.now() - START >= timedelta(seconds=5)


@pytest.mark.parametrize(
    ("hour", "minute", "waits"),
    [(0, 0, 7200), (0, 30, 5400), (1, 59, 60), (2, 0, 0), (23, 59, 0), (9, 0, 0)],
)
async def test_a_machine_keeps_the_quiet_hours(
    tmp_path: Path, hour: int, minute: int, waits: float
) -> None:
    """From 00:00 to 02:00 UTC a machine waits until 02:00; at any other hour it asks at once."""
    clock = HastyClock()
    clock.advance((hour - START.hour) * 3600 + minute * 60)
    async with opened(tmp_path, clock) as database:
        before = await taken(Manners(database=database, clock=clock), clock)
    assert before - ((hour - START.hour) * 3600 + minute * 60) == waits


async def test_a_person_asks_at_any_hour(tmp_path: Path) -> None:
    """Whoever waits for the answer gets it in the quiet hours too, and wakes no machine."""
    clock = HastyClock()
    clock.advance(15.5 * 3600)
    async with opened(tmp_path, clock) as database:
        manners = Manners(database=database, clock=clock)
        machine = asyncio.create_task(taken(manners, clock))
        async with manners.turn(patience=60):
            assert f"{clock.now():%H:%M}" == "00:30"
        assert await machine == 17 * 3600


async def test_a_cool_down_into_the_night_ends_at_two(tmp_path: Path) -> None:
    """A pause that ends in the quiet hours is prolonged to their end."""
    clock = HastyClock()
    clock.advance(14.5 * 3600)
    async with opened(tmp_path, clock) as database:
        manners = Manners(database=database, clock=clock, random=lambda: 0.0)
        await manners.refused(3600)
        assert await taken(manners, clock) == 17 * 3600


async def test_a_slow_answer_keeps_the_others_waiting(tmp_path: Path, clock: HastyClock) -> None:
    """While one process waits for arXiv's answer, another one does not ask, though 3 s are over."""
    order: list[str] = []

    async def ask(manners: Manners, name: str, seconds: float) -> None:
        async with manners.turn():
            order.append(f"{name} asks")
            await asyncio.sleep(seconds)
            order.append(f"{name} is answered")

    async with opened(tmp_path, clock) as one, opened(tmp_path, clock) as other:
        slow = asyncio.create_task(ask(Manners(database=one, clock=clock), "one", 0.3))
        await asyncio.sleep(0.1)
        clock.advance(10)
        await ask(Manners(database=other, clock=clock), "other", 0.0)
        await slow
    assert order == ["one asks", "one is answered", "other asks", "other is answered"]


async def test_a_person_does_not_wait_long_for_another_answer(
    tmp_path: Path, clock: HastyClock
) -> None:
    """Whoever has less patience than another request takes is told to try again."""
    async with opened(tmp_path, clock) as one, opened(tmp_path, clock) as other:
        async with Manners(database=one, clock=clock).turn():
            with pytest.raises(SourceError, match="still answering another question"):
                async with Manners(database=other, clock=clock).turn(patience=0.05):
                    pytest.fail("two asked at once")
        async with Manners(database=other, clock=clock).turn(patience=60):
            pass


async def test_a_long_pause_is_told_with_its_day(database: Database, clock: HastyClock) -> None:
    """A pause of days names the day it ends on."""
    manners = Manners(database=database, clock=clock, random=lambda: 0.0)
    await manners.refused(3 * 86_400)
    with pytest.raises(Refused, match="19 Sep 2024 09:00 UTC") as refused:
        async with manners.turn(patience=60):
            pytest.fail("the turn came too early")
    assert refused.value.retry_after == 3 * 86_400
