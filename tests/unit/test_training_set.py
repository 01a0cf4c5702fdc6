"""What the ranker learns from: who teaches what, each once, always in the same order."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot.domain.rejections import COVERED, REASONS
from bot.domain.review import RESULT
from bot.services import shelves, training_set
from bot.services.sweep import reason_of
from bot.services.training_set import Tally, TrainingSet
from storage.candidates import Candidates
from storage.catalogue import Catalogue
from storage.models import (
    Action,
    CandidateState,
    Example,
    Label,
    Origin,
    PaperId,
    Verdict,
    Via,
)
from storage.papers import Papers
from tests.factories import listed_entry, paper
from tests.fakes import START

if TYPE_CHECKING:
    from datetime import datetime

    from storage.database import Database
    from storage.models import Paper

LISTED, EXAMPLE = Label.LISTED, Label.EXAMPLE
REJECTED, UNLABELLED = Label.REJECTED, Label.UNLABELLED


def numbered(number: int, **changes: object) -> Paper:
    """A paper of September 2024 that tells its number."""
    details = {
        "id": PaperId(f"arXiv:2409.{number:05}"),
        "title": f"The Study With The Number {number}",
        "abstract": f"Abstract {number}.",
        "aliases": (),
    }
    return paper(**(details | changes))


async def store(database: Database, *papers: Paper) -> None:
    """Keep papers."""
    await database.write(lambda c: Papers(c).store(papers, START))


async def propose(
    database: Database,
    one: Paper,
    *acts: tuple[Action, str],
    at: datetime = START,
    score: float = 0.9,
    origin: Origin = Origin.HARVEST,
) -> int:
    """Store a paper, queue it, and let a maintainer do this to it, one act after the other."""
    await store(database, one)

    async def work(connection: object) -> int:
        candidates = Candidates(connection)  # type: ignore[arg-type]
        queued = await candidates.queue(
            one.id,
            score=score,
            reasons=(),
            section="S",
            origin=origin,
            submitter=None,
            now=START,
        )
        assert queued is not None
        for action, reason in acts:
            verdict = Verdict(queued.id, action, 1, "Ana", at, Via.COMMAND, reason=reason)
            await candidates.record(verdict)
            if action is not Action.REASON:
                state = RESULT.get(action, CandidateState.POSTED)
                await candidates.change(queued.id, frozenset(CandidateState), state, now=START)
        return queued.id

    return await database.write(work)


async def set_list(database: Database, *entries: tuple[str, str]) -> None:
    """Make these (id or "", title) the list."""
    listed = [
        listed_entry(section="S", ids=(PaperId(id_),) if id_ else (), title=title)
        for id_, title in entries
    ]
    await database.write(lambda c: Catalogue(c).replace("l.md", b"", ["S"], listed, START))


async def read(database: Database, *examples: Paper) -> list[Example]:
    """All that is learnt from."""
    return [one async for one in TrainingSet(database, examples).read()]


async def labels(database: Database, *examples: Paper) -> dict[str, Label]:
    """What each teaches, by its id."""
    found = await read(database, *examples)
    assert len({one.id for one in found}) == len(found)
    return {one.id.removeprefix("arXiv:2409.0000"): one.label for one in found}


async def test_a_new_database_teaches_nothing(sqlite: Database) -> None:
    """Not even that."""
    assert await read(sqlite) == []


async def test_who_teaches_what(sqlite: Database) -> None:
    """The list, what was approved, what was rejected and why, and what nobody judged."""
    await store(sqlite, numbered(1), numbered(5))
    await set_list(sqlite, ("arXiv:2409.00001", "x"), ("", "A Book On Made-Up Data"))
    await propose(sqlite, numbered(2), (Action.APPROVE, ""))
    await propose(sqlite, numbered(3), (Action.REJECT, "too thin"))
    await propose(sqlite, numbered(4), (Action.REJECT, ""), (Action.REASON, "off topic"))
    found = await read(sqlite)
    assert [(one.id[-5:], one.label, one.reason) for one in found] == [
        ("00001", LISTED, ""),
        ("00002", LISTED, ""),
        ("pdata", LISTED, ""),
        ("00003", REJECTED, "too thin"),
        ("00004", REJECTED, "off topic"),
        ("00005", UNLABELLED, ""),
    ]
    assert found[0] == Example(
        "arXiv:2409.00001", "The Study With The Number 1", "Abstract 1.", LISTED
    )
    assert found[2] == Example("title:abookonmadeupdata", "A Book On Made-Up Data", "", LISTED)


@pytest.mark.parametrize("reason", [reason_of(0.55), COVERED])
async def test_what_was_turned_down_whatever_its_topic_is_as_good_as_unjudged(
    sqlite: Database, reason: str
) -> None:
    """A sweep looked at no paper, and what is covered already is on topic."""
    await propose(sqlite, numbered(1), (Action.REJECT, reason))
    assert await labels(sqlite) == {"1": UNLABELLED}
    assert COVERED in REASONS


async def test_what_waits_or_was_taken_back_teaches_nothing(sqlite: Database) -> None:
    """Neither for nor against: it is chosen by the ranker itself."""
    await propose(sqlite, numbered(1))
    await propose(sqlite, numbered(2), (Action.SNOOZE, ""))
    await propose(sqlite, numbered(3), (Action.APPROVE, ""), (Action.UNDO, ""))
    await propose(sqlite, numbered(4), (Action.REJECT, "off topic"), (Action.RECONSIDER, ""))
    assert await labels(sqlite) == {}


async def test_a_withdrawn_paper_teaches_nothing(sqlite: Database) -> None:
    """Whether it is listed, was rejected, is admired elsewhere or was never judged."""
    await store(sqlite, *(numbered(n, withdrawn=True) for n in (1, 3, 4)))
    await set_list(sqlite, ("arXiv:2409.00001", "x"))
    candidate = await propose(sqlite, numbered(2), (Action.REJECT, "off topic"))
    await sqlite.write(lambda c: Papers(c).withdraw([numbered(1).id, numbered(2).id]))
    assert candidate
    assert await labels(sqlite, numbered(3)) == {}


async def test_example_lists_teach_without_being_listed(sqlite: Database) -> None:
    """With the abstract where it is stored, by whichever id; without a paper by their titles."""
    await store(sqlite, numbered(1, aliases=(PaperId("doi:10.1/a"),)))
    by_alias = numbered(0, id=PaperId("doi:10.1/a"), title="As The Other List Has It", abstract="")
    unknown = numbered(7, abstract="", title="Only The Other List Knows This")
    nameless = numbered(0, id=PaperId(""), title="A Thesis Without Any Number", abstract="")
    assert await read(sqlite, by_alias, unknown, nameless, unknown) == [
        Example(numbered(1).id, numbered(1).title, "Abstract 1.", EXAMPLE),
        Example("arXiv:2409.00007", unknown.title, "", EXAMPLE),
        Example("title:athesiswithoutanynumber", nameless.title, "", EXAMPLE),
    ]


async def test_a_paper_of_two_entries_and_two_archives_teaches_once(sqlite: Database) -> None:
    """Under two headings, or at arXiv and in the Anthology, known to be the same or not."""
    acl = PaperId("acl:2024.acl-long.1")
    await store(sqlite, numbered(1), numbered(2, aliases=(PaperId("acl:2024.acl-long.2"),)))
    await store(sqlite, numbered(0, id=acl, title=numbered(1).title))
    await set_list(
        sqlite, (acl, "x"), ("arXiv:2409.00002", "y"), ("acl:2024.acl-long.2", "z"), (acl, "w")
    )
    assert await labels(sqlite) == {acl: LISTED, "2": LISTED}


async def test_the_list_as_its_own_example_teaches_nothing_more(sqlite: Database) -> None:
    """Whether its entries name papers or not, however short their titles; nor does a new import."""
    entries = (("arXiv:2409.00001", "x"), ("", "A Book On Made-Up Data"), ("", "Magpie"))
    await store(sqlite, numbered(1))
    await set_list(sqlite, *entries)
    alone = await read(sqlite)
    assert len(alone) == 3
    itself = [
        numbered(0, id=PaperId(id_), title=title, abstract="")
        for id_, title in (*entries, *entries)
    ]
    assert await read(sqlite, *itself) == alone
    await set_list(sqlite)
    assert await labels(sqlite) == {"1": UNLABELLED}
    await set_list(sqlite, *entries)
    assert await read(sqlite) == alone


@pytest.mark.parametrize(
    ("acts", "expected"),
    [
        (((Action.APPROVE, ""),), LISTED),
        (((Action.REJECT, "off topic"),), REJECTED),
        (((Action.REJECT, reason_of(0.5)),), UNLABELLED),
        (((Action.REJECT, COVERED),), UNLABELLED),
        ((), None),
    ],
)
async def test_what_maintainers_said_counts_before_what_others_list(
    sqlite: Database, acts: tuple[tuple[Action, str], ...], expected: Label | None
) -> None:
    """No example was rejected, for whatever reason; what waits for them is left to them."""
    await propose(sqlite, numbered(1), *acts)
    twin = numbered(0, id=PaperId(""), abstract="", title=numbered(1).title)
    assert await labels(sqlite, numbered(1), twin) == ({"1": expected} if expected else {})


async def test_one_title_teaches_once(sqlite: Database) -> None:
    """However it is spelt; the list comes first, and a title many papers have is no name."""
    spelt = "the study WITH the {N}umber 1"
    await store(sqlite, numbered(1), numbered(2, title=spelt))
    await store(sqlite, numbered(3, title="Introduction"), numbered(4, title="Introduction"))
    await propose(sqlite, numbered(5, title="The Study: With the Number 1?"))
    assert await labels(sqlite) == {"3": UNLABELLED, "4": UNLABELLED}
    await set_list(sqlite, ("", "The study with the number 1"))
    assert await labels(sqlite) == {
        "title:thestudywiththenumber1": LISTED,
        "3": UNLABELLED,
        "4": UNLABELLED,
    }
    await set_list(sqlite, ("arXiv:2409.00001", "x"))
    assert await labels(sqlite) == {"1": LISTED, "3": UNLABELLED, "4": UNLABELLED}


async def test_the_background_is_what_came_last(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So many papers, however many pages they take; what was judged does not count among them."""
    monkeypatch.setattr(training_set, "MOST_BACKGROUND", 7)
    monkeypatch.setattr(shelves, "PAGE", 3)
    await store(sqlite, *(numbered(n) for n in range(10, 30)))
    for number in (28, 26, 15, 11):
        await propose(sqlite, numbered(number), (Action.REJECT, "off topic"))
    found = await read(sqlite)
    assert [int(one.id[-5:]) for one in found] == [
        28, 26, 15, 11, 29, 27, 25, 24, 23, 22, 21
    ]  # fmt: skip


async def test_the_same_database_teaches_the_same(sqlite: Database) -> None:
    """In the same order, with the same fingerprint; anything more gives another one."""

    async def told(keywords: dict[str, float], number: int = 1) -> str:
        tally = Tally(keywords, number)
        async for _ in tally.of(TrainingSet(sqlite).read()):
            pass
        return tally.fingerprint

    await store(sqlite, *(numbered(n) for n in range(30)))
    await propose(sqlite, numbered(31), (Action.REJECT, "off topic"))
    first = await told({"a": 1, "b": 2})
    assert first == await told({"b": 2, "a": 1})
    prints = {first, await told({"a": 1, "b": 3}), await told({"a": 1, "b": 2}, 2)}
    await propose(sqlite, numbered(32), (Action.REJECT, "too thin"))
    prints.add(await told({"a": 1, "b": 2}))
    assert len(prints) == 4


async def test_the_kinds_are_counted_as_they_go_by(sqlite: Database) -> None:
    """For the line in the log."""
    await store(sqlite, numbered(1), numbered(2))
    await propose(sqlite, numbered(3), (Action.REJECT, "off topic"))
    tally = Tally({}, 1)
    async for _ in tally.of(TrainingSet(sqlite, [numbered(2)]).read()):
        pass
    assert tally.counts == {EXAMPLE: 1, REJECTED: 1, UNLABELLED: 1}


async def test_others_have_their_turn_while_it_reads(sqlite: Database) -> None:
    """Nothing on the event loop waits for long."""
    await store(sqlite, *(numbered(n) for n in range(2_000)))
    turns = 0

    async def count_turns() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    counting = asyncio.create_task(count_turns())
    assert len(await read(sqlite)) == 2_000
    counting.cancel()
    assert turns > 2_000 / training_set.STEP


async def test_decided_while_it_reads_a_paper_still_teaches_once(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It teaches what was so when it was read."""
    monkeypatch.setattr(shelves, "PAGE", 2)
    await store(sqlite, *(numbered(n) for n in range(1, 6)))
    candidate = await propose(sqlite, numbered(9), (Action.REJECT, "off topic"))
    found = []
    async for one in TrainingSet(sqlite).read():
        found.append(one)
        if len(found) == 1:
            await sqlite.write(
                lambda c: Candidates(c).change(
                    candidate, frozenset(CandidateState), CandidateState.APPROVED, now=START
                )
            )
            await set_list(sqlite, ("arXiv:2409.00001", "x"))
    assert [one.id[-1] for one in found] == ["9", "5", "4", "3", "2", "1"]
