"""What the ranker learns from, page by page."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from storage.candidates import Candidates
from storage.catalogue import Catalogue
from storage.lessons import NEWEST, Lesson, Lessons
from storage.models import Action, CandidateState, PaperId, Verdict, Via
from storage.papers import Papers
from tests.factories import listed_entry, paper
from tests.storage.conftest import NOW
from tests.storage.test_candidates import queued

if TYPE_CHECKING:
    from storage.database import Database

HOUR = timedelta(hours=1)


async def store(database: Database, *ids: str, **changes: object) -> None:
    """Papers with these ids."""
    papers = [paper(id=PaperId(one), title=f"On {one}", **changes) for one in ids]
    await database.write(lambda c: Papers(c).store(papers, NOW))


async def test_papers_come_newest_first_by_the_month_in_their_ids(database: Database) -> None:
    """Each page goes on where the last ended; whoever came before 2007 or elsewhere is left out."""
    ids = ("arXiv:0704.0001", "arXiv:2409.00002", "arXiv:2409.00011", "arXiv:2410.00001")
    await store(database, *ids, "arXiv:cs/0501001", "doi:10.1/x", "acl:2024.acl-long.1")
    first = await database.read(lambda c: Lessons(c).before(NEWEST, 3))
    assert [one.paper for one in first] == list(reversed(ids))[:3]
    rest = await database.read(lambda c: Lessons(c).before(str(first[-1].paper), 3))
    assert [one.paper for one in rest] == ["arXiv:0704.0001"]


async def test_without_abstract_or_withdrawn_it_is_no_background(database: Database) -> None:
    """There is nothing to be learnt from it."""
    await store(database, "arXiv:2409.00001")
    await store(database, "arXiv:2409.00002", abstract="")
    await store(database, "arXiv:2409.00003", withdrawn=True)
    found = await database.read(lambda c: Lessons(c).before(NEWEST, 10))
    assert [one.paper for one in found] == ["arXiv:2409.00001"]
    assert await database.read(lambda c: Lessons(c).background(10)) == 1


async def test_background_is_counted_no_further_than_asked(database: Database) -> None:
    """What is left out of it is not counted either."""
    await store(database, "arXiv:2409.00001", "arXiv:2409.00002", "arXiv:2409.00003")
    await store(database, "arXiv:cs/0501001", "doi:10.1/x", "acl:2024.acl-long.1")
    assert await database.read(lambda c: Lessons(c).background(2)) == 2
    assert await database.read(lambda c: Lessons(c).background(10)) == 3


async def test_entries_come_with_their_papers_or_alone(database: Database) -> None:
    """In the order of their ids, a page at a time."""
    here = listed_entry()
    other = listed_entry(ids=(PaperId("arXiv:2409.00002"),), title="Other")
    bare = listed_entry(ids=(), title="A Book")
    entries = (here, bare, other)
    await database.write(lambda c: Catalogue(c).replace("l.md", b"", [], entries, NOW))
    await store(database, "arXiv:2409.00002", abstract="Told.")
    first = await database.read(lambda c: Lessons(c).listed(0, 1))
    second = await database.read(lambda c: Lessons(c).listed(first[0].number, 9))
    assert [(one.paper, one.abstract) for one in (*first, *second)] == [
        ("arXiv:2409.08239", ""), ("arXiv:2409.00002", "Told.")
    ]  # fmt: skip
    alone = await database.read(lambda c: Lessons(c).without_paper(0, 9))
    assert [(one.paper, one.title) for one in alone] == [(None, "A Book")]
    assert await database.read(lambda c: Lessons(c).without_paper(alone[0].number, 9)) == ()


async def test_candidates_come_by_where_they_stand(database: Database) -> None:
    """With the id, by which the next page is asked for."""
    one, two = await queued(database, "arXiv:1"), await queued(database, "arXiv:2")
    waiting = frozenset({CandidateState.QUEUED})
    await database.write(
        lambda c: Candidates(c).change(two.id, waiting, CandidateState.APPROVED, now=NOW)
    )
    found = await database.read(lambda c: Lessons(c).proposed(list(waiting), 0, 9))
    told = paper()
    assert found == (
        Lesson(one.id, PaperId("arXiv:1"), told.title, told.abstract, state=CandidateState.QUEUED),
    )
    approved = [CandidateState.APPROVED]
    assert len(await database.read(lambda c: Lessons(c).proposed(approved, 0, 9))) == 1
    assert not await database.read(lambda c: Lessons(c).proposed(approved, two.id, 9))


async def test_listed_papers_without_abstract_are_named_once(database: Database) -> None:
    """Though two entries name the same paper."""
    twice = listed_entry(ids=(PaperId("arXiv:2409.00002"),), title="Twice")
    entries = (twice, listed_entry(), listed_entry(ids=(), title="A Book"), replace(twice))
    await database.write(lambda c: Catalogue(c).replace("l.md", b"", [], entries, NOW))
    await store(database, "arXiv:2409.08239")
    assert await database.read(lambda c: Lessons(c).without_abstract()) == ("arXiv:2409.00002",)


async def test_decisions_and_additions_since_a_moment(database: Database) -> None:
    """The first and the last of them, at that moment or later."""
    assert await database.read(lambda c: Lessons(c).changed_since(NOW)) is None
    candidate = await queued(database)
    for hours in (0, 1, 3):
        verdict = Verdict(candidate.id, Action.APPROVE, 1, "Ana", NOW + hours * HOUR, Via.COMMAND)
        await database.write(lambda c, verdict=verdict: Candidates(c).record(verdict))
    since = await database.read(lambda c: Lessons(c).changed_since(NOW + HOUR))
    assert since == (NOW + HOUR, NOW + 3 * HOUR)
    for entries in ([], [listed_entry()]):
        await database.write(
            lambda c, entries=entries: Catalogue(c).replace("l", b"", [], entries, NOW + 4 * HOUR)
        )
    assert await database.read(lambda c: Lessons(c).changed_since(NOW)) == (NOW, NOW + 4 * HOUR)
