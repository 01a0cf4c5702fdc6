"""/review log and stats: who decided what, and how the desk does."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.services import history as history_service
from bot.services.review import Order
from storage.models import Action, Member, Origin, PaperId, Via
from tests.factories import paper
from tests.unit.desk import ANA, BEN
from tests.unit.maintaining import Desks, open_desks, shown

if TYPE_CHECKING:
    from storage.database import Database
    from tests.fakes import FakeClock

WEEK = timedelta(days=7).total_seconds()


@pytest.fixture
async def desks(sqlite: Database, clock: FakeClock) -> Desks:
    """Everything behind /review."""
    return await open_desks(sqlite, clock)


def rows(content: bytes) -> list[dict[str, str]]:
    """A CSV file as a spreadsheet reads it."""
    return list(csv.DictReader(io.StringIO(content.decode())))


async def test_the_log_has_the_last_acts_and_a_file_with_all(desks: Desks) -> None:
    """Who, what, when, why; fifteen lines, the newest first, and everything as CSV."""
    await desks.papers(20)
    for number in range(1, 19):
        await desks.type(f"/review approve {number}")
    await desks.type("/review move 1 survey")
    await desks.type("/review reject 19 too thin", BEN)
    reply = await desks.type("/review log")
    lines = shown(reply)
    assert lines[1] == (
        "16 Sep 09:00 · Ben rejected #19 Paper 19 on Data <https://arxiv.org/abs/2409.10019>"
        ": too thin"
    )
    assert lines[2].endswith(" → Survey Papers")
    assert lines[-2:] == [
        "Times are UTC. All acts: review-log.csv",
        "/save writes review-log.csv here, /save PATH elsewhere.",
    ]
    assert len(lines) == 18
    assert reply.attachment is not None
    assert reply.attachment.name == "review-log.csv"
    table = rows(reply.attachment.content)
    assert len(table) == 20
    assert table[0] == {
        "verdict": "20",
        "at": "2024-09-16T09:00:00+00:00",
        "action": "reject",
        "candidate": "19",
        "paper": "arXiv:2409.10019",
        "title": "Paper 19 on Data",
        "member": "Ben",
        "member_id": "2",
        "via": "command",
        "section": "",
        "reason": "too thin",
        "undoes": "",
    }


async def test_a_paper_without_a_title_is_named_by_its_id(desks: Desks) -> None:
    """Its source could not be read."""
    await desks.office.candidate(paper(id=PaperId("openreview:abc"), title=""))
    await desks.type("/review reject 1")
    (line,) = shown(await desks.type("/review log"))[1:2]
    assert " · Ana rejected #1 openreview:abc <https://openreview.net/forum?id=abc>" in line


async def test_the_log_of_one_paper(desks: Desks) -> None:
    """By number, id or link; one nobody decided about says so."""
    await desks.papers(2)
    await desks.type("/review reject 2")
    await desks.type("/review undo 2", BEN)
    reply = await desks.type("/review log 2409.10002")
    assert shown(reply)[0] == "The log of #2"
    assert " · Ben took back the rejection of #2 Paper 2 on Data " in shown(reply)[1]
    assert reply.attachment is not None
    table = rows(reply.attachment.content)
    assert [(row["action"], row["undoes"]) for row in table] == [("undo", "1"), ("reject", "")]
    assert shown(await desks.type("/review log 1")) == ["Nothing was decided yet."]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
async def test_no_cell_is_run_by_a_spreadsheet(desks: Desks, start: str) -> None:
    """Whoever wrote it: a title, a name, a reason."""
    evil = f'{start}cmd|"/c calc"!A1, 2\nx'
    found = paper(id=PaperId("arXiv:2409.22222"), title=evil)
    candidate = await desks.office.candidate(found)
    order = Order(Action.REJECT, Member(1, evil), Via.COMMAND, reason=evil)
    await desks.office.review.decide(candidate.id, order)
    (row,) = rows(await desks.history.export())
    for name in ("title", "member", "reason"):
        assert row[name] == "'" + evil
    assert not [cell for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t"))]


async def test_a_long_history_is_cut_to_what_can_be_sent(
    desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The newest stay; a page goes in whole or not at all."""
    monkeypatch.setattr(history_service, "PAGE", 2)
    monkeypatch.setattr(history_service, "MOST_BYTES", 700)
    await desks.papers(9)
    for number in range(1, 10):
        await desks.type(f"/review reject {number}")
    table = rows(await desks.history.export())
    assert 2 <= len(table) < 9
    assert table[0]["candidate"] == "9"


async def test_figures_of_an_empty_desk(desks: Desks) -> None:
    """Nothing is divided by nothing."""
    assert shown(await desks.type("/review stats"))[1:7] == [
        "Precision of finds, 4 weeks: nothing decided",
        "Precision of finds, 12 weeks: nothing decided",
        "From announcement to decision: no decisions in 12 weeks",
        "From card to decision: no decisions in 12 weeks",
        "Waiting now: 0",
        "Decided a week, the last first: 0, 0, 0, 0",
    ]


async def test_figures_say_how_good_finds_are_and_how_fast_decisions(
    desks: Desks, clock: FakeClock
) -> None:
    """Finds only, sweeps and what was taken back left out; the middle of the times it took."""
    old = [
        await desks.office.candidate(paper(id=PaperId(f"arXiv:2409.2000{number}")))
        for number in range(2)
    ]
    for candidate in old:
        await desks.type(f"/review reject {candidate.id}")
    clock.advance(6 * WEEK)
    fresh = [
        paper(id=PaperId(f"arXiv:2410.2000{number}"), announced=date(2024, 10, 28))
        for number in range(4)
    ]
    yes, no, swept, waits = [await desks.office.candidate(one) for one in fresh]
    asked = await desks.office.candidate(
        paper(id=PaperId("arXiv:2410.30000")), origin=Origin.SUBMISSION
    )
    await desks.office.cards.follow()
    clock.advance(3 * 3600)
    await desks.type(f"/review approve {yes.id}")
    await desks.type(f"/review approve {waits.id}")
    await desks.type(f"/review undo {waits.id}")
    await desks.type(f"/review approve {asked.id}")
    clock.advance(2 * 3600)
    await desks.type(f"/review reject {no.id}")
    sweep = Order(Action.REJECT, ANA, Via.COMMAND, reason="below 0.55 in a sweep")
    await desks.office.review.decide(swept.id, sweep)
    assert shown(await desks.type("/review stats"))[1:7] == [
        "Precision of finds, 4 weeks: 50 % (1 of 2 approved), 95 % interval 9–91 %",
        "Precision of finds, 12 weeks: 25 % (1 of 4 approved), 95 % interval 5–70 %",
        "From announcement to decision: 12 h (median of 12 weeks)",
        "From card to decision: 4 h (median of 12 weeks)",
        "Waiting now: 1, the oldest for 5 h",
        "Decided a week, the last first: 4, 0, 0, 0",
    ]
