"""From pages to candidates: what is stored, ranked and queued, and when a watermark moves."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

import pytest

from bot.domain import intake as rules
from bot.domain.errors import SourceError
from bot.services.intake import Intake
from bot.services.ports import HarvestPage
from storage.candidates import Candidates
from storage.harvests import Harvests
from storage.models import CandidateState, Paper, PaperId
from storage.papers import Papers
from storage.unranked import Unranked
from tests.factories import paper
from tests.unit.desk import Archive, Office, open_office

if TYPE_CHECKING:
    from storage.database import Database
    from tests.fakes import FakeClock

FIRST = datetime(2024, 9, 16, 8, 59, tzinfo=UTC)
LATER = datetime(2024, 9, 16, 9, 5, tzinfo=UTC)
TITLE = "Generating Synthetic Instruction Data with Large Language Models"
ABSTRACT = "We propose synthetic data generation with large language models for instruction tuning."


def found(number: int, **changes: object) -> Paper:
    """A relevant paper of this month."""
    values = {"title": f"{TITLE} {number}", "abstract": ABSTRACT, **changes}
    return paper(id=PaperId(f"arXiv:2409.{number:05}"), **values)


def page(*papers: Paper, last: bool = True, at: datetime = FIRST) -> HarvestPage:
    """A page as arXiv sends it."""
    return HarvestPage(papers, (), at, last)


@pytest.fixture
async def office(sqlite: Database, clock: FakeClock) -> Office:
    """The desk over the shipped list."""
    return await open_office(sqlite, clock)


def intake(office: Office, archive: Archive, *sets: str) -> Intake:
    """The harvest under test."""
    return Intake(
        database=office.database,
        harvester=archive,
        ranking=office.ranking,
        clock=office.clock,
        sets=sets or ("cs.CL",),
    )


async def queued(office: Office) -> list[str]:
    """The papers that wait."""
    waiting = await office.database.read(lambda c: Candidates(c).in_state(CandidateState.QUEUED))
    return sorted(candidate.paper for candidate in waiting)


async def watermark(office: Office, set_name: str = "cs.CL") -> datetime | None:
    """How far a set is complete."""
    return await office.database.read(lambda c: Harvests(c).watermark(set_name))


async def test_a_relevant_paper_is_queued_with_its_reasons(office: Office) -> None:
    """The first pass looks back seven days, stores everything, queues what fits."""
    off_topic = found(2, title="Vowel Length in Estonian", abstract="We measure vowels.")
    archive = Archive({"cs.CL": [page(found(1), off_topic)]})
    report = await intake(office, archive).harvest()
    assert (report.announced, report.new, report.queued, report.complete) == (2, 2, 1, True)
    assert archive.asked == [("cs.CL", date(2024, 9, 9), None)]
    assert await queued(office) == ["arXiv:2409.00001"]
    (candidate,) = await office.database.read(
        lambda c: Candidates(c).in_state(CandidateState.QUEUED)
    )
    assert candidate.reasons
    assert candidate.section in {"Research Papers", "Survey Papers", "Analysis Papers"}


async def test_the_watermark_is_the_first_pages_date_and_moves_with_the_last(
    office: Office,
) -> None:
    """The next pass starts three days before it."""
    archive = Archive({"cs.CL": [page(found(1), last=False), page(found(2), at=LATER)]})
    await intake(office, archive).harvest()
    assert await watermark(office) == FIRST
    await intake(office, archive).harvest()
    assert archive.asked[-1] == ("cs.CL", date(2024, 9, 13), None)


async def test_a_broken_pass_keeps_its_pages_and_not_the_watermark(office: Office) -> None:
    """What arrived is stored and ranked; the other sets go on; the fault is named and repaired."""
    broken = [page(found(1), last=False), SourceError("arXiv sent HTML")]
    archive = Archive({"cs.CL": broken, "cs.LG": [page(found(2))]})
    both = intake(office, archive, "cs.CL", "cs.LG")
    report = await both.harvest()
    assert report.faults == ("cs.CL: arXiv sent HTML",)
    assert not report.complete
    assert await watermark(office) is None
    assert await watermark(office, "cs.LG") == FIRST
    assert await queued(office) == ["arXiv:2409.00001", "arXiv:2409.00002"]
    archive.sets["cs.CL"] = [page(found(1), found(3))]
    assert (await both.harvest()).complete
    assert await queued(office) == [f"arXiv:2409.0000{number}" for number in (1, 2, 3)]
    rows = await office.database.read(lambda c: Harvests(c).ledger(10))
    assert [row.faults for row in rows if row.faults] == [("arXiv sent HTML",)]


async def test_the_same_paper_in_two_sets_is_one_candidate(office: Office) -> None:
    """Cross-lists and repeated passes double nothing."""
    archive = Archive({"cs.CL": [page(found(1))], "cs.LG": [page(found(1), found(1))]})
    for _ in range(2):
        await intake(office, archive, "cs.CL", "cs.LG").harvest()
    assert await queued(office) == ["arXiv:2409.00001"]


async def test_what_was_stored_before_a_crash_is_still_ranked(office: Office) -> None:
    """A kill between storing and ranking loses no candidate."""
    lost = found(9)
    now = office.clock.now()

    async def store(connection) -> None:  # type: ignore[no-untyped-def]
        await Papers(connection).store([lost], now)
        await Unranked(connection).add([lost.id])

    await office.database.write(store)
    await intake(office, Archive({"cs.CL": [page()]})).harvest()
    assert await queued(office) == [lost.id]


async def test_old_withdrawn_and_listed_papers_are_stored_and_not_queued(office: Office) -> None:
    """A late cross-list floods nobody."""
    old = paper(id=PaperId("arXiv:2401.00001"), title=TITLE, abstract=ABSTRACT)
    gone = found(2, withdrawn=True)
    listed = paper(id=PaperId("arXiv:2409.08239"), title=TITLE, abstract=ABSTRACT)
    report = await intake(office, Archive({"cs.CL": [page(old, gone, listed)]})).harvest()
    assert report.queued == 0
    assert await queued(office) == []
    stored = await office.database.read(lambda c: Papers(c).get_many([old.id, gone.id]))
    assert len(stored) == 2


async def test_a_range_asked_for_by_hand_moves_a_watermark_only_if_contiguous(
    office: Office,
) -> None:
    """A gap between the watermark and the range, or an end to it, leaves the watermark."""
    archive = Archive({"cs.CL": [page(found(1))]})
    one = intake(office, archive)
    await one.harvest()
    archive.sets["cs.CL"] = [page(found(2), at=LATER)]
    await one.harvest(since=date(2024, 9, 17))
    await one.harvest(since=date(2024, 9, 1), until=date(2024, 9, 30))
    assert await watermark(office) == FIRST
    await one.harvest(since=date(2024, 9, 16))
    assert await watermark(office) == LATER
    rows = await office.database.read(lambda c: Harvests(c).ledger(10))
    assert all(row.complete for row in rows)


@pytest.mark.parametrize(
    ("complete", "now", "due"),
    [
        (None, "2024-09-16T09:00", True),
        ("2024-09-16T04:30", "2024-09-16T06:00", False),
        ("2024-09-16T04:10", "2024-09-16T04:19", False),
        ("2024-09-16T04:10", "2024-09-16T04:21", True),
        ("2024-09-16T04:19", "2024-09-16T04:21", False),
        ("2024-09-13T04:30", "2024-09-15T12:00", False),
        ("2024-09-12T04:30", "2024-09-15T12:00", True),
    ],
)
def test_a_missed_pass_is_caught_up(complete: str | None, now: str, due: bool) -> None:
    """Due when a scheduled time (Monday to Friday) has passed since all sets were complete."""
    known = datetime.fromisoformat(complete).replace(tzinfo=UTC) if complete else None
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert rules.catch_up_is_due(known, [time(4, 20)], moment) is due


@pytest.mark.parametrize(
    ("paper_id", "recent"),
    [
        ("arXiv:2409.00001", True),
        ("arXiv:2408.00001", True),
        ("arXiv:2407.00001", False),
        ("arXiv:2309.00001", False),
        ("arXiv:hep-th/9901001", False),
        ("acl:2024.acl-long.12", False),
    ],
)
def test_this_month_and_the_last_are_news(paper_id: str, recent: bool) -> None:
    """Anything older is late."""
    assert rules.is_recent(PaperId(paper_id), datetime(2024, 9, 16, tzinfo=UTC)) is recent


async def test_two_processes_that_harvest_at_once_rank_each_paper_once(office: Office) -> None:
    """`harvest` beside `run`: the ledger's counts add up to what was new."""
    archive = Archive({"cs.CL": [page(*(found(number) for number in range(1, 6)))]})
    reports = await asyncio.gather(*(intake(office, archive).harvest() for _ in range(2)))
    rows = await office.database.read(lambda c: Harvests(c).ledger(10))
    assert sum(row.new for row in rows) == sum(report.new for report in reports) == 5
    assert sum(row.ranked for row in rows) == 5
    assert sum(row.queued for row in rows) == sum(report.queued for report in reports) == 5


async def test_a_date_from_the_future_does_not_carry_the_watermark_away(office: Office) -> None:
    """Dates of arXiv are believed by a day: the next pass must not ask for days to come."""
    archive = Archive({"cs.CL": [page(found(1), at=datetime(2099, 1, 1, tzinfo=UTC))]})
    await intake(office, archive).harvest()
    await intake(office, archive).harvest()
    assert archive.asked[-1] == ("cs.CL", date(2024, 9, 14), None)
