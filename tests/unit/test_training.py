"""The ranker in use: stored, renewed after decisions and at night, never two at once."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update
from structlog.testing import capture_logs

from bot.domain.errors import TrainingFailed
from bot.services.training import Training
from storage.models import Action, Label, PaperId, Why
from storage.papers import Papers
from storage.rankers import Rankers
from storage.schema import rankers
from tests.factories import paper
from tests.models import KEYWORDS, StrictTrainer
from tests.unit.test_training_set import numbered, propose, set_list, store

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from storage.database import Database
    from storage.models import Example, Paper, Ranker
    from tests.fakes import FakeClock

MINUTE, HOUR, DAY = 60, 3_600, 86_400


def training(
    database: Database,
    clock: FakeClock,
    trainer: StrictTrainer,
    keywords: Mapping[str, float] | None = None,
    examples: tuple[Paper, ...] = (),
) -> Training:
    """As a process has it at its start."""
    return Training(
        database=database,
        trainer=trainer,
        clock=clock,
        keywords=KEYWORDS if keywords is None else keywords,
        examples=examples,
    )


async def latest(database: Database) -> tuple[Ranker, bytes]:
    """The newest version and its model."""
    found = await database.read(lambda c: Rankers(c).latest())
    assert found is not None
    return found


async def decide(database: Database, clock: FakeClock, number: int, *acts: Action) -> None:
    """Somebody decides about a paper now."""
    await propose(database, numbered(number), *((act, "off topic") for act in acts), at=clock.now())


async def test_the_first_who_asks_gets_one_trained_and_all_others_that_one(
    sqlite: Database, clock: FakeClock
) -> None:
    """However many ask at once, and in whatever process."""
    await set_list(sqlite, ("", "Self-Instruct: Aligning Language Models"))
    trainer = StrictTrainer()
    here = training(sqlite, clock, trainer)
    assert here.version is None
    first, *others = await asyncio.gather(*(here.ready() for _ in range(5)))
    assert {number for number, _ in others} == {first[0]} == {here.version}
    elsewhere = await training(sqlite, clock, trainer).ready()
    assert elsewhere[0] == first[0]
    assert elsewhere[1].dump() == first[1].dump()
    assert len(trainer.taught) == 1
    assert (await latest(sqlite))[0].why is Why.START


async def test_a_version_is_used_whatever_its_age(sqlite: Database, clock: FakeClock) -> None:
    """A command that asks once a year does not wait for a training."""
    trainer = StrictTrainer()
    await training(sqlite, clock, trainer).ready()
    clock.advance(365 * DAY)
    await training(sqlite, clock, trainer).ready()
    assert len(trainer.taught) == 1


async def test_nobody_trains_who_needs_no_ranker(sqlite: Database, clock: FakeClock) -> None:
    """Where nothing was ever ranked there is nothing to renew."""
    trainer = StrictTrainer()
    here = training(sqlite, clock, trainer)
    await decide(sqlite, clock, 1, Action.REJECT)
    clock.advance(DAY)
    await here.tick()
    assert trainer.taught == []


@pytest.mark.parametrize("content", [b"", b"damaged", b"\x80\x04."])
async def test_a_version_that_cannot_be_read_is_replaced(
    sqlite: Database, clock: FakeClock, content: bytes
) -> None:
    """With one line that says so."""
    trainer = StrictTrainer()
    await training(sqlite, clock, trainer).ready()
    await sqlite.write(lambda c: c.execute(update(rankers).values(content=content)))
    with capture_logs() as logs:
        number, model = await training(sqlite, clock, trainer).ready()
    ranker, kept = await latest(sqlite)
    assert (number, model.dump()) == (ranker.id, kept)
    assert [one["event"] for one in logs] == ["ranker cannot be read", "ranker trained"]


async def test_versions_without_a_model_are_none(sqlite: Database, clock: FakeClock) -> None:
    """Somebody made room in the database: the next who asks has one trained."""
    trainer = StrictTrainer()
    await training(sqlite, clock, trainer).ready()
    await sqlite.write(lambda c: c.execute(update(rankers).values(content=None)))
    here = training(sqlite, clock, trainer)
    await here.tick()
    assert await here.model() is None
    await here.ready()
    assert len(trainer.taught) == 2


async def test_run_replaces_what_cannot_be_read_by_itself(
    sqlite: Database, clock: FakeClock
) -> None:
    """Once: where that fails it waits for whoever needs it, and does not try every minute."""
    trainer = StrictTrainer()
    await training(sqlite, clock, trainer).ready()
    await sqlite.write(lambda c: c.execute(update(rankers).values(content=b"damaged")))
    here = training(sqlite, clock, trainer)
    trainer.failing = 1
    for _ in range(3):
        await here.tick()
        clock.advance(MINUTE)
    assert (here.version, len(trainer.taught)) == (None, 1)
    await training(sqlite, clock, trainer).tick()
    assert len(trainer.taught) == 2


async def test_other_keywords_or_examples_ask_for_another_version(
    sqlite: Database, clock: FakeClock
) -> None:
    """What was changed in config.toml counts from the next start on."""
    trainer = StrictTrainer()
    await training(sqlite, clock, trainer).ready()
    await training(sqlite, clock, trainer, {"self-instruct": 2}).ready()
    await training(sqlite, clock, trainer, {"self-instruct": 2}).ready()
    assert len(trainer.taught) == 2
    admired = (paper(id=PaperId(""), title="A Paper Elsewhere", abstract=""),)
    await training(sqlite, clock, trainer, {"self-instruct": 2}, admired).ready()
    assert [one.label for one in trainer.taught[2]] == [Label.EXAMPLE]


async def test_decisions_are_learnt_from_ten_minutes_later(
    sqlite: Database, clock: FakeClock
) -> None:
    """What was decided since the last training, as it stands then."""
    trainer = StrictTrainer()
    here = training(sqlite, clock, trainer)
    first, _ = await here.ready()
    clock.advance(MINUTE)
    await decide(sqlite, clock, 1, Action.REJECT)
    await decide(sqlite, clock, 2, Action.APPROVE, Action.UNDO)
    for _ in range(9):
        await here.tick()
        clock.advance(MINUTE)
    assert here.version == first
    clock.advance(MINUTE)
    await here.tick()
    assert here.version == (await latest(sqlite))[0].id != first
    assert (await latest(sqlite))[0].why is Why.DECISIONS
    assert [(one.id[-1], one.label) for one in trainer.taught[1]] == [("1", Label.REJECTED)]


async def test_who_decides_all_day_is_learnt_from_every_hour(
    sqlite: Database, clock: FakeClock
) -> None:
    """At the latest an hour after the first decision."""
    trainer = StrictTrainer()
    here = training(sqlite, clock, trainer)
    await here.ready()
    for number in range(36):
        await decide(sqlite, clock, number, Action.REJECT)
        clock.advance(5 * MINUTE)
        await here.tick()
    assert list(map(len, trainer.taught)) == [0, 12, 24, 36]


async def test_what_was_due_when_the_bot_was_killed_is_still_due(
    sqlite: Database, clock: FakeClock
) -> None:
    """The database knows what came after the version was made."""
    trainer = StrictTrainer()
    await training(sqlite, clock, trainer).ready()
    clock.advance(MINUTE)
    await decide(sqlite, clock, 1, Action.REJECT)
    clock.advance(10 * MINUTE)
    await training(sqlite, clock, trainer).tick()
    here = training(sqlite, clock, trainer)
    await here.tick()
    await here.tick()
    assert len(trainer.taught) == 2


async def test_what_changes_nothing_makes_no_version(sqlite: Database, clock: FakeClock) -> None:
    """A paper put off teaches nothing; it is looked for once, not every minute."""
    trainer = StrictTrainer()
    here = training(sqlite, clock, trainer)
    await here.ready()
    await decide(sqlite, clock, 1, Action.SNOOZE)
    for _ in range(90):
        clock.advance(MINUTE)
        await here.tick()
    assert len(trainer.taught) == 1


async def test_at_night_new_papers_are_learnt_from(sqlite: Database, clock: FakeClock) -> None:
    """Once a day after three o'clock UTC, where anything has changed."""
    trainer = StrictTrainer()
    here = training(sqlite, clock, trainer)
    await here.ready()
    await store(sqlite, numbered(1))
    clock.advance(17 * HOUR + 59 * MINUTE)
    await here.tick()
    assert len(trainer.taught) == 1
    for _ in range(3):
        clock.advance(MINUTE)
        await here.tick()
    assert [one.label for one in trainer.taught[1]] == [Label.UNLABELLED]
    assert (await latest(sqlite))[0].why is Why.NIGHT
    clock.advance(2 * DAY)
    await here.tick()
    assert len(trainer.taught) == 2


async def test_a_new_installation_measures_what_is_usual_at_once(
    sqlite: Database, clock: FakeClock
) -> None:
    """Trained for a suggestion before the first harvest, it does not wait for the night."""
    trainer = StrictTrainer()
    here = training(sqlite, clock, trainer)
    await here.ready()
    await store(sqlite, *(numbered(n) for n in range(299)))
    await here.tick()
    assert len(trainer.taught) == 1
    await store(sqlite, numbered(299))
    await here.tick()
    assert ((await latest(sqlite))[0].why, len(trainer.taught[-1])) == (Why.GROWTH, 300)
    await store(sqlite, *(numbered(n) for n in range(300, 1_199)))
    await here.tick()
    assert len(trainer.taught) == 2
    await store(sqlite, numbered(1_199))
    again = training(sqlite, clock, trainer)
    await again.tick()
    assert (again.version, len(trainer.taught[-1])) == ((await latest(sqlite))[0].id, 1_200)


@pytest.mark.parametrize("failing", [0, 1])
async def test_what_growth_brought_is_looked_at_once(
    sqlite: Database, clock: FakeClock, failing: int
) -> None:
    """Where most of it teaches nothing, or the training fails, no minute tries it again."""
    trainer = StrictTrainer()
    here = training(sqlite, clock, trainer)
    await here.ready()
    await store(sqlite, *(numbered(n, title="A Title Of All These Papers") for n in range(400)))
    trainer.failing = failing
    for _ in range(5):
        await here.tick()
        clock.advance(MINUTE)
    assert list(map(len, trainer.taught)) == [0, 1][: 2 - failing]
    assert trainer.failing == 0


async def test_a_clock_that_was_wrong_stops_no_training(sqlite: Database, clock: FakeClock) -> None:
    """A version of a year to come is replaced when there is more to learn, and looked at once."""
    clock.advance(365 * DAY)
    trainer = StrictTrainer()
    await training(sqlite, clock, trainer).ready()
    clock.advance(-365 * DAY)
    here = training(sqlite, clock, trainer)
    await here.tick()
    await decide(sqlite, clock, 1, Action.REJECT)
    clock.advance(10 * MINUTE)
    for _ in range(3):
        await here.tick()
    assert list(map(len, trainer.taught)) == [0, 1]
    assert (await latest(sqlite))[0].made_at == clock.now()


async def test_a_failed_training_leaves_the_old_model_in_use(
    sqlite: Database, clock: FakeClock
) -> None:
    """It is tried again at the next decision, or at night, and a line says why it failed."""
    trainer = StrictTrainer()
    here = training(sqlite, clock, trainer)
    version = await here.ready()
    await decide(sqlite, clock, 1, Action.REJECT)
    trainer.failing = 2
    with capture_logs() as logs:
        for _ in range(90):
            clock.advance(MINUTE)
            await here.tick()
    assert [one["event"] for one in logs] == ["ranker not trained"]
    assert await here.ready() == version
    await decide(sqlite, clock, 2, Action.REJECT)
    clock.advance(10 * MINUTE)
    await here.tick()
    assert trainer.failing == 0
    clock.advance(DAY)
    await here.tick()
    assert here.version == (await latest(sqlite))[0].id != version[0]
    assert len(trainer.taught[-1]) == 2


async def test_without_any_version_a_failure_is_told_to_who_asked(
    sqlite: Database, clock: FakeClock
) -> None:
    """The next who asks has another try."""
    trainer = StrictTrainer()
    trainer.failing = 1
    here = training(sqlite, clock, trainer)
    with pytest.raises(TrainingFailed, match="try again"):
        await here.ready()
    assert (await here.ready())[0] == here.version


class Held(StrictTrainer):
    """A trainer that waits until it may go on."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.go_on = asyncio.Event(), asyncio.Event()

    async def train(self, keywords: Mapping[str, float], examples: AsyncIterator[Example]) -> bytes:
        self.begun.set()
        await self.go_on.wait()
        return await super().train(keywords, examples)


async def test_while_a_training_runs_the_model_before_serves(
    sqlite: Database, clock: FakeClock
) -> None:
    """Nobody waits for it, and the minute does not begin another one."""
    before = await training(sqlite, clock, StrictTrainer()).ready()
    await store(sqlite, numbered(1))
    clock.advance(DAY)
    trainer = Held()
    here = training(sqlite, clock, trainer)
    await here.ready()
    renewing = asyncio.create_task(here.tick())
    await trainer.begun.wait()
    assert (await here.ready())[0] == before[0]
    await here.tick()
    trainer.go_on.set()
    await renewing
    assert len(trainer.taught) == 1
    assert (await here.ready())[0] != before[0]


async def test_who_is_cancelled_leaves_the_training_to_the_next(
    sqlite: Database, clock: FakeClock
) -> None:
    """A first one as well as a renewal; what was begun is not kept."""
    trainer = Held()
    here = training(sqlite, clock, trainer)
    asking = asyncio.create_task(here.ready())
    await trainer.begun.wait()
    waiting = asyncio.create_task(here.ready())
    asking.cancel()
    with suppress(asyncio.CancelledError):
        await asking
    trainer.go_on.set()
    assert (await waiting)[0] == here.version
    assert len(trainer.taught) == 1


async def test_what_is_under_way_when_the_bot_stops_is_broken_off(
    sqlite: Database, clock: FakeClock
) -> None:
    """Whoever waits for it is told, and so is who asks later: none begins any more."""
    trainer = Held()
    here = training(sqlite, clock, trainer)
    asking = [asyncio.create_task(here.ready()) for _ in range(2)]
    await trainer.begun.wait()
    here.close()
    for one in asking:
        with pytest.raises(TrainingFailed, match="stopped"):
            await one
    assert not trainer.running
    assert await sqlite.read(lambda c: Rankers(c).latest()) is None


async def test_a_renewal_that_is_broken_off_leaves_the_version_in_use(
    sqlite: Database, clock: FakeClock
) -> None:
    """What was running finishes with it, in the seconds that it gets."""
    before = await training(sqlite, clock, StrictTrainer()).ready()
    await store(sqlite, numbered(1))
    clock.advance(DAY)
    trainer = Held()
    here = training(sqlite, clock, trainer)
    renewing = asyncio.create_task(here.tick())
    await trainer.begun.wait()
    here.close()
    await renewing
    assert (await here.ready())[0] == before[0]


async def test_trained_again_the_same_database_gives_the_same_bytes(
    sqlite: Database, clock: FakeClock
) -> None:
    """So a version can be made again from a backup of the database."""
    await store(sqlite, *(numbered(n) for n in range(1, 400)))
    await set_list(sqlite, ("arXiv:2409.00001", "x"), ("", "A Book Of Synthetic Data"))
    await decide(sqlite, clock, 500, Action.REJECT)
    await decide(sqlite, clock, 501, Action.APPROVE)
    trainer = StrictTrainer()
    await training(sqlite, clock, trainer).ready()
    ranker, content = await latest(sqlite)
    await sqlite.write(lambda c: c.execute(update(rankers).values(content=b"")))
    clock.advance(HOUR)
    await training(sqlite, clock, trainer).ready()
    again, same = await latest(sqlite)
    assert (again.fingerprint, same) == (ranker.fingerprint, content)
    assert (ranker.positives, ranker.negatives, ranker.background) == (3, 1, 398)


async def test_each_version_has_one_line_in_the_log(sqlite: Database, clock: FakeClock) -> None:
    """Which, why, of what, and how long it took."""

    class Slow(StrictTrainer):
        async def train(
            self, keywords: Mapping[str, float], examples: AsyncIterator[Example]
        ) -> bytes:
            clock.advance(4.25)
            return await super().train(keywords, examples)

    await store(sqlite, numbered(1))
    await set_list(sqlite, ("", "A Book Of Synthetic Data"))
    await decide(sqlite, clock, 2, Action.REJECT)
    with capture_logs() as logs:
        number, _ = await training(sqlite, clock, Slow()).ready()
    assert logs == [
        {
            "event": "ranker trained",
            "log_level": "info",
            "version": number,
            "why": Why.START,
            "positives": 1,
            "negatives": 1,
            "background": 1,
            "seconds": 4.2,
        }
    ]


async def test_a_withdrawn_paper_is_forgotten_at_night(sqlite: Database, clock: FakeClock) -> None:
    """It taught until it was withdrawn."""
    trainer = StrictTrainer()
    here = training(sqlite, clock, trainer)
    await decide(sqlite, clock, 1, Action.APPROVE)
    await here.ready()
    await sqlite.write(lambda c: Papers(c).withdraw([numbered(1).id]))
    clock.advance(DAY)
    await here.tick()
    assert list(map(len, trainer.taught)) == [1, 0]
