"""Abstracts that the list and the example lists lack are asked of arXiv, politely."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from bot.domain.errors import SourceError
from bot.services.hydrating import AT_ONCE, Hydrating
from bot.services.training_set import TrainingSet
from bot.services.versions import Versions
from bot.services.withdrawals import KIND
from storage.candidates import Candidates
from storage.catalogue import Catalogue
from storage.errors import StorageError
from storage.models import CandidateState, PaperId
from storage.notices import Notices
from storage.papers import Papers
from storage.unranked import Unranked
from tests.factories import listed_entry, paper
from tests.fakes import START

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.database import Database
    from storage.models import Paper
    from tests.fakes import FakeClock

MINUTE, HOUR, DAY = 60, 3_600, 86_400


@dataclass
class Archive:
    """arXiv, which knows all papers but some; `silent` is how often it gives no answer."""

    unknown: set[str] = field(default_factory=set)
    asked: list[list[PaperId]] = field(default_factory=list)
    withdrawn: set[str] = field(default_factory=set)
    silent: int = 0
    held: asyncio.Event | None = None
    begun: asyncio.Event = field(default_factory=asyncio.Event)

    async def lookup(self, ids: Sequence[PaperId]) -> tuple[Paper, ...]:
        assert all(one.startswith("arXiv:") for one in ids)
        assert 0 < len(set(ids)) == len(ids) <= AT_ONCE
        self.asked.append(list(ids))
        self.begun.set()
        if self.held:
            await self.held.wait()
        if self.silent:
            self.silent -= 1
            raise SourceError("arXiv answered with status 503")
        return tuple(
            paper(id=one, title=f"Of {one}", withdrawn=one in self.withdrawn)
            for one in ids
            if one not in self.unknown
        )


def example(*ids: str, title: str = "As Another List Has It") -> Paper:
    """A paper as a list file tells of it."""
    names = tuple(map(PaperId, ids)) or (PaperId(""),)
    return paper(id=names[0], aliases=names[1:], title=title, abstract="")


async def set_list(database: Database, *ids: str) -> None:
    """Make these papers the list."""
    listed = [listed_entry(ids=(PaperId(one),), title=f"Entry {one}") for one in ids]
    await database.write(lambda c: Catalogue(c).replace("l.md", b"", ["S"], listed, START))


async def abstracts(database: Database, *ids: str) -> list[bool]:
    """Which of these papers have one."""
    found = await database.read(lambda c: Papers(c).get_many([PaperId(one) for one in ids]))
    return [bool(found[PaperId(one)].abstract) for one in ids]


def hydrating(
    database: Database, archive: Archive, clock: FakeClock, *examples: Paper
) -> Hydrating:
    """The service at its start."""
    return Hydrating(database=database, lookup=archive, clock=clock, examples=examples)


async def test_the_list_and_the_examples_get_their_abstracts(
    sqlite: Database, clock: FakeClock
) -> None:
    """What has one, or no arXiv id, is not asked for; by whichever id it is known."""
    await set_list(sqlite, "arXiv:2409.00001", "doi:10.1/listed", "arXiv:2409.00002")
    stored = [
        paper(id=PaperId("arXiv:2409.00002")),
        paper(id=PaperId("doi:10.1/x"), aliases=(PaperId("arXiv:2409.00005"),), abstract=""),
    ]
    await sqlite.write(lambda c: Papers(c).store(stored, START))
    archive = Archive()
    others = (
        example("arXiv:2409.00003"),
        example("arXiv:2409.00002"),
        example("doi:10.1/x"),
        example("doi:10.1/other"),
        example(),
        example("arXiv:2409.00003"),
    )
    await hydrating(sqlite, archive, clock, *others).run()
    assert archive.asked == [["arXiv:2409.00001", "arXiv:2409.00003", "arXiv:2409.00005"]]
    asked = ("arXiv:2409.00001", "arXiv:2409.00003", "doi:10.1/x")
    assert await abstracts(sqlite, *asked, "doi:10.1/listed") == [True, True, True, False]


async def test_examples_are_stored_and_not_proposed(sqlite: Database, clock: FakeClock) -> None:
    """Nor do they come onto the list."""
    await hydrating(sqlite, Archive(), clock, example("arXiv:2409.00003")).run()
    assert await sqlite.read(lambda c: Unranked(c).papers(9)) == ()
    assert await sqlite.read(lambda c: Candidates(c).in_state(*CandidateState)) == ()
    assert await sqlite.read(lambda c: Catalogue(c).entries()) == ()


async def test_fifty_are_asked_for_at_once(sqlite: Database, clock: FakeClock) -> None:
    """However long the lists are."""
    archive = Archive()
    many = [example(f"arXiv:2409.{n:05}") for n in range(2 * AT_ONCE + 7)]
    await hydrating(sqlite, archive, clock, *many).run()
    assert list(map(len, archive.asked)) == [AT_ONCE, AT_ONCE, 7]


async def test_it_asks_at_the_start_and_then_at_night(sqlite: Database, clock: FakeClock) -> None:
    """What came onto the list during the day waits for two o'clock UTC."""
    archive = Archive()
    service = hydrating(sqlite, archive, clock)
    await service.run()
    await set_list(sqlite, "arXiv:2409.00001")
    clock.advance(16 * HOUR)
    await service.run()
    assert archive.asked == []
    clock.advance(HOUR)
    await service.run()
    assert archive.asked == [["arXiv:2409.00001"]]


async def test_it_keeps_to_the_hours_in_which_machines_may_ask(
    sqlite: Database, clock: FakeClock
) -> None:
    """A bot that starts at midnight UTC waits for two o'clock."""
    archive = Archive()
    await set_list(sqlite, "arXiv:2409.00001")
    clock.advance(15 * HOUR)
    service = hydrating(sqlite, archive, clock)
    for _ in range(119):
        await service.run()
        clock.advance(MINUTE)
    assert archive.asked == []
    clock.advance(MINUTE)
    await service.run()
    assert len(archive.asked) == 1


async def test_what_arxiv_does_not_know_is_asked_again_after_a_week(
    sqlite: Database, clock: FakeClock
) -> None:
    """Also over restarts; what it gave is never asked for again."""
    wrong = PaperId("arXiv:2499.99999")
    archive = Archive(unknown={wrong})
    await set_list(sqlite, wrong, "arXiv:2409.00001")
    for _ in range(7):
        await hydrating(sqlite, archive, clock).run()
        clock.advance(DAY)
    assert archive.asked == [["arXiv:2409.00001", wrong]]
    await hydrating(sqlite, archive, clock).run()
    assert archive.asked[1:] == [[wrong]]
    clock.advance(DAY)
    await hydrating(sqlite, archive, clock).run()
    assert len(archive.asked) == 2


async def test_silence_is_waited_out(sqlite: Database, clock: FakeClock) -> None:
    """An hour later it goes on; what was not answered does not count as unknown."""
    archive = Archive()
    many = [example(f"arXiv:2409.{n:05}") for n in range(AT_ONCE + 7)]
    service = hydrating(sqlite, archive, clock, *many)
    archive.silent = 1
    await service.run()
    clock.advance(59 * MINUTE)
    await service.run()
    assert len(archive.asked) == 1
    clock.advance(MINUTE)
    await service.run()
    assert list(map(len, archive.asked)) == [AT_ONCE, AT_ONCE, 7]


async def test_a_clock_that_was_set_back_does_not_silence_it(
    sqlite: Database, clock: FakeClock
) -> None:
    """Or it would ask nothing until the wrong day comes."""
    clock.advance(365 * DAY)
    archive = Archive()
    service = hydrating(sqlite, archive, clock, example("arXiv:2409.00003"))
    archive.silent = 1
    await service.run()
    clock.advance(-365 * DAY)
    await service.run()
    assert len(archive.asked) == 2


async def test_a_listed_paper_that_was_withdrawn_is_told(
    sqlite: Database, clock: FakeClock
) -> None:
    """As when a harvest brings the news; it teaches nothing from then on."""
    await set_list(sqlite, "arXiv:2409.00001")
    await hydrating(sqlite, Archive(withdrawn={"arXiv:2409.00001"}), clock).run()
    told = await sqlite.read(lambda c: Notices(c).unsaid())
    assert [(one.kind, one.subject) for one in told] == [(KIND, "arXiv:2409.00001")]
    assert [one async for one in TrainingSet(sqlite).read()] == []


async def test_a_minute_that_comes_while_it_asks_does_not_wait(
    sqlite: Database, clock: FakeClock
) -> None:
    """Nor does it ask a second time."""
    archive = Archive(held=asyncio.Event())
    service = hydrating(sqlite, archive, clock, example("arXiv:2409.00003"))
    running = asyncio.create_task(service.run())
    await archive.begun.wait()
    clock.advance(2 * HOUR)
    await service.run()
    assert len(archive.asked) == 1
    assert archive.held
    archive.held.set()
    await running


async def test_new_abstracts_are_something_to_learn_from(
    sqlite: Database, clock: FakeClock
) -> None:
    """As decisions are; an answer that brought none is not."""
    versions = Versions(sqlite, {}, ())
    wrong = PaperId("arXiv:2499.99999")
    await hydrating(sqlite, Archive(unknown={wrong}), clock, example(wrong)).run()
    assert await versions.changes(START) == ()
    clock.advance(MINUTE)
    await hydrating(sqlite, Archive(), clock, example("arXiv:2409.00001")).run()
    assert await versions.changes(START) == (clock.now(),)
    assert await versions.changes(clock.now()) == (clock.now(),)


async def test_a_full_disk_is_told(sqlite: Database, clock: FakeClock) -> None:
    """And tried again an hour later."""

    class Full:
        read = staticmethod(sqlite.read)

        async def write(self, _work: object) -> None:
            raise StorageError("database or disk is full")

    archive = Archive()
    service = hydrating(Full(), archive, clock, example("arXiv:2409.00003"))  # type: ignore[arg-type]
    with pytest.raises(StorageError):
        await service.run()
    await service.run()
    assert len(archive.asked) == 1
