"""Papers: one work, one row, whatever ids it comes under."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from storage.changes import Changes
from storage.models import Author, Link, Paper, PaperId, Stored
from storage.papers import Papers
from storage.schema import papers
from storage.unranked import Unranked
from tests.factories import paper
from tests.storage.conftest import NOW

if TYPE_CHECKING:
    from storage.database import Database

ARXIV, ACL, DOI = PaperId("arXiv:2402.13446"), PaperId("acl:2024.a.1"), PaperId("doi:10.1/x")


async def store(database: Database, *arriving: Paper) -> Stored:
    """Store papers in a transaction."""
    return await database.write(lambda c: Papers(c).store(arriving, NOW))


async def get(database: Database, paper_id: PaperId) -> Paper | None:
    """The paper under an id."""
    return await database.read(lambda c: Papers(c).get(paper_id))


async def test_a_paper_comes_back_as_it_went_in(database: Database) -> None:
    """Every field survives, also through an alias."""
    full = paper(
        comment="12 pages",
        journal_ref="ACL 2024",
        doi="10.1/x",
        aliases=(DOI, ACL),
        links=(Link("code", "https://github.com/a/b"),),
        withdrawn=True,
        authors=(Author("DeepSeek-AI"), Author("O'Neil \N{SNOWMAN}", "Zoë")),
    )
    assert await store(database, full) == Stored((full.id,), ())
    assert await get(database, full.id) == full
    assert await get(database, ACL) == full
    assert await get(database, PaperId("arXiv:0000.00000")) is None
    asked = [ACL, full.id, PaperId("url:x")]
    found = await database.read(lambda c: Papers(c).get_many(asked))
    assert found == {ACL: full, full.id: full}
    known = await database.read(lambda c: Papers(c).resolve(asked))
    assert known == {ACL: full.id, full.id: full.id}
    assert await database.read(lambda c: Papers(c).count()) == 1


async def test_nothing_may_be_stored(database: Database) -> None:
    """An empty batch is no work and no error."""
    assert await store(database) == Stored((), ())
    assert await database.read(lambda c: Papers(c).get_many([])) == {}


async def test_the_same_again_changes_nothing(database: Database) -> None:
    """A repeated record moves no revision; a new datestamp alone is no change either."""
    await store(database, paper())
    before = await database.read(lambda c: Changes(c).revision())
    assert await store(database, paper()) == Stored((), ())
    touched = paper(datestamp=date(2024, 10, 1))
    assert await store(database, touched) == Stored((), ())
    assert await get(database, paper().id) == touched
    assert await database.read(lambda c: Changes(c).revision()) == before


async def test_a_new_version_updates(database: Database) -> None:
    """Changed content is told as updated, and the index hears of it."""
    await store(database, paper())
    newer = paper(title="Another title", updated=date(2024, 12, 1), datestamp=date(2024, 12, 2))
    assert await store(database, newer) == Stored((), (paper().id,))
    assert await get(database, paper().id) == newer
    changes = await database.read(lambda c: Changes(c).since(1, 10))
    assert [key for key, _ in changes] == [paper().id]


async def test_empty_never_replaces_full(database: Database) -> None:
    """A record that knows little takes nothing away."""
    await store(database, paper())
    poor = Paper(paper().id, "", datestamp=date(2025, 1, 1))
    await store(database, poor)
    assert await get(database, paper().id) == paper(datestamp=date(2025, 1, 1))


async def test_a_lists_entry_only_fills_gaps(database: Database) -> None:
    """What a list says of a paper is no match for its record, but a link of its own is kept."""
    await store(database, paper())
    links = (Link("project", "https://a.b"),)
    await store(database, Paper(paper().id, "Short", (Author("Lupidi", "A"),), links=links))
    assert await get(database, paper().id) == paper(links=links)


async def test_the_record_takes_over_from_a_list(database: Database) -> None:
    """The full record replaces what a list said before."""
    await store(database, Paper(paper().id, "Short", (Author("Lupidi", "A"),)))
    await store(database, paper())
    assert await get(database, paper().id) == paper()


async def test_an_older_record_takes_nothing_back(database: Database) -> None:
    """A stale batch, by its datestamp, does not undo a newer one."""
    newer = paper(title="New", datestamp=date(2024, 10, 1))
    await store(database, newer)
    await store(database, paper(title="Old", datestamp=date(2024, 9, 1)))
    assert await get(database, paper().id) == newer


async def test_a_search_answer_that_lags_takes_nothing_back(database: Database) -> None:
    """It has no datestamp: the day of the version it shows tells, and the withdrawal stands."""
    record = paper(withdrawn=True, comment="Withdrawn", updated=date(2024, 9, 16))
    lagging = paper(title="Before", comment="9 pages", datestamp=None, updated=date(2024, 9, 12))
    await store(database, record)
    assert await store(database, lagging) == Stored((), ())
    assert await get(database, record.id) == record
    ahead = paper(title="Next", datestamp=None, updated=date(2024, 9, 17))
    assert (await store(database, ahead)).updated == (record.id,)


async def test_a_search_answer_of_the_same_version_only_fills_gaps(database: Database) -> None:
    """Its authors are whole names: taken over, they would change with every harvest and check."""
    known = paper(authors=(Author("Ouyang", "Long"), Author("van der Berg", "Jan")), doi="")
    answer = paper(
        authors=(Author("Long", "Ouyang"), Author("Berg", "Jan van der")),
        doi="10.1000/1",
        published=date(2024, 9, 1),
        datestamp=None,
    )
    await store(database, known)
    assert (await store(database, answer)).updated == (known.id,)
    filled = replace(known, doi="10.1000/1", published=date(2024, 9, 1))
    assert await get(database, known.id) == filled
    for again in (known, answer):
        assert await store(database, again) == Stored((), ())
    assert await get(database, known.id) == filled


async def test_the_first_version_keeps_its_day(database: Database) -> None:
    """OAI gives the day of the current version: the earliest one seen stays."""
    await store(database, paper(published=date(2024, 9, 12)))
    await store(database, paper(published=date(2025, 2, 1), datestamp=date(2025, 2, 2)))
    kept = await get(database, paper().id)
    assert kept is not None
    assert kept.published == date(2024, 9, 12)


async def test_a_withdrawal_and_its_end_are_taken_over(database: Database) -> None:
    """Withdrawn is what the latest record says, and its comment with it."""
    await store(database, paper())
    gone = paper(withdrawn=True, comment="withdrawn by the author", datestamp=date(2024, 10, 1))
    back = paper(datestamp=date(2024, 11, 1))
    for record in (gone, back):
        await store(database, record)
        assert await get(database, paper().id) == record


async def test_an_alias_finds_the_known_paper(database: Database) -> None:
    """A record under a new id that names a known one updates that paper; both ids lead to it."""
    await store(database, Paper(ACL, "From the list"))
    record = paper(id=ARXIV, aliases=(ACL, DOI))
    assert await store(database, record) == Stored((), (ACL,))
    assert await get(database, ARXIV) == replace(record, id=ACL, aliases=(ARXIV, DOI))
    assert await database.read(lambda c: Papers(c).count()) == 1


async def test_a_new_alias_alone_is_a_change(database: Database) -> None:
    """An alias learnt later is added after those known."""
    await store(database, paper(aliases=(DOI,)))
    assert await store(database, paper(aliases=(ACL,))) == Stored((), (paper().id,))
    assert await get(database, ACL) == paper(aliases=(DOI, ACL))


async def test_an_alias_of_another_paper_stays_there(database: Database) -> None:
    """Two papers that claim one alias are both stored; the first keeps it. Nothing is raised."""
    first, second = paper(id=ARXIV, aliases=(DOI,)), paper(aliases=())
    await store(database, first, second)
    assert await store(database, replace(second, aliases=(DOI,))) == Stored((), ())
    assert await get(database, DOI) == first
    assert await get(database, second.id) == second


async def test_two_arxiv_papers_with_one_doi_stay_two(database: Database) -> None:
    """Papers of one volume may all name its DOI: each is stored, whoever came first keeps it."""
    other = PaperId("arXiv:2402.13447")
    first, second = paper(id=ARXIV, aliases=(DOI,)), paper(id=other, aliases=(DOI, ACL))
    assert await store(database, first, second) == Stored((ARXIV, other), ())
    assert await store(database, second) == Stored((), ())
    assert await get(database, DOI) == first
    assert await get(database, ACL) == replace(second, aliases=(ACL,))


async def test_a_second_arxiv_paper_leaves_the_listed_one_alone(database: Database) -> None:
    """A listed paper that found its arXiv id takes no second one, whatever aliases that names."""
    other = PaperId("arXiv:2402.13447")
    await store(database, paper(id=ACL, aliases=()))
    assert await store(database, paper(id=ARXIV, aliases=(ACL,))) == Stored((), (ACL,))
    assert await store(database, paper(id=other, aliases=(ACL,))) == Stored((other,), ())
    assert await get(database, ARXIV) == paper(id=ACL, aliases=(ARXIV,))


async def test_an_id_wins_over_an_alias(database: Database) -> None:
    """A record whose id is one paper's and whose alias is another's belongs to the first."""
    first, second = paper(id=ARXIV), paper(id=ACL)
    await store(database, first, second)
    changed = paper(id=ACL, title="Changed", aliases=(ARXIV,), datestamp=date(2025, 1, 1))
    await store(database, changed)
    assert await get(database, ARXIV) == first
    assert await get(database, ACL) == replace(changed, aliases=())


async def test_the_same_id_twice_in_one_batch(database: Database) -> None:
    """The later of two wins, and the paper counts once; also when they meet through an alias."""
    later = paper(title="Later", aliases=(DOI,))
    other_id = paper(id=DOI, title="Last", aliases=(ACL,))
    assert await store(database, paper(), later, other_id) == Stored((paper().id,), ())
    assert await get(database, ACL) == paper(title="Last", aliases=(DOI, ACL))


async def test_first_seen_stays(database: Database) -> None:
    """The instant a paper was first stored is kept when it is stored again."""
    await store(database, paper())
    later = NOW + timedelta(days=1)
    await database.write(lambda c: Papers(c).store([paper(title="New")], later))
    assert await database.read(lambda c: c.scalar(select(papers.c.first_seen))) == NOW


HOSTILE = [
    "NUL \0 in the middle",
    "a lone \ud800 surrogate",
    "'; DROP TABLE papers; --",
    '{"json": [1]} \\u0000 \\',
    "👩🏽‍🔬 e\u0301 \u202e right to left \ufeff",
    "x" * 1_000_000,
    "",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
async def test_hostile_text_is_kept_or_cleaned(database: Database, text: str) -> None:
    """Anything may stand in any field; what cannot be stored becomes U+FFFD, and nothing raises."""
    clean = text.replace("\0", "\ufffd").replace("\ud800", "\ufffd")
    hostile = paper(
        title=text,
        abstract=text,
        comment=text,
        authors=(Author(text, text),),
        links=(Link(text, text),),
        categories=(text,),
        aliases=(PaperId("url:" + text[:1000]),),
    )
    await store(database, hostile)
    kept = await get(database, hostile.aliases[0])
    assert kept is not None
    assert (kept.title, kept.abstract, kept.comment) == (clean, clean, clean)
    assert (kept.authors, kept.links) == ((Author(clean, clean),), (Link(clean, clean),))
    assert (kept.categories, kept.aliases) == ((clean,), (PaperId("url:" + clean[:1000]),))
    assert await store(database, hostile) == Stored((), ())


@pytest.mark.long
async def test_two_thousand_papers_are_quick(database: Database) -> None:
    """A page of OAI is stored, stored again and updated, each in well under two seconds."""
    page = [
        paper(id=PaperId(f"arXiv:2409.{n:05}"), aliases=(PaperId(f"doi:10.1/{n}"),))
        for n in range(2000)
    ]
    changed = [replace(one, title="Changed") for one in page]
    started = time.perf_counter()
    assert len((await store(database, *page)).new) == 2000
    assert await store(database, *page) == Stored((), ())
    assert len((await store(database, *changed)).updated) == 2000
    assert time.perf_counter() - started < 6


async def test_more_ids_than_a_statement_takes(database: Database) -> None:
    """Asking for fifty thousand ids is no error."""
    await store(database, paper())
    many = [*(PaperId(f"arXiv:{n}") for n in range(50_000)), paper().id]
    assert await database.read(lambda c: Papers(c).resolve(many)) == {paper().id: paper().id}


async def test_unranked_papers_wait(database: Database) -> None:
    """What is stored and not ranked yet waits, once each, until it is ranked."""
    ids = [PaperId(f"arXiv:2409.0000{n}") for n in range(3)]
    await store(database, *(paper(id=id_) for id_ in ids))
    for _ in range(2):
        await database.write(lambda c: Unranked(c).add(ids))
    waiting = await database.read(lambda c: Unranked(c).papers(2))
    assert [one.id for one in waiting] == ids[:2]
    await database.write(lambda c: Unranked(c).remove(ids[:2]))
    assert [one.id for one in await database.read(lambda c: Unranked(c).papers(9))] == ids[2:]


IDS = st.sampled_from([PaperId(f"url:{letter}") for letter in "abcdef"])
RECORDS = st.builds(
    lambda ids, title: Paper(ids[0], title, aliases=tuple(ids[1:])),
    st.lists(IDS, min_size=1, max_size=4),
    st.sampled_from(["", "One", "Two"]),
)


@given(batches=st.lists(st.lists(RECORDS, max_size=5), max_size=5))
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_every_id_leads_to_one_paper(
    sqlite_database: Database, batches: list[list[Paper]]
) -> None:
    """However ids and aliases overlap: every id stored is known, to one paper, which names it."""
    mentioned: set[PaperId] = set()
    for batch in batches:
        await store(sqlite_database, *batch)
        mentioned |= {id_ for record in batch for id_ in (record.id, *record.aliases)}
    found = await sqlite_database.read(lambda c: Papers(c).get_many(mentioned))
    assert found.keys() == mentioned
    for asked, one in found.items():
        assert asked in (one.id, *one.aliases)
        assert len(set(one.aliases)) == len(one.aliases)
        assert one.id not in one.aliases
