"""Harvests over the wire: what is not believed, manners over processes, and passes broken off."""

from __future__ import annotations

import asyncio
import itertools
import json
import signal
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.composition import open_database
from bot.config import load
from storage.watermarks import Watermarks
from tests.wire.arxiv import Fault, Record
from tests.wire.arxiv_watched import WatchedArxiv
from tests.wire.lab import START, said

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from tests.wire.lab import Lab

QUICK = 1000.0
"""Minutes of the bot's time are over in a blink."""
SLOW = 2.0
"""What two processes do within 3 s of the bot's time can be told apart, also on a busy machine."""
DAY = timedelta(days=1)
TODAY = START.date()
YESTERDAY = TODAY - DAY
QUIET = "no new paper came, though arXiv announces on this day"

GARBAGE = {
    Fault.HTML200: "HTML page",
    Fault.EMPTY: "empty body",
    Fault.TRUNCATED: "broken or cut off",
    Fault.NO_RESULTS: "without records",
    Fault.ERROR_ENTRY: "<feed>",
    Fault.SERVER_ERROR: "500",
    Fault.RESET: "cannot be reached",
    Fault.BROKEN_OFF: "cannot be reached",
}
REFUSALS = {
    Fault.RATE_EXCEEDED: "Rate exceeded",
    Fault.TOO_MANY: "429",
    Fault.FORBIDDEN: "403",
    Fault.NOT_ACCEPTABLE: "406",
}


@pytest.fixture
async def arxiv(lab: Lab) -> AsyncIterator[WatchedArxiv]:
    """An arXiv the lab's bot asks, with nothing announced yet."""
    async with WatchedArxiv(now=lab.now) as arxiv:
        lab.arxiv = arxiv
        lab.configure()
        yield arxiv


def days(first: date, last: date = TODAY) -> list[date]:
    """All days from the first to the last."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def a_paper_on(*on: date) -> list[Record]:
    """A record for each day, first submitted the day before."""
    return [
        Record(id=f"{day:%y%m}.{day.day:05}", created=day - DAY, datestamp=day, title=f"Of {day}")
        for day in on
    ]


async def watermark(lab: Lab) -> datetime | None:
    """How far the bot knows the set to be complete."""
    async with open_database(load(lab.config, {}), lab.clock) as database:
        return await database.read(lambda c: Watermarks(c).watermark("cs.CL"))


async def harvest(lab: Lab, *arguments: str, status: int = 0) -> list[dict[str, Any]]:
    """The ledger rows that `harvest --json` prints, the only object on its output."""
    printed = await lab.output("harvest", *arguments, "--json", status=status)
    rows: list[dict[str, Any]] = json.loads(printed)["rows"]
    return rows


def faults(rows: Iterable[dict[str, Any]]) -> str:
    """All that went wrong."""
    return "\n".join(f"{row['day']} {fault}" for row in rows for fault in row["faults"])


async def at_peace_until(lab: Lab, moment: datetime) -> None:
    """All days up to a moment are harvested, by a bot without arXiv's 3 seconds."""
    lab.spacing = "0"
    lab.move(moment, QUICK)
    await harvest(lab)


@pytest.mark.long
async def test_a_day_without_news_is_asked_for_again_and_said_once(
    lab: Lab, arxiv: WatchedArxiv
) -> None:
    """Five times at growing intervals; then a notice, one only though it is killed over it."""
    arxiv.archive.add(*a_paper_on(YESTERDAY))
    await at_peace_until(lab, START - DAY)
    complete = await watermark(lab)
    channel = f"channels/{lab.review.id}/messages"
    lab.discord.fail("POST", channel, "drop", after_effect=True)
    arxiv.requests.clear()
    lab.move(START - timedelta(hours=4), QUICK)
    async with lab.process() as process:
        await lab.discord.until(lab.cards, 60)
        await process.kill()
    (notice,) = lab.cards()
    assert "no new paper in cs.CL for Tue 17 Sep" in said(notice)
    # Abstracts are asked for as well, but not by the day.
    begun = [one.at for one in arxiv.requests if one.arguments.get("from") == str(TODAY)]
    pauses = [(later - earlier) * QUICK / 60 for earlier, later in itertools.pairwise(begun)]
    assert len(pauses) == 4
    assert all(took > least for took, least in zip(pauses, (9, 19, 39, 79), strict=True)), pauses
    assert await watermark(lab) == complete

    lab.move(START + timedelta(hours=3), QUICK)
    asked = len(arxiv.requests)
    async with lab.bot() as process:
        await lab.discord.until(lambda: len(arxiv.requests) > asked)
        await process.line("harvest again")
    assert lab.cards() == [notice]
    told = json.loads(await lab.output("ledger", "--json"))["rows"]
    (row, *_) = [one for one in told if one["day"] == str(TODAY)]
    assert (row["faults"], row["complete"]) == ([QUIET], False)

    arxiv.archive.add(*a_paper_on(TODAY))
    assert faults(await harvest(lab)) == ""
    assert (await watermark(lab) or START) > START


@pytest.mark.long
async def test_nobody_is_told_of_a_closed_day(lab: Lab, arxiv: WatchedArxiv) -> None:
    """On a holiday, as on a weekend, no new paper is no news: one pass, and the watermark moves."""
    lab.configure(arxiv={"holidays": [str(YESTERDAY)]})
    arxiv.archive.add(*a_paper_on(YESTERDAY))
    await at_peace_until(lab, START - DAY)
    lab.move(START, QUICK)
    asked = len(arxiv.days)
    async with lab.bot() as process:
        await process.line('"harvested"')
        passed = len(arxiv.days)
        await asyncio.sleep(1.5)  # 25 minutes of its time
    assert passed > asked
    assert len(arxiv.days) == passed
    assert lab.cards() == []
    assert (await watermark(lab) or START) > START
    lab.move(datetime(2024, 9, 21, 9, tzinfo=UTC), QUICK)
    arxiv.archive.add(*a_paper_on(*(date(2024, 9, day) for day in (18, 19, 20))))
    assert faults(await harvest(lab)) == "", "a Saturday brings nothing"


@pytest.mark.long
async def test_a_pause_outlives_a_kill(lab: Lab, arxiv: WatchedArxiv) -> None:
    """429 with Retry-After: killed and started again it asks nothing until that time is over."""
    arxiv.archive.add(*a_paper_on(YESTERDAY, TODAY))
    arxiv.fail(Fault.TOO_MANY, retry_after="7200")
    async with lab.process() as process:
        await process.line("answered 429", within=30)
        await process.kill()
    assert len(arxiv.requests) == 1
    async with lab.bot():
        await asyncio.sleep(1)
    assert len(arxiv.requests) == 1
    lab.move(START + timedelta(seconds=7200 * 1.25 + 60))
    async with lab.bot():
        await lab.discord.until(lambda: TODAY in arxiv.days[1:], 30)


@pytest.mark.long
async def test_two_processes_ask_one_after_the_other(lab: Lab, arxiv: WatchedArxiv) -> None:
    """`run` and `harvest` on one database: 3 s between any two questions, never two at once."""
    arxiv.archive.add(*a_paper_on(*days(date(2024, 9, 11))))
    lab.configure(arxiv={"look_back": "14d"})
    lab.move(START, SLOW)
    arxiv.slow = 0.2

    def in_turn() -> bool:
        """Whether `run`, which asks for September, and `harvest` have asked beside each other."""
        months = [day.month for day in arxiv.days]
        return months.count(8) >= 3 and months[months.index(8) :].count(9) >= 3

    async with lab.bot(), lab.process("harvest", "--from", "2024-08-01"):
        await lab.discord.until(in_turn, 100)
    assert arxiv.most_at_once == 1
    assert min(arxiv.gaps()) * SLOW >= 3.0


@pytest.mark.long
async def test_an_interrupted_year_goes_on_where_it_stopped(lab: Lab, arxiv: WatchedArxiv) -> None:
    """Ctrl-C, then SIGKILL, then the end: no day that was read is asked for again, none is lost."""
    year = days(TODAY.replace(year=2023) + DAY)
    papers = a_paper_on(*(day for day in year if day.weekday() < 5))
    arxiv.archive.add(*papers)
    lab.spacing = "0"
    lab.move(START, 1.0)
    call = ("harvest", "--from", str(year[0]), "--json")
    async with lab.process(*call) as process:
        await lab.discord.until(lambda: len(arxiv.requests) > 90, 60)
        process.signal(signal.SIGINT)
        assert await process.wait() == 130
        assert (process.stdout, process.stderr) == ([], [])
    assert await watermark(lab) is None
    async with lab.process(*call) as process:
        await lab.discord.until(lambda: len(arxiv.requests) > 200, 60)
        await process.kill()
    assert await watermark(lab) is None

    rows = await harvest(lab, "--from", str(year[0]))
    assert set(arxiv.days) == set(year)
    assert len(arxiv.days) <= len(year) + 2, "more was asked again than what broke off"
    assert arxiv.days == sorted(arxiv.days)
    assert all(row["complete"] and not row["faults"] for row in rows)
    assert sum(row["announced"] for row in rows) == len(papers)
    assert sum(row["new"] + row["late"] for row in rows) == len(papers)
    assert len(year) <= sum(row["requests"] for row in rows) <= len(arxiv.days)
    assert START.date() == (await watermark(lab) or year[0]).date()


@pytest.mark.long
async def test_every_bad_answer_is_named_and_repaired(lab: Lab, arxiv: WatchedArxiv) -> None:
    """A bad answer costs its day only: named, status 1, watermark kept; then that day is asked."""
    first = date(2024, 8, 31)
    arxiv.archive.add(*a_paper_on(*days(first)))
    await at_peace_until(lab, datetime(2024, 9, 2, 9, tzinfo=UTC))
    complete = await watermark(lab)
    bad = dict(zip(days(first)[::2], GARBAGE, strict=False))
    arxiv.faults, arxiv.stale = dict(bad), {YESTERDAY}
    lab.move(START, QUICK)
    told = await harvest(lab, "--from", str(first), status=1)
    for day, fault in bad.items():
        assert GARBAGE[fault] in faults(told), (day, fault, faults(told))
    assert f"{YESTERDAY} arXiv was asked for {YESTERDAY} and sent 1 records" in faults(told)
    assert await watermark(lab) == complete

    arxiv.requests.clear()
    mended = await harvest(lab, "--from", str(first))
    assert set(arxiv.days) == {*bad, YESTERDAY, TODAY}
    assert all(row["complete"] for row in mended)
    assert (await watermark(lab) or START) > START


@pytest.mark.long
async def test_every_refusal_ends_the_pass_and_is_waited_out(lab: Lab, arxiv: WatchedArxiv) -> None:
    """The rest of the days is left alone, and not one of them is lost."""
    first = date(2024, 9, 6)
    arxiv.archive.add(*a_paper_on(*days(first)))
    lab.spacing = "0"
    lab.move(START, QUICK)
    refused = dict(zip(days(first)[1::2], REFUSALS, strict=False))
    arxiv.faults = dict(refused)
    for day, fault in refused.items():
        told = await harvest(lab, "--from", str(first), status=1)
        assert REFUSALS[fault] in faults(told), fault
        assert arxiv.days[-1] == day
        assert await watermark(lab) is None
    told = await harvest(lab, "--from", str(first))
    assert all(row["complete"] for row in told)
    assert sum(row["announced"] for row in told) == len(days(first))
    assert (await watermark(lab) or START) > START
