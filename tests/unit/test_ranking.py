"""Papers are scored by the ranker in use, and placed by the list as it stands."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from bot.services import rescoring
from bot.services.queueing import Queueing
from bot.services.ranking import SLICE, Ranking
from bot.services.rescoring import Rescoring
from bot.services.threshold import Threshold
from bot.services.training import Training
from bot.services.versions import READ
from storage.candidates import Candidates
from storage.messages import Messages
from storage.models import Action, CandidateState, Member, Origin, PaperId
from storage.rankers import Rankers
from storage.schema import scores
from storage.settings import Settings
from storage.unranked import Unranked
from tests.factories import paper
from tests.fakes import START
from tests.models import KEYWORDS, StrictTrainer
from tests.unit.test_training_set import numbered, propose, set_list, store

if TYPE_CHECKING:
    import pytest

    from storage.database import Database
    from storage.models import Candidate, Paper
    from tests.fakes import FakeClock

ANA = Member(1, "Ana")
MINUTE = 60

GOOD = numbered(
    1,
    title="Synthetic Data Generation and Curation for Language Models",
    abstract="We generate synthetic data with large language models and curate it.",
)
BAD = numbered(2, title="On the Weather of Lakes", abstract="We measure the weather of lakes.")


class House(NamedTuple):
    """What ranks, and what it is made of."""

    trainer: StrictTrainer
    training: Training
    threshold: Threshold
    ranking: Ranking
    rescoring: Rescoring
    queueing: Queueing


def house(database: Database, clock: FakeClock) -> House:
    """As a process has it at its start."""
    trainer = StrictTrainer()
    training = Training(database=database, trainer=trainer, clock=clock, keywords=KEYWORDS)
    threshold = Threshold(database=database, configured=0.5)
    ranking = Ranking(database=database, training=training, threshold=threshold)
    rescoring = Rescoring(database=database, training=training, ranking=ranking)
    queueing = Queueing(database=database, ranking=ranking, clock=clock)
    return House(trainer, training, threshold, ranking, rescoring, queueing)


async def harvested(database: Database, *papers: Paper) -> None:
    """Papers that wait to be ranked."""
    await store(database, *papers)
    await database.write(lambda c: Unranked(c).add([one.id for one in papers]))


async def queue_of(database: Database) -> list[Candidate]:
    """What waits in line, as it would be shown."""
    return list(await database.read(lambda c: Candidates(c).in_state(CandidateState.QUEUED)))


async def kept_scores(database: Database) -> dict[str, tuple[int, float]]:
    """Version and value by the paper's id."""
    rows = await database.read(lambda c: c.execute(select(scores)))
    return {row.paper: (row.ranker, row.value) for row in rows}


async def test_all_the_harvest_looks_at_has_a_score_and_the_best_are_queued(
    sqlite: Database, clock: FakeClock
) -> None:
    """With the version that gave it."""
    here = house(sqlite, clock)
    await set_list(sqlite, ("arXiv:2402.13446", "Synthetic Data: A Survey"))
    await harvested(sqlite, GOOD, BAD)
    await here.queueing.run()
    (queued,) = await queue_of(sqlite)
    assert (queued.paper, queued.section) == (GOOD.id, "S")
    assert any("synthetic" in reason.lower() for reason in queued.reasons)
    found = await kept_scores(sqlite)
    assert found[GOOD.id] == (here.training.version, queued.score)
    assert found[BAD.id][1] < 0.5 < found[GOOD.id][1]


async def test_what_a_member_asks_for_has_no_score_of_the_harvest(
    sqlite: Database, clock: FakeClock
) -> None:
    """A score says that the harvest looked at the paper."""
    here = house(sqlite, clock)
    found = await here.ranking.judge(BAD)
    assert (found.section, found.ranker) == ("", here.training.version)
    assert await kept_scores(sqlite) == {}


async def test_the_threshold_counts_from_the_next_paper_on(
    sqlite: Database, clock: FakeClock
) -> None:
    """It was set while the bot ran."""
    here = house(sqlite, clock)
    await harvested(sqlite, BAD)
    await here.queueing.run()
    assert await queue_of(sqlite) == []
    await here.threshold.set(0.0, ANA, clock.now())
    another = numbered(3, title=BAD.title + " and Rivers", abstract=BAD.abstract)
    await harvested(sqlite, another)
    await here.queueing.run()
    assert [one.paper for one in await queue_of(sqlite)] == [another.id]


async def test_below_the_threshold_nothing_is_said_of_a_paper(
    sqlite: Database, clock: FakeClock
) -> None:
    """Looking closer would take longer than all the rest."""
    here = house(sqlite, clock)
    await set_list(sqlite, ("arXiv:2402.13446", "Synthetic Data: A Survey"))
    good, bad = await here.ranking.rank([GOOD, BAD])
    assert (good.wanted, bad.wanted) == (True, False)
    assert (bad.section, bad.score.reasons) == ("", ())
    _, asked = await here.ranking.judge_all([GOOD, BAD])
    assert (asked.wanted, asked.section, asked.score.value) == (True, "S", bad.score.value)


async def test_sections_and_neighbours_follow_the_list_at_once(
    sqlite: Database, clock: FakeClock
) -> None:
    """No training is waited for, and none is begun."""
    here = house(sqlite, clock)
    assert (await here.ranking.knowledge()).sections == ()
    await set_list(sqlite, ("arXiv:2402.13446", "Synthetic Data Generation: A Survey"))
    before = await here.ranking.knowledge()
    assert (before.sections, before.known) == (
        ("S",), (("Synthetic Data Generation: A Survey", "Lupidi"),)
    )  # fmt: skip
    assert [one.title for one in before.neighbours.nearest(GOOD)] == [
        "Synthetic Data Generation: A Survey"
    ]
    assert before.neighbours.nearest(BAD) == ()
    assert await here.ranking.knowledge() is before
    await set_list(sqlite)
    assert await here.ranking.knowledge(of_any_list=True) is before
    assert (await here.ranking.knowledge()).known == ()
    assert (here.trainer.taught, here.training.version) == ([], None)


async def test_abstracts_that_came_later_are_known_too(sqlite: Database, clock: FakeClock) -> None:
    """The list itself has not changed by that."""
    here = house(sqlite, clock)
    await set_list(sqlite, ("arXiv:2402.13446", "A Survey"))
    lakes = paper(id=PaperId("arXiv:2402.13446"), title="A Survey", abstract=BAD.abstract)
    assert (await here.ranking.knowledge()).neighbours.nearest(BAD) == ()
    await store(sqlite, lakes)
    await sqlite.write(lambda c: Settings(c).put(READ, clock.now().isoformat()))
    assert [one.title for one in (await here.ranking.knowledge()).neighbours.nearest(BAD)] == [
        "A Survey"
    ]


async def test_a_day_is_ranked_in_slices_by_one_version(sqlite: Database, clock: FakeClock) -> None:
    """In the order in which it came, while the event loop keeps turning."""
    here = house(sqlite, clock)
    many = [numbered(n) for n in range(3 * SLICE + 1)]
    turns = 0

    async def count_turns() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    counting = asyncio.create_task(count_turns())
    found = await here.ranking.rank(many)
    counting.cancel()
    assert [one.paper for one in found] == many
    assert {one.ranker for one in found} == {here.training.version}
    assert turns > 4


async def waiting(database: Database, clock: FakeClock) -> House:
    """Two finds in line, the wrong one first, by a version of before."""
    here = house(database, clock)
    await here.training.ready()
    for one, score in ((GOOD, 0.51), (BAD, 0.99)):
        await propose(database, one, score=score)
    return here


async def test_a_new_version_puts_the_best_first(sqlite: Database, clock: FakeClock) -> None:
    """So that they get the day's cards; sections stay as they were suggested."""
    here = await waiting(sqlite, clock)
    assert [one.paper for one in await queue_of(sqlite)] == [BAD.id, GOOD.id]
    await here.rescoring.run()
    first, second = await queue_of(sqlite)
    assert (first.paper, second.paper) == (GOOD.id, BAD.id)
    assert first.score > 0.5 > second.score
    assert first.reasons
    assert (first.section, first.revision) == ("S", 0)


async def test_cards_that_stand_or_are_begun_keep_what_they_say(
    sqlite: Database, clock: FakeClock
) -> None:
    """And so does what was decided."""
    here = await waiting(sqlite, clock)
    begun, _ = await queue_of(sqlite)
    await sqlite.write(lambda c: Messages(c).prepare("c", begun.id, 0, 100, START))
    rejected = await propose(sqlite, numbered(5), (Action.REJECT, "off topic"), score=0.77)
    await here.rescoring.run()
    kept = await sqlite.read(lambda c: Candidates(c).get(begun.id))
    assert kept == begun
    decided = await sqlite.read(lambda c: Candidates(c).get(rejected))
    assert decided is not None
    assert decided.score == 0.77


async def test_a_submission_in_line_is_judged_anew_as_well(
    sqlite: Database, clock: FakeClock
) -> None:
    """But not one of which nothing is known but its link."""
    here = await waiting(sqlite, clock)
    unread = PaperId("arXiv:2409.00007")
    await propose(sqlite, numbered(6), score=0.9, origin=Origin.SUBMISSION)
    await propose(
        sqlite, paper(id=unread, title="", abstract=""), score=0.0, origin=Origin.SUBMISSION
    )
    await here.rescoring.run()
    found = {one.paper: one for one in await queue_of(sqlite)}
    assert found[numbered(6).id].score < 0.9
    assert (found[unread].score, found[unread].reasons) == (0.0, ())


async def test_each_version_judges_what_waits_once(sqlite: Database, clock: FakeClock) -> None:
    """Also over a restart, and where the bot was killed meanwhile it is made up for."""
    here = await waiting(sqlite, clock)
    await here.rescoring.run()
    late = numbered(8)
    await propose(sqlite, late, score=0.99)
    await here.rescoring.run()
    again = house(sqlite, clock)
    await again.training.ready()
    await again.rescoring.run()
    assert 0.99 in [one.score for one in await queue_of(sqlite)]
    await propose(sqlite, numbered(9), (Action.REJECT, "off topic"))
    clock.advance(10 * MINUTE)
    await again.training.tick()
    third = house(sqlite, clock)
    await third.training.ready()
    await third.rescoring.run()
    assert 0.99 not in [one.score for one in await queue_of(sqlite)]


async def test_without_a_version_nothing_is_judged(sqlite: Database, clock: FakeClock) -> None:
    """What waits was suggested by hand, before any harvest."""
    here = house(sqlite, clock)
    await propose(sqlite, GOOD, score=0.9)
    await here.rescoring.run()
    assert (await queue_of(sqlite))[0].score == 0.9
    assert await sqlite.read(lambda c: Rankers(c).latest()) is None


async def test_more_than_one_commit_holds_are_judged(
    sqlite: Database, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long the line is."""
    monkeypatch.setattr(rescoring, "AT_ONCE", 3)
    here = house(sqlite, clock)
    await here.training.ready()
    for number in range(10, 20):
        await propose(sqlite, numbered(number), score=0.99)
    await here.rescoring.run()
    assert all(one.score < 0.99 for one in await queue_of(sqlite))
