"""From pages to candidates: what is stored, ranked and queued, and when a watermark moves."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.domain import intake as rules
from bot.domain.announcements import Calendar
from bot.domain.errors import Refused, SourceError, TokenExpired, UserError
from bot.services.intake import Intake
from bot.services.ports import WindowSlice
from storage.candidates import Candidates
from storage.harvests import Harvests
from storage.models import CandidateState, Paper, PaperId
from storage.papers import Papers
from storage.unranked import Unranked
from storage.watermarks import Watermarks
from tests.factories import paper
from tests.unit.archive import Archive
from tests.unit.desk import Office, open_office

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from bot.services.intake import HarvestReport
    from storage.database import Database
    from storage.models import LedgerRow
    from tests.fakes import FakeClock

MONDAY = date(2024, 9, 16)
FRIDAY, SATURDAY, SUNDAY, TUESDAY = (MONDAY + timedelta(days=by) for by in (-3, -2, -1, 1))
NOW = datetime(2024, 9, 16, 9, 0, tzinfo=UTC)
TITLE = "Generating Synthetic Instruction Data with Large Language Models"
ABSTRACT = "We propose synthetic data generation with large language models for instruction tuning."


def found(number: int, **changes: object) -> Paper:
    """A relevant paper of this month, announced today."""
    values = {"title": f"{TITLE} {number}", "abstract": ABSTRACT, "datestamp": MONDAY, **changes}
    return paper(id=PaperId(f"arXiv:2409.{number:05}"), **values)


@pytest.fixture
async def office(sqlite: Database, clock: FakeClock) -> Office:
    """The desk over the shipped list."""
    return await open_office(sqlite, clock)


@pytest.fixture
def archive(clock: FakeClock) -> Archive:
    """An arXiv that announced one paper today, so that the day is not suspicious."""
    archive = Archive(clock)
    archive.add(found(1))
    return archive


def intake(
    office: Office, archive: Archive, *sets: str, holidays: Sequence[date] = (), look_back: int = 7
) -> Intake:
    """The harvest under test."""
    return Intake(
        database=office.database,
        harvester=archive,
        ranking=office.ranking,
        clock=office.clock,
        sets=sets or ("cs.CL",),
        calendar=Calendar(frozenset(holidays)),
        look_back=timedelta(days=look_back),
    )


async def queued(office: Office) -> list[int]:
    """The numbers of the papers that wait."""
    waiting = await office.database.read(lambda c: Candidates(c).in_state(CandidateState.QUEUED))
    return sorted(int(candidate.paper[-5:]) for candidate in waiting)


async def known(office: Office, *ids: PaperId) -> int:
    """How many of these papers are stored."""
    return len(await office.database.read(lambda c: Papers(c).get_many(ids)))


async def watermark(office: Office, set_name: str = "cs.CL") -> datetime | None:
    """How far a set is complete."""
    return await office.database.read(lambda c: Watermarks(c).watermark(set_name))


async def ledger(office: Office) -> tuple[LedgerRow, ...]:
    """All rows, the newest pass first."""
    return await office.database.read(lambda c: Harvests(c).ledger(1000))


def row_of(report: HarvestReport, day: date, set_name: str = "cs.CL") -> LedgerRow:
    """The row of a day."""
    (row,) = (row for row in report.rows if (row.day, row.set) == (day, set_name))
    return row


async def test_a_relevant_paper_is_queued_with_its_reasons(
    office: Office, archive: Archive
) -> None:
    """The first pass looks back seven days, day by day, stores everything, queues what fits."""
    archive.add(found(2, title="Vowel Length in Estonian", abstract="We measure vowels."))
    report = await intake(office, archive).harvest()
    assert (report.announced, report.new, report.queued, report.complete) == (2, 2, 1, True)
    assert archive.days() == [date(2024, 9, day) for day in range(9, 17)]
    assert await queued(office) == [1]
    (candidate,) = await office.database.read(
        lambda c: Candidates(c).in_state(CandidateState.QUEUED)
    )
    assert candidate.reasons
    assert candidate.section in {"Research Papers", "Survey Papers", "Analysis Papers"}


async def test_a_row_a_day_on_which_arxiv_announced(office: Office, archive: Archive) -> None:
    """What is dated at the weekend belongs to Friday; each row counts its own papers."""
    archive.add(found(2, datestamp=SATURDAY), found(3, datestamp=SUNDAY))
    archive.add(found(4, datestamp=FRIDAY, title="Vowels", abstract="We measure vowels."))
    report = await intake(office, archive).harvest()
    assert [row.day.day for row in report.rows] == [16, 13, 12, 11, 10, 9]
    friday, monday = row_of(report, FRIDAY), row_of(report, MONDAY)
    assert (friday.announced, friday.new, friday.ranked, friday.queued) == (3, 3, 3, 2)
    assert (monday.announced, monday.new, monday.ranked, monday.queued) == (1, 1, 1, 1)
    assert all(row.complete and not row.faults for row in report.rows)
    stored = await office.database.read(lambda c: Papers(c).get(PaperId("arXiv:2409.00003")))
    assert stored is not None
    assert stored.announced == FRIDAY


async def test_the_ledger_counts_what_was_decided(office: Office, archive: Archive) -> None:
    """Of the candidates a row brought, those approved or rejected since."""
    archive.add(found(2))
    await intake(office, archive).harvest()
    one, other = await office.database.read(lambda c: Candidates(c).in_state(CandidateState.QUEUED))
    for candidate, state in (
        (one.id, CandidateState.REJECTED),
        (other.id, CandidateState.SNOOZED),
    ):
        await office.database.write(
            lambda c, id_=candidate, to=state: Candidates(c).change(
                id_, frozenset({CandidateState.QUEUED}), to, now=NOW
            )
        )
    assert [row.decided for row in await ledger(office)][:2] == [1, 0]


async def test_the_watermark_is_the_first_pages_date_and_moves_with_the_last(
    office: Office, archive: Archive
) -> None:
    """The next pass starts three days before it, Monday's first one fourteen."""
    before = office.clock.now()
    await intake(office, archive).harvest()
    assert await watermark(office) == before
    archive.days()
    office.clock.advance(3600)
    await intake(office, archive).harvest()
    assert archive.days() == [date(2024, 9, day) for day in range(13, 17)]
    assert await watermark(office) == before + timedelta(hours=1)
    office.clock.advance(7 * 86_400)
    archive.add(found(2, datestamp=MONDAY + timedelta(days=7)))
    await intake(office, archive).harvest()
    assert archive.days() == [date(2024, 9, day) for day in range(2, 24)]


async def test_a_failed_deep_pass_is_made_up_for(office: Office, archive: Archive) -> None:
    """Fourteen days are asked for until a pass of this week was completed."""
    one = intake(office, archive)
    await one.harvest()
    office.clock.advance(7 * 86_400)
    archive.faults["cs.CL", date(2024, 9, 10)] = [SourceError("arXiv sent HTML")]
    archive.add(*(found(day, datestamp=date(2024, 9, day)) for day in (17, 18, 19, 20, 23)))
    archive.days()
    for _ in range(2):
        await one.harvest()
        assert archive.days()[0] == date(2024, 9, 2)
    await one.harvest()
    assert archive.days()[0] == date(2024, 9, 20)


async def test_a_broken_day_keeps_its_pages_and_not_the_watermark(
    office: Office, archive: Archive
) -> None:
    """What arrived is stored and ranked; later days and sets go on; the next pass repairs it."""
    archive.add(found(2, datestamp=FRIDAY), found(3, datestamp=FRIDAY), found(4, datestamp=FRIDAY))
    archive.add(found(5), sets=["cs.LG"])
    archive.faults["cs.CL", FRIDAY] = [SourceError("arXiv sent HTML")]
    both = intake(office, archive, "cs.CL", "cs.LG")
    report = await both.harvest()
    assert report.faults == ("cs.CL, 2024-09-13: arXiv sent HTML",)
    assert not report.complete
    assert not row_of(report, FRIDAY).complete
    assert row_of(report, MONDAY).complete
    assert await watermark(office) is None
    assert await watermark(office, "cs.LG") == NOW
    assert await queued(office) == [1, 2, 3, 5]
    assert (await both.harvest()).complete
    assert await queued(office) == [1, 2, 3, 4, 5]
    assert [row.faults for row in await ledger(office) if row.faults] == [("arXiv sent HTML",)]


async def test_a_first_pass_that_broke_off_is_begun_where_it_was(
    office: Office, archive: Archive
) -> None:
    """However long the bot was away then: without a watermark the look-back does not move on."""
    archive.faults["cs.CL", date(2024, 9, 9)] = [Refused("arXiv answered 429")]
    archive.add(found(2, datestamp=date(2024, 9, 10)))
    one = intake(office, archive)
    assert not (await one.harvest()).complete
    office.clock.advance(10 * 86_400)
    archive.days()
    assert (await one.harvest()).complete
    assert archive.days()[0] == date(2024, 9, 9)
    assert await queued(office) == [1, 2]


async def test_an_expired_token_begins_its_day_anew(office: Office, archive: Archive) -> None:
    """Nothing is counted twice, no other day is read again."""
    archive.add(found(2), found(3))
    archive.faults["cs.CL", MONDAY] = [TokenExpired("badResumptionToken")]
    report = await intake(office, archive).harvest()
    assert report.complete
    assert not report.faults
    row = row_of(report, MONDAY)
    assert (row.announced, row.new, row.updated, row.requests) == (3, 3, 0, 4)
    assert archive.days()[-2:] == [MONDAY, MONDAY]


async def test_a_token_that_always_expires_is_a_fault(office: Office, archive: Archive) -> None:
    """Three times, then the day is left to the next pass."""
    archive.faults["cs.CL", MONDAY] = [TokenExpired("badResumptionToken")] * 9
    report = await intake(office, archive).harvest()
    assert report.faults == ("cs.CL, 2024-09-16: badResumptionToken",)
    assert archive.days()[-3:] == [MONDAY] * 3
    assert await watermark(office) is None


async def test_a_refusal_ends_the_pass(office: Office, archive: Archive) -> None:
    """It is left alone: what was not asked is named, and asked by the next pass."""
    archive.faults["cs.CL", FRIDAY] = [Refused("arXiv answered 429")]
    report = await intake(office, archive, "cs.CL", "cs.LG").harvest()
    assert archive.asked[-1] == ("cs.CL", FRIDAY)
    left = "not asked: arXiv failed before and is left alone for now"
    assert report.faults == (
        "cs.CL, 2024-09-13: arXiv answered 429",
        f"cs.CL, 2024-09-13: {left}",
        f"cs.LG, 2024-09-09: {left}",
    )
    assert not report.complete


async def test_three_failures_in_a_row_end_the_pass(office: Office, archive: Archive) -> None:
    """A network that is away is not tried forty times: but once more for each further set."""
    for day in range(9, 17):
        for one in ("cs.CL", "cs.LG"):
            archive.faults[one, date(2024, 9, day)] = [SourceError("cannot be reached")]
    report = await intake(office, archive, "cs.CL", "cs.LG").harvest()
    assert archive.days("cs.CL") == [date(2024, 9, day) for day in (9, 10, 11)]
    assert archive.days("cs.LG") == [date(2024, 9, 9)]
    assert not report.complete


async def test_a_set_that_always_fails_starves_no_other(office: Office, archive: Archive) -> None:
    """One that arXiv does not have, or has a stale batch of, stands before the others."""
    for day in range(9, 17):
        archive.faults["cs.CL", date(2024, 9, day)] = [SourceError("there is no such set")]
    archive.add(found(2), sets=["cs.LG"])
    report = await intake(office, archive, "cs.CL", "cs.LG").harvest()
    assert await watermark(office, "cs.LG") == NOW
    assert await queued(office) == [2]
    assert not report.complete


async def test_an_unreadable_record_is_named_and_holds_nothing_up(
    office: Office, archive: Archive
) -> None:
    """Its row is not complete; the set is, since all its pages were read."""
    archive.unreadable["cs.CL", MONDAY] = ("record oai:arXiv.org:2409.7 has no metadata",)
    report = await intake(office, archive).harvest()
    assert report.complete
    assert not report.sound
    assert not row_of(report, MONDAY).complete
    assert report.faults == ("cs.CL, 2024-09-16: record oai:arXiv.org:2409.7 has no metadata",)
    assert await watermark(office) == NOW


async def test_records_of_other_days_are_stored_and_distrusted(
    office: Office, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stale batch served for one set moves no watermark and is named."""
    monkeypatch.setattr(Archive, "pages", _stale)
    office.clock.advance(86_400)
    report = await intake(office, archive).harvest(since=TUESDAY, until=TUESDAY)
    (fault,) = report.faults
    assert "asked for 2024-09-17 and sent 1 records of other days" in fault
    assert not report.complete
    assert await known(office, found(1).id) == 1
    assert await watermark(office) is None


async def _stale(self: Archive, set_name: str, since: date, until: date) -> AsyncIterator[object]:
    """Yesterday's batch, whatever is asked for."""
    async for page in _pages(self, set_name, since - timedelta(days=1), until - timedelta(days=1)):
        yield page


_pages = Archive.pages


async def test_the_same_paper_in_two_sets_is_one_candidate(
    office: Office, archive: Archive
) -> None:
    """Cross-lists and repeated passes double nothing."""
    archive.add(found(1), sets=["cs.LG"])
    both = intake(office, archive, "cs.CL", "cs.LG")
    report = await both.harvest()
    assert [row_of(report, MONDAY, one).new for one in ("cs.CL", "cs.LG")] == [1, 0]
    assert (await both.harvest()).new == 0
    assert await queued(office) == [1]


async def test_a_new_version_updates_and_is_no_second_candidate(
    office: Office, archive: Archive
) -> None:
    """Known, and its content differs; the day of its announcement stays."""
    one = intake(office, archive)
    await one.harvest()
    office.clock.advance(86_400)
    archive.add(found(1, abstract="We say more.", datestamp=TUESDAY), found(2, datestamp=TUESDAY))
    report = await one.harvest()
    row = row_of(report, TUESDAY)
    assert (row.announced, row.new, row.late, row.updated) == (2, 1, 0, 1)
    stored = await office.database.read(lambda c: Papers(c).get(found(1).id))
    assert stored is not None
    assert (stored.abstract, stored.announced) == ("We say more.", MONDAY)
    assert await queued(office) == [1, 2]


async def test_what_was_stored_before_a_crash_is_still_ranked(
    office: Office, archive: Archive
) -> None:
    """A kill between storing and ranking loses no candidate."""
    lost = found(9)

    async def store(connection) -> None:  # type: ignore[no-untyped-def]
        await Papers(connection).store([lost], NOW)
        await Unranked(connection).add([lost.id])

    await office.database.write(store)
    await intake(office, archive).harvest()
    assert await queued(office) == [1, 9]


async def test_without_a_ranker_what_came_waits_to_be_ranked(
    office: Office, archive: Archive
) -> None:
    """All sets are read and count as read; the next pass ranks what they brought."""
    office.trainer.failing = 2
    report = await intake(office, archive, "cs.CL", "cs.LG").harvest()
    assert (report.complete, report.queued, await queued(office)) == (True, 0, [])
    assert await known(office, found(1).id) == 1
    await intake(office, archive).rank_left()
    assert await queued(office) == [1]


async def test_old_withdrawn_and_listed_papers_are_stored_and_not_queued(
    office: Office, clock: FakeClock
) -> None:
    """A late cross-list floods nobody."""
    old = paper(id=PaperId("arXiv:2401.00001"), title=TITLE, abstract=ABSTRACT, datestamp=MONDAY)
    gone = found(2, withdrawn=True)
    listed = paper(id=PaperId("arXiv:2409.08239"), title=TITLE, datestamp=MONDAY)
    archive = Archive(clock)
    archive.add(old, gone, listed)
    report = await intake(office, archive).harvest()
    row = row_of(report, MONDAY)
    assert (row.announced, row.new, row.late, row.updated, row.queued) == (3, 1, 1, 1, 0)
    assert await queued(office) == []
    assert await known(office, old.id, gone.id) == 2


async def test_a_year_back_is_stored_and_proposes_nothing(office: Office, archive: Archive) -> None:
    """Only what was dated within the look-back of the very first pass or later is news."""
    one = intake(office, archive)
    archive.add(found(2, datestamp=date(2024, 9, 3)))
    report = await one.harvest(since=date(2024, 9, 1))
    assert (report.new, report.queued, report.complete) == (2, 1, True)
    assert await queued(office) == [1]
    archive.add(found(3, datestamp=date(2024, 8, 29)))
    await one.harvest(since=date(2024, 8, 25))
    assert await queued(office) == [1]


async def test_a_long_absence_loses_no_candidate(office: Office, archive: Archive) -> None:
    """After seventy days what was announced on the second is as new as it was then."""
    one = intake(office, archive)
    await one.harvest()
    office.clock.advance(70 * 86_400)
    archive.add(found(2, datestamp=TUESDAY))
    archive.add(paper(id=PaperId("arXiv:2411.00003"), title=TITLE, datestamp=date(2024, 11, 25)))
    report = await one.harvest()
    assert report.complete
    assert await queued(office) == [1, 2, 3]


async def test_a_range_asked_for_by_hand_moves_a_watermark_only_if_contiguous(
    office: Office, archive: Archive
) -> None:
    """A gap before the range leaves the watermark; an end to it holds it there."""
    one = intake(office, archive)
    await one.harvest(until=FRIDAY)
    assert await watermark(office) is None
    await one.harvest()
    assert await watermark(office) == NOW
    office.clock.advance(5 * 86_400)
    archive.add(*(found(day, datestamp=date(2024, 9, day)) for day in (17, 18, 19, 20)))
    await one.harvest(since=date(2024, 9, 17))
    assert await watermark(office) == NOW
    await one.harvest(since=date(2024, 9, 1), until=date(2024, 9, 18))
    assert await watermark(office) == datetime(2024, 9, 19, tzinfo=UTC)
    await one.harvest(since=date(2024, 9, 16), until=date(2024, 9, 30))
    assert await watermark(office) == NOW + timedelta(days=5)


async def test_days_that_cannot_be_are_refused_or_left_out(
    office: Office, archive: Archive
) -> None:
    """Nothing lies before arXiv's first day, nor between a late start and an early end."""
    one = intake(office, archive)
    await one.harvest(since=date(1991, 8, 14), until=date(2005, 9, 17))
    assert archive.days() == [date(2005, 9, 16), date(2005, 9, 17)]
    with pytest.raises(UserError, match=r"Nothing lies between 2024-09-09, .* and 2024-09-01"):
        await one.harvest(until=date(2024, 9, 1))
    assert {row.pass_id for row in await ledger(office)} == {1}


async def test_a_clock_that_was_never_set_leaves_nothing_behind(
    office: Office, archive: Archive
) -> None:
    """Met first in the year 2000, a set would bring news from then on: a year's pass floods."""
    one = intake(office, archive)
    right = office.clock.now()
    office.clock.advance((datetime(2000, 1, 1, tzinfo=UTC) - right).total_seconds())
    with pytest.raises(UserError):
        await one.harvest()
    office.clock.advance((right - office.clock.now()).total_seconds())
    archive.add(found(2, datestamp=date(2024, 9, 2)))
    await one.harvest(since=date(2024, 9, 1))
    assert await queued(office) == [1]


async def test_a_set_of_which_nothing_is_asked_is_left_out(
    office: Office, archive: Archive
) -> None:
    """Up to a day before one set's start, but not before another's: that one is read."""
    await intake(office, archive).harvest()
    office.clock.advance(2 * 86_400)
    both = intake(office, archive, "cs.LG", "cs.CL")
    report = await both.harvest(until=date(2024, 9, 12))
    assert {row.set for row in report.rows} == {"cs.LG"}
    assert report.complete


async def test_a_clock_set_back_is_named(office: Office, archive: Archive) -> None:
    """And nothing is asked of arXiv, nor moved."""
    one = intake(office, archive)
    await one.harvest()
    archive.days()
    office.clock.advance(-9 * 86_400)
    with pytest.raises(UserError, match=r"clock says that it is 2024-09-07, but .* set the clock"):
        await one.harvest()
    assert archive.days() == []
    assert await watermark(office) == NOW


async def test_a_pass_by_hand_goes_on_where_it_was_broken_off(
    office: Office, archive: Archive
) -> None:
    """Days that were read after they were over are not asked for again; today is."""
    one = intake(office, archive)
    for day in (5, 6):
        archive.add(found(day, datestamp=date(2024, 9, day)))
    archive.faults["cs.CL", date(2024, 9, 6)] = [SourceError("arXiv sent HTML")]
    first = await one.harvest(since=date(2024, 9, 1))
    assert not first.complete
    archive.days()
    office.clock.advance(86_400)
    archive.add(found(7, datestamp=TUESDAY))
    again = await one.harvest(since=date(2024, 9, 1))
    assert archive.days() == [date(2024, 9, 6), MONDAY, TUESDAY]
    assert again.complete
    assert again.pass_id == first.pass_id
    assert (again.announced, again.new) == (4, 4)
    assert await watermark(office) == NOW
    assert (await one.harvest(since=date(2024, 9, 1))).pass_id > first.pass_id


async def test_no_new_paper_on_a_day_that_announces_is_suspicious(
    office: Office, archive: Archive
) -> None:
    """An empty answer is not believed: the watermark stays, the ledger says why."""
    one = intake(office, archive)
    await one.harvest()
    office.clock.advance(86_400)
    archive.add(found(1, abstract="A second version.", datestamp=TUESDAY))
    report = await one.harvest()
    assert report.quiet == (("cs.CL", TUESDAY),)
    assert report.faults == (
        "cs.CL, 2024-09-17: no new paper came, though arXiv announces on this day",
    )
    assert report.complete
    assert report.sound
    assert await watermark(office) == NOW
    archive.add(found(2, datestamp=TUESDAY))
    healed = await one.harvest()
    assert (healed.quiet, healed.faults) == ((), ())
    assert await watermark(office) == NOW + timedelta(days=1)


async def test_a_paper_another_set_brought_first_is_new_in_this_one(
    office: Office, archive: Archive
) -> None:
    """And a set whose own answers are stale is told from one that only has cross-lists."""
    archive.add(found(1), sets=["cs.LG"])
    assert (await intake(office, archive, "cs.CL", "cs.LG").harvest()).quiet == ()
    office.clock.advance(86_400)
    archive.add(paper(id=found(2).id, datestamp=TUESDAY, categories=("cs.CL", "cs.LG")))
    report = await intake(office, archive, "cs.CL", "cs.LG").harvest()
    assert report.quiet == (("cs.LG", TUESDAY),)


async def test_nothing_new_on_a_closed_day_is_normal(office: Office, archive: Archive) -> None:
    """Weekends and holidays, whose date is the evening's before."""
    await intake(office, archive).harvest()
    office.clock.advance(86_400)
    report = await intake(office, archive, holidays=[MONDAY]).harvest()
    assert (report.quiet, report.faults) == ((), ())
    assert await watermark(office) == NOW + timedelta(days=1)


async def test_a_small_set_may_have_quiet_days(office: Office, archive: Archive) -> None:
    """Once it is known for them, after four weeks, another one says nothing."""
    for week in range(1, 6):
        monday = MONDAY - timedelta(days=7 * week)
        archive.add(paper(id=PaperId(f"arXiv:{monday:%y%m}.{1000 + week:05}"), datestamp=monday))
    one = intake(office, archive)
    await one.harvest(since=MONDAY - timedelta(days=35))
    office.clock.advance(86_400)
    assert (await one.harvest()).quiet == ()


@pytest.mark.parametrize(("papers", "suspicious"), [(1, False), (4, False), (100, True)])
def test_a_large_set_has_no_quiet_days(papers: int, suspicious: bool) -> None:
    """Held back for days, what it lacks does not become a habit."""
    days = [MONDAY - timedelta(days=back) for back in range(1, 21)]
    brought = {day: 0 if number < 4 else papers for number, day in enumerate(days)}
    assert rules.is_suspicious(brought, MONDAY) is suspicious


class Window:
    """The API's answer to the cross-check."""

    def __init__(self, *papers: Paper, fault: SourceError | None = None) -> None:
        self.papers, self.fault = papers, fault
        self.asked: list[tuple[datetime, datetime]] = []

    async def submitted(
        self, sets: Sequence[str], since: datetime, until: datetime
    ) -> AsyncIterator[WindowSlice]:
        self.asked.append((since, until))
        yield WindowSlice(self.papers, 2)
        if self.fault:
            raise self.fault


async def test_the_cross_check_stores_and_counts_what_was_missed(
    office: Office, archive: Archive
) -> None:
    """It asks for seven days; what it finds is new and ranked like any other paper."""
    one = intake(office, archive)
    await one.harvest()
    window = Window(found(1), found(2, datestamp=None))
    assert not await one.is_checked()
    report = await one.cross_check(window)
    (row,) = report.rows
    assert (row.set, row.day) == ("cross-check", MONDAY)
    assert (row.announced, row.new, row.queued, row.requests) == (2, 1, 1, 2)
    assert row.complete
    assert window.asked == [(NOW - timedelta(days=7), NOW)]
    assert await queued(office) == [1, 2]
    assert await one.is_checked()
    office.clock.advance(86_400)
    assert not await one.is_checked()


async def test_an_incomplete_cross_check_keeps_what_came(office: Office, archive: Archive) -> None:
    """It is named, and made again."""
    one = intake(office, archive)
    report = await one.cross_check(Window(found(2), fault=SourceError("1 of 2 came")))
    assert report.faults == ("cross-check, 2024-09-16: 1 of 2 came",)
    assert await queued(office) == [2]
    assert not await one.is_checked()


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
    assert rules.is_recent(PaperId(paper_id), MONDAY) is recent


async def test_two_processes_that_harvest_at_once_rank_each_paper_once(
    office: Office, archive: Archive
) -> None:
    """`harvest` beside `run`: the ledger's counts add up to what was new."""
    archive.add(*(found(number) for number in range(1, 6)))
    await asyncio.gather(*(intake(office, archive).harvest() for _ in range(2)))
    rows = await ledger(office)
    assert sum(row.new for row in rows) == 5
    assert sum(row.ranked for row in rows) == 5
    assert sum(row.queued for row in rows) == 5


async def test_a_date_from_the_future_does_not_carry_the_watermark_away(
    office: Office, archive: Archive
) -> None:
    """Dates of arXiv are believed by a day: the next pass must not ask for days to come."""
    archive.ahead = timedelta(days=9999)
    await intake(office, archive).harvest()
    archive.days()
    await intake(office, archive).harvest()
    assert archive.days()[0] == date(2024, 9, 14)


async def test_an_old_copy_of_an_answer_moves_no_watermark(
    office: Office, archive: Archive
) -> None:
    """One of yesterday holds it there; one of weeks ago is no answer."""
    archive.ahead = timedelta(days=-1)
    await intake(office, archive).harvest()
    assert await watermark(office) == NOW - timedelta(days=1)
    archive.ahead = timedelta(days=-30)
    office.clock.advance(86_400)
    archive.add(found(2, datestamp=TUESDAY))
    report = await intake(office, archive).harvest()
    assert "dated 2024-08-18 09:00: an old copy" in report.faults[0]
    assert await watermark(office) == NOW - timedelta(days=1)
    assert not report.complete


async def test_deleted_records_are_normal(office: Office, archive: Archive) -> None:
    """They count as given, known or not."""
    archive.deleted[FRIDAY] = (PaperId("arXiv:2409.00777"),)
    report = await intake(office, archive).harvest()
    assert report.complete
    assert not report.faults


async def test_days_that_passed_while_arxiv_was_waited_for_are_not_taken_for_read(
    office: Office, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pause of six days before the first page: the watermark stays at what was asked for."""
    one = intake(office, archive)

    async def late(self: Archive, set_name: str, since: date, until: date) -> AsyncIterator[object]:
        """Arrives when the pause is over."""
        if not self.asked:
            self.clock.advance(6 * 86_400)
        async for page in _pages(self, set_name, since, until):
            yield page

    archive.add(*(found(day, datestamp=date(2024, 9, day)) for day in range(17, 23)))
    monkeypatch.setattr(Archive, "pages", late)
    await one.harvest()
    assert await watermark(office) == datetime(2024, 9, 17, tzinfo=UTC)
    await one.harvest()
    assert await queued(office) == [1, 17, 18, 19, 20, 21, 22]


async def test_old_papers_alone_are_no_news_of_a_day(office: Office, archive: Archive) -> None:
    """A day whose list holds updates only is suspicious, known to us or not."""
    archive.papers.clear()
    archive.add(paper(id=PaperId("arXiv:2401.00001"), title=TITLE, datestamp=MONDAY))
    report = await intake(office, archive).harvest()
    assert row_of(report, MONDAY).late == 1
    assert report.quiet == (("cs.CL", MONDAY),)


async def test_a_stray_record_belongs_to_its_own_day(
    office: Office, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Yesterday's batch sent for today makes today no day with news, and is proposed by its age."""
    one = intake(office, archive)
    await one.harvest()
    office.clock.advance(86_400)
    archive.add(found(2))
    archive.add(found(3, datestamp=date(2024, 9, 3)))
    with monkeypatch.context() as stale:
        stale.setattr(Archive, "pages", _stale)
        await one.harvest(since=TUESDAY, until=TUESDAY)
        await one.harvest(since=date(2024, 9, 4), until=date(2024, 9, 4))
    assert await queued(office) == [1, 2]
    assert (await one.harvest()).quiet == (("cs.CL", TUESDAY),)
    stored = await office.database.read(lambda c: Papers(c).get(found(2).id))
    assert stored is not None
    assert stored.announced == MONDAY


async def test_requests_are_counted_once_each(
    office: Office, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer that is read and then not believed is one request, not two."""
    office.clock.advance(86_400)
    monkeypatch.setattr(Archive, "pages", _stale)
    report = await intake(office, archive).harvest(since=MONDAY, until=TUESDAY)
    assert report.faults
    assert len(archive.asked) == sum(row.requests for row in report.rows)


async def test_questions_a_busy_arxiv_put_off_are_requests(
    office: Office, archive: Archive
) -> None:
    """503 with Retry-After is waited out, and the ledger says how often it was asked."""
    archive.busy = 2
    report = await intake(office, archive).harvest(since=MONDAY)
    assert row_of(report, MONDAY).requests == 3


async def test_an_empty_day_of_a_long_absence_is_suspicious_too(
    office: Office, archive: Archive
) -> None:
    """No watermark passes a day of which arXiv said, the first time, that nothing was new."""
    one = intake(office, archive)
    await one.harvest()
    office.clock.advance(11 * 86_400)
    for day in (18, 19, 20, 23, 24, 25, 26, 27):
        archive.add(found(day, datestamp=date(2024, 9, day)))
    report = await one.harvest()
    assert report.quiet == (("cs.CL", TUESDAY),)
    assert await watermark(office) == NOW
    assert (await one.harvest()).quiet == report.quiet
    archive.add(found(17, datestamp=TUESDAY))
    assert (await one.harvest()).quiet == ()
    assert 17 in await queued(office)
    assert await watermark(office) == office.clock.now()


async def test_an_empty_day_is_believed_on_another(office: Office, archive: Archive) -> None:
    """Where it was not known that arXiv was closed, the watermark waits for a day, not for ever."""
    one = intake(office, archive)
    await one.harvest()
    office.clock.advance(2 * 86_400)
    archive.add(found(18, datestamp=date(2024, 9, 18)))
    assert (await one.harvest()).quiet == (("cs.CL", TUESDAY),)
    office.clock.advance(86_400)
    archive.add(found(19, datestamp=date(2024, 9, 19)))
    assert (await one.harvest()).quiet == ()
    assert await watermark(office) == office.clock.now()


async def test_the_check_guesses_no_day(office: Office, archive: Archive) -> None:
    """What it found before the harvest did belongs to the day of its first record."""
    one = intake(office, archive)
    await one.cross_check(Window(found(2, datestamp=None)))
    office.clock.advance(86_400)
    archive.add(found(2, datestamp=TUESDAY))
    assert (await one.harvest()).quiet == ()
    stored = await office.database.read(lambda c: Papers(c).get(found(2).id))
    assert stored is not None
    assert stored.announced == TUESDAY
    assert await queued(office) == [1, 2]


async def test_the_check_proposes_nothing_older_than_the_look_back(
    office: Office, archive: Archive
) -> None:
    """A short one is not undone by the seven days of the first check: they are only stored."""
    one = intake(office, archive, look_back=1)
    await one.harvest()
    papers = [found(day, datestamp=None, published=date(2024, 9, day)) for day in (11, 13, 15)]
    report = await one.cross_check(Window(*papers))
    assert (report.new, report.queued) == (3, 1)
    assert await queued(office) == [1, 15]


async def test_a_day_with_an_unreadable_record_is_read_again_when_a_pass_goes_on(
    office: Office, archive: Archive
) -> None:
    """By another process too: its row is not complete for the days behind it."""
    archive.unreadable["cs.CL", FRIDAY] = ("a record without a header",)
    archive.faults["cs.CL", SATURDAY] = [SourceError("arXiv sent HTML")]
    await intake(office, archive).harvest(since=FRIDAY)
    archive.days()
    again = await intake(office, archive).harvest(since=FRIDAY)
    assert archive.days() == [FRIDAY, SATURDAY, MONDAY]
    assert not row_of(again, FRIDAY).complete
    assert again.complete
