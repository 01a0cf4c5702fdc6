"""Suggesting papers: stored and queued at once, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.services.submit import Standing, Submissions
from storage.errors import StorageError
from storage.models import Member, Paper, PaperId
from storage.papers import Papers
from tests.factories import paper
from tests.unit.desk import EVE, Office, open_office

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.database import Database
    from tests.fakes import FakeClock

NEW = paper(id=PaperId("arXiv:2409.11111"), title="A New Paper on Synthetic Data")


class Shelf:
    """arXiv, with these papers."""

    def __init__(self, *papers: Paper) -> None:
        self.papers = papers

    async def lookup(self, ids: Sequence[PaperId]) -> tuple[Paper, ...]:
        return tuple(one for one in self.papers if one.id in ids)


@pytest.fixture
async def office(sqlite: Database, clock: FakeClock) -> Office:
    """The desk over the shipped list."""
    return await open_office(sqlite, clock)


def submissions(office: Office, *papers: Paper) -> tuple[Submissions, list[str]]:
    """The use case, and what it told the cards."""
    told: list[str] = []

    async def queued() -> None:
        told.append("queued")

    made = Submissions(
        database=office.database,
        sources={"arXiv": Shelf(*papers)},
        ranking=office.ranking,
        rules=office.review.rules,
        clock=office.clock,
        queued=queued,
    )
    return made, told


async def test_a_paper_is_stored_and_queued_at_once(office: Office) -> None:
    """Twice the same is one candidate, whoever asks."""
    desk, told = submissions(office, NEW)
    first = await desk.submit(EVE, NEW.id)
    again = await desk.submit(Member(9, "Zoe"), NEW.id)
    assert (first.standing, again.standing) == (Standing.QUEUED, Standing.WAITING)
    assert first.candidate == again.candidate
    assert told == ["queued"]


async def test_what_could_not_be_queued_is_not_half_known(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A harvest ranks only what nobody knew: a failed suggestion must not hide a paper from it."""

    async def fail(*_: object, **__: object) -> None:
        raise StorageError("The database refused: database is locked")

    monkeypatch.setattr("storage.candidates.Candidates.queue", fail)
    desk, told = submissions(office, NEW)
    with pytest.raises(StorageError):
        await desk.submit(EVE, NEW.id)
    assert await office.database.read(lambda c: Papers(c).get(NEW.id)) is None
    assert not told


async def test_a_listed_paper_under_another_of_its_ids_is_listed(office: Office) -> None:
    """That it is the same work shows only when arXiv has told its other ids."""
    listed = b"## Only\n\n- [A Paper](https://aclanthology.org/2024.acl-long.12/)\n"
    await office.listing.take("mine.md", listed, replace=True)
    twin = paper(id=PaperId("arXiv:2409.33333"), aliases=(PaperId("acl:2024.acl-long.12"),))
    desk, told = submissions(office, twin)
    assert (await desk.submit(EVE, twin.id)).standing is Standing.LISTED
    assert not told
