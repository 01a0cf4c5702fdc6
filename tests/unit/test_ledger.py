"""The ledger as maintainers see it: sums a day, what is missing, and when arXiv is asked next."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.chat import render
from bot.commands.ledger import DAYS, ledger_reply
from bot.console import render as in_terminal
from bot.domain.announcements import Calendar
from bot.domain.ledger import CROSS_CHECK, Day, days, next_pass
from bot.services.ledger import Ledger, Overview
from storage.harvests import Harvests, Page
from storage.manners import Manners
from storage.models import LedgerRow
from storage.watermarks import Watermarks

if TYPE_CHECKING:
    from storage.database import Database
    from tests.fakes import FakeClock

MONDAY = date(2024, 9, 16)
SETS = ("cs.CL", "cs.LG")
PHONE = 40


def row(pass_id: int, set_name: str = "cs.CL", **changes: Any) -> LedgerRow:
    """A row of a pass in which everything came and nothing happened."""
    counts = ("announced", "new", "late", "updated", "ranked", "queued", "decided")
    values: dict[str, Any] = dict.fromkeys(counts, 0)
    values |= {"day": MONDAY, "requests": 1, "faults": (), "complete": True}
    return LedgerRow(**({"pass_id": pass_id, "set": set_name} | values | changes))


def the_day(*rows: LedgerRow) -> Day:
    """The only day of these rows."""
    (found,) = days(rows, SETS)
    return found


def test_a_day_is_summed_over_sets_and_passes() -> None:
    """Records as of the fullest pass; what was new is new in one pass only."""
    found = the_day(
        row(1, announced=90, new=60, late=2, updated=5, queued=3, decided=1),
        row(2, announced=100, new=4, updated=1),
        row(2, "cs.LG", announced=50, new=30),
        row(3, "cs.LG", announced=48, updated=7),
    )
    assert found == Day(MONDAY, 150, 94, 2, 13, 3, 1, (), (), None)


def test_days_come_newest_first() -> None:
    """In whatever order the rows come."""
    earlier = MONDAY - timedelta(days=3)
    found = days([row(1, day=earlier), row(2), row(1, "cs.LG")], SETS)
    assert [one.day for one in found] == [MONDAY, earlier]


@pytest.mark.parametrize(
    ("rows", "missing", "faults"),
    [
        ([row(1)], ("cs.LG",), ()),
        ([row(1), row(1, "cs.LG", complete=False)], ("cs.LG",), ()),
        ([row(1), row(1, "cs.LG"), row(2, "cs.LG", complete=False)], (), ()),
        (
            [row(1), row(1, "cs.LG", complete=False, faults=("timed out",))],
            ("cs.LG",),
            (("cs.LG", "timed out"),),
        ),
        (
            [row(1), row(1, "cs.LG", complete=False, faults=("timed out",)), row(2, "cs.LG")],
            (),
            (),
        ),
        (
            [row(1, name) for name in SETS]
            + [row(2, name, complete=False, faults=("refused",)) for name in SETS],
            SETS,
            (("cs.CL, cs.LG", "refused"),),
        ),
    ],
)
def test_a_fault_counts_until_a_later_pass_repairs_it(
    rows: list[LedgerRow], missing: tuple[str, ...], faults: tuple[tuple[str, str], ...]
) -> None:
    """A set nobody read is missing; a pass that was broken off takes nothing back."""
    found = the_day(*rows)
    assert (found.missing, found.faults) == (missing, faults)


def test_the_cross_check_is_told_apart() -> None:
    """What it found is no record of a set; its own fault makes no set incomplete."""
    both = [row(1, name, announced=10, new=5) for name in SETS]
    check = row(2, CROSS_CHECK, announced=400, new=2, late=1, queued=1)
    assert the_day(*both, check) == Day(MONDAY, 20, 10, 0, 0, 1, 0, (), (), 3)
    failed = row(2, CROSS_CHECK, complete=False, faults=("too many",))
    found = the_day(*both, failed)
    assert (found.missing, found.found) == ((), None)
    assert found.faults == ((CROSS_CHECK, "too many"),)


@pytest.mark.parametrize(
    ("now", "then"),
    [
        (datetime(2024, 9, 16, 4, 19, tzinfo=UTC), datetime(2024, 9, 16, 4, 20, tzinfo=UTC)),
        (datetime(2024, 9, 16, 4, 20, tzinfo=UTC), datetime(2024, 9, 16, 13, 0, tzinfo=UTC)),
        (datetime(2024, 9, 20, 13, 0, tzinfo=UTC), datetime(2024, 9, 23, 4, 20, tzinfo=UTC)),
    ],
)
def test_the_next_pass_is_on_a_weekday(now: datetime, then: datetime) -> None:
    """In UTC; a time that is just now has passed."""
    assert next_pass([time(13), time(4, 20)], now) == then
    assert next_pass([], now) is None


def overview(*shown: Day, **changes: Any) -> Overview:
    """What the command has to say."""
    values: dict[str, Any] = {
        "complete_through": MONDAY,
        "left_alone_until": None,
        "next_pass": datetime(2024, 9, 16, 13, tzinfo=UTC),
    }
    return Overview(days=shown, **(values | changes))


BUSY = Day(MONDAY, 12_412, 1_803, 312, 1_231, 16, 12, (), (), 0)


def lines(shown: Overview) -> list[str]:
    """As a terminal shows it."""
    return in_terminal(ledger_reply(shown)).splitlines()


def test_a_good_day_is_three_lines_no_wider_than_a_phone() -> None:
    """Whether it is complete, what came, what became of it."""
    shown = lines(overview(BUSY))
    assert shown == [
        "What the harvest brought",
        "Complete through Mon 16 Sep",
        "Next pass Mon 13:00 UTC",
        "Mon 16 Sep · complete, cross-checked",
        "12412 announced · 1803 new · 312 late",
        "1231 updated · 16 queued · 12 decided",
        "Every pass by set: python -m bot ledger",
    ]
    assert max(map(len, shown)) <= PHONE


def test_what_is_wrong_is_named_in_few_words() -> None:
    """The sets without a word of why, then the faults, cut; what the cross-check found."""
    html = "arXiv (https://oaipmh.arxiv.org/oai?set=cs:cs:LG) " + "sent HTML " * 40
    faults = (("cs.LG, stat.ML", html), *(("cs.AI", f"{n}") for n in range(3)))
    missing = ("cs.LG", "stat.ML", "cs.AI", "cs.IR")
    shown = lines(overview(Day(MONDAY, 0, 0, 0, 0, 0, 0, missing, faults, 2)))
    assert shown[3:6] == [
        "Mon 16 Sep · not complete: cs.IR",
        "0 announced",
        "The cross-check found 2 more",
    ]
    assert shown[6].startswith("  > cs.LG, stat.ML: arXiv sent HTML sent")
    assert shown[6].endswith("…")
    assert shown[7:10] == ["  > cs.AI: 0", "  > cs.AI: 1", "  > … and 1 more"]


def test_the_cool_down_is_said() -> None:
    """Until when; it goes before the schedule."""
    until = datetime(2024, 9, 16, 9, 32, tzinfo=UTC)
    assert lines(overview(BUSY, left_alone_until=until))[2] == (
        "arXiv is left alone until Mon 09:32 UTC"
    )


def test_before_the_first_pass_there_is_nothing_to_show() -> None:
    """But when it will be."""
    nothing = overview(complete_through=None)
    assert lines(nothing) == ["arXiv was not asked yet. Next pass Mon 13:00 UTC"]
    assert lines(overview(complete_through=None, next_pass=None)) == ["arXiv was not asked yet."]
    assert lines(overview(BUSY, complete_through=None))[1] == "Not complete yet"


def test_the_worst_days_keep_discords_limits() -> None:
    """Every set failed for reasons of its own, in hostile words."""
    faults = tuple((f"cs.{n}", f"{n} **x** @everyone <@1> " * 90) for n in range(40))
    worst = Day(MONDAY, 9**9, 9**9, 9**9, 9**9, 9**9, 9**9, ("cs.X",) * 40, faults, 9**9)
    embed = render.embed(ledger_reply(overview(*[worst] * DAYS)))
    assert len(embed) <= 6000
    assert len(embed.description or "") <= 4096
    assert " @everyone" not in (embed.description or "")


async def test_the_ledger_is_read_from_the_database(sqlite: Database, clock: FakeClock) -> None:
    """The last days that have rows, the watermark as an announcement day, the cool-down."""
    times = (time(4, 20), time(13))
    read = Ledger(database=sqlite, clock=clock, sets=("cs.CL",), times=times, calendar=Calendar())
    assert (await read.overview(2)).days == ()
    now = clock.now()

    async def work(connection: Any) -> None:
        harvests, watermarks = Harvests(connection), Watermarks(connection)
        pass_id = await harvests.begin(now)
        await watermarks.reach("cs.CL", MONDAY)
        for back in (0, 3, 4):
            made = await harvests.row(pass_id, "cs.CL", MONDAY - timedelta(days=back), now)
            await harvests.count(made, Page(announced=10, first=9, new=8, late=1, updated=1))
            await harvests.complete(made)
        await watermarks.move("cs.CL", now - timedelta(days=1))
        await Manners(connection).cool_down(now + timedelta(minutes=30))

    await sqlite.write(work)
    seen = await read.overview(2)
    assert [(one.day, one.announced, one.missing) for one in seen.days] == [
        (MONDAY, 10, ()),
        (MONDAY - timedelta(days=3), 10, ()),
    ]
    assert seen.complete_through == MONDAY - timedelta(days=3), "nothing is announced on a Sunday"
    assert seen.left_alone_until == now + timedelta(minutes=30)
    assert seen.next_pass == now.replace(hour=13)
    clock.advance(3600)
    assert (await read.overview(2)).left_alone_until is None
