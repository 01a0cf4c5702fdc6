"""The ranker in use: trained when there is none, after decisions, and nightly."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from bot.domain.errors import TrainingFailed
from bot.domain.model import FORMAT, Model
from bot.domain.retraining import due, outgrown_by
from bot.domain.sentences import sentence
from bot.services.aside import aside
from bot.services.training_set import Tally, TrainingSet
from bot.services.versions import Version, Versions
from storage.models import Label, Ranker, Why

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping, Sequence
    from datetime import datetime

    from bot.services.ports import Clock, Trainer
    from storage.database import Database
    from storage.models import Example, Paper

log = structlog.get_logger()


class Training:
    """Keeps the ranker up to date. One training at a time; meanwhile the model before serves.

    `keywords` are phrases with their weights, `examples` the papers of lists that one admires.
    """

    def __init__(
        self,
        *,
        database: Database,
        trainer: Trainer,
        clock: Clock,
        keywords: Mapping[str, float],
        examples: Sequence[Paper] = (),
    ) -> None:
        self._trainer = trainer
        self._clock = clock
        self._keywords = dict(keywords)
        self._lessons = TrainingSet(database, examples)
        self._versions = Versions(database, keywords, examples)
        self._current: Version | None = None
        self._looked: datetime | None = None
        self._read = self._tried = False
        self._counted = 0
        self._closed = False
        self._under_way: asyncio.Task[bytes] | None = None
        self._one_at_a_time = asyncio.Lock()

    @property
    def version(self) -> int | None:
        """The id of the version in use; None where none was needed yet."""
        return self._current.ranker.id if self._current else None

    async def ready(self) -> tuple[int, Model]:
        """The version in use and its model: the one that is stored, or else a first one.

        Raises TrainingFailed, StorageError.
        """
        current = self._current
        if current is None:
            async with self._one_at_a_time:
                current = self._current = self._current or await self._first()
        return current.ranker.id, current.model

    async def model(self) -> Model | None:
        """The model in use, or the one that is stored: nobody trains for this. Raises StorageError.

        None where there is none, or it is being made.
        """
        if self._current is None and not self._one_at_a_time.locked():
            async with self._one_at_a_time:
                await self._stored()
        return self._current.model if self._current else None

    async def tick(self) -> None:
        """Train anew where that is due, unless it is under way. Raises StorageError.

        What came while nobody ran is still due. Until somebody needs a first version there is
        nothing to renew.
        """
        if self._one_at_a_time.locked():
            return
        async with self._one_at_a_time:
            try:
                await self._renew()
            except TrainingFailed as error:
                log.warning("ranker not trained", reason=str(error))

    def close(self) -> None:
        """Break off a training that is under way, and begin none: whoever asks is told."""
        self._closed = True
        if self._under_way is not None:
            self._under_way.cancel()

    async def _renew(self) -> None:
        now, current = self._clock.now(), await self._resumed()
        if current is None:
            return
        since = self._looked or current.ranker.made_at
        why = await self._growth(current) or due(since, await self._versions.changes(since), now)
        if why is not None:
            unchanged = await self._fingerprint() == current.ranker.fingerprint
            # A failure is tried again when there is more to learn, or at night.
            self._looked = now
            if not unchanged:
                self._current = await self._train(why)
                self._looked = None

    async def _growth(self, current: Version) -> Why | None:
        """Whether there is background for much more than this version has, and had no look yet."""
        enough = outgrown_by(max(current.ranker.background, self._counted))
        if enough is None or await self._versions.background(enough) < enough:
            return None
        self._counted = enough
        return Why.GROWTH

    async def _resumed(self) -> Version | None:
        """The version in use, or the last one; where it has to be replaced there is one try."""
        if self._current is None and not self._tried and await self._versions.any():
            self._tried = True
            self._current = await self._first()
        return self._current

    async def _first(self) -> Version:
        return await self._stored() or await self._train(Why.START)

    async def _stored(self) -> Version | None:
        if not self._read:
            self._current = await self._versions.stored()
            self._read = True
        return self._current

    async def _fingerprint(self) -> str:
        tally = Tally(self._keywords, FORMAT)
        async for _ in tally.of(self._lessons.read()):
            pass
        return tally.fingerprint

    async def _train(self, why: Why) -> Version:
        tally, begun = Tally(self._keywords, FORMAT), self._clock.now()
        content = await self._learn(tally.of(self._lessons.read()))
        try:
            model = await aside(Model.load, content)
        except ValueError as error:
            raise TrainingFailed(
                sentence(
                    "The ranker was not trained: what was learnt cannot be read ({reason}). If the"
                    " bot was updated while it ran, start it again.",
                    reason=str(error),
                )
            ) from error
        counts = tally.counts
        made = Ranker(
            made_at=begun,
            why=why,
            fingerprint=tally.fingerprint,
            positives=counts[Label.LISTED] + counts[Label.EXAMPLE],
            negatives=counts[Label.REJECTED],
            background=counts[Label.UNLABELLED],
        )
        ranker = await self._versions.keep(made, content)
        _say(ranker, (self._clock.now() - begun).total_seconds())
        return Version(ranker, model)

    async def _learn(self, examples: AsyncGenerator[Example, None]) -> bytes:
        if self._closed:
            raise _stopping()
        learning = asyncio.ensure_future(self._trainer.train(self._keywords, examples))
        self._under_way = learning
        try:
            return await learning
        except asyncio.CancelledError:
            asking = asyncio.current_task()
            if asking is None or asking.cancelling():
                raise
            # It was not whoever asks that was cancelled.
            raise _stopping() from None
        finally:
            self._under_way = None


def _stopping() -> TrainingFailed:
    return TrainingFailed(sentence("The ranker was not trained: the bot is being stopped."))


def _say(ranker: Ranker, seconds: float) -> None:
    log.info(
        "ranker trained",
        version=ranker.id,
        why=ranker.why,
        positives=ranker.positives,
        negatives=ranker.negatives,
        background=ranker.background,
        seconds=round(seconds, 1),
    )
