"""The ranker's whole way on both databases: learnt, used, kept, learnt again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from bot.services.queueing import Queueing
from bot.services.ranking import Ranking
from bot.services.rescoring import Rescoring
from bot.services.threshold import Threshold
from bot.services.training import Training
from storage.candidates import Candidates
from storage.catalogue import Catalogue
from storage.errors import StorageError
from storage.harvests import Harvests
from storage.models import Action, CandidateState, PaperId
from storage.papers import Papers
from storage.rankers import Rankers
from storage.schema import scores
from storage.unranked import Unranked
from tests.factories import listed_entry
from tests.fakes import FakeClock
from tests.models import KEYWORDS, StrictTrainer
from tests.unit.test_training_set import numbered, propose, set_list

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.database import Database
    from storage.models import Paper

DAY = 86_400


class House:
    """What a bot ranks with, on one database."""

    def __init__(self, database: Database) -> None:
        self.clock, self.trainer, self.database = FakeClock(), StrictTrainer(), database
        self.training = Training(
            database=database, trainer=self.trainer, clock=self.clock, keywords=KEYWORDS
        )
        threshold = Threshold(database=database, configured=0.5)
        ranking = Ranking(database=database, training=self.training, threshold=threshold)
        self.queueing = Queueing(database=database, ranking=ranking, clock=self.clock)
        self.rescoring = Rescoring(database=database, training=self.training, ranking=ranking)

    async def harvest(self, *papers: Paper) -> None:
        """Store these, and let them wait to be ranked."""
        ids = [one.id for one in papers]
        await self.database.write(lambda c: Papers(c).store(papers, self.clock.now()))
        await self.database.write(lambda c: Unranked(c).add(ids))

    async def queued(self) -> Sequence[PaperId]:
        """What waits for its card."""
        found = await self.database.read(lambda c: Candidates(c).in_state(CandidateState.QUEUED))
        return [one.paper for one in found]

    async def scored(self) -> dict[PaperId, int]:
        """Which version judged which paper."""
        rows = await self.database.read(
            lambda c: c.execute(select(scores.c.paper, scores.c.ranker))
        )
        return {PaperId(row.paper): row.ranker for row in rows}


def good(number: int) -> Paper:
    """A paper as the list has them."""
    return numbered(number, title=f"Synthetic Data, Part {number}", abstract="Synthetic data.")


async def test_from_the_first_harvest_to_the_next_version(database: Database) -> None:
    """What a version judged says which; the next one learns from what became of it."""
    house = House(database)
    await set_list(database, ("", "A Book On Synthetic Data"))
    await house.harvest(good(1), *(numbered(n) for n in range(2, 40)))
    await house.queueing.run()
    first = house.training.version
    assert await house.queued() == [good(1).id]
    assert set((await house.scored()).values()) == {first}
    await propose(database, numbered(50), (Action.REJECT, "off topic"), at=house.clock.now())
    house.clock.advance(DAY)
    await house.training.tick()
    await house.rescoring.run()
    await house.harvest(good(60))
    await house.queueing.run()
    assert house.training.version != first
    assert (await house.scored())[good(60).id] == house.training.version
    assert sorted(await house.queued()) == [good(1).id, good(60).id]
    assert [len(taught) for taught in house.trainer.taught] == [40, 40]


async def test_what_breaks_off_between_scoring_and_queueing_is_done_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither scores nor candidates of half a batch are kept, and no paper is lost or doubled."""
    house = House(database)

    async def full(*_: object, **__: object) -> None:
        raise StorageError("The disk is full.")

    row = await database.write(lambda c: _row(c, house))
    papers = [good(n) for n in range(1, 4)]
    await database.write(lambda c: Papers(c).store(papers, house.clock.now()))
    await database.write(lambda c: Unranked(c).add([one.id for one in papers], row))
    with monkeypatch.context() as patch:
        patch.setattr(Harvests, "ranked", full)
        with pytest.raises(StorageError):
            await house.queueing.run()
    assert (await house.queued(), await house.scored()) == ([], {})
    await house.queueing.run()
    await house.queueing.run()
    assert sorted(await house.queued()) == sorted(await house.scored()) == [p.id for p in papers]
    assert len(house.trainer.taught) == 1


async def _row(connection: object, house: House) -> int:
    harvests, now = Harvests(connection), house.clock.now()  # type: ignore[arg-type]
    return await harvests.row(await harvests.begin(now), "cs.CL", now.date(), now)


async def test_a_list_that_is_replaced_teaches_what_it_is_now(database: Database) -> None:
    """By an import: what came is learnt ten minutes later, and what went is forgotten with it."""
    house = House(database)
    await set_list(database, ("", "A Book On Synthetic Data"), ("", "A Book That Goes Away Soon"))
    await house.training.ready()
    house.clock.advance(60)
    await _replace(database, house, "A Book On Synthetic Data", "A Book That Came To The List")
    house.clock.advance(600)
    await house.training.tick()
    assert [one.title for one in house.trainer.taught[-1]] == [
        "A Book On Synthetic Data",
        "A Book That Came To The List",
    ]
    latest = await database.read(lambda c: Rankers(c).latest())
    assert latest
    assert (latest[0].id, latest[0].positives) == (house.training.version, 2)


async def _replace(database: Database, house: House, *titles: str) -> None:
    entries = [listed_entry(section="S", ids=(), title=title) for title in titles]
    now = house.clock.now()
    await database.write(lambda c: Catalogue(c).replace("l.md", b"", ["S"], entries, now))
