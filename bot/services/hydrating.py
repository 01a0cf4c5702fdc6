"""Abstracts for the papers of the list, and of the lists one admires, that have none."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import structlog

from bot.domain.errors import SourceError
from bot.domain.nights import DAY, last_night
from bot.services.shelves import names_of
from bot.services.versions import READ
from bot.services.withdrawals import withdraw
from storage.lessons import Lessons
from storage.papers import Papers
from storage.precedence import ANSWERS_FIRST
from storage.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.services.ports import Clock, PaperLookup
    from storage.database import Database
    from storage.models import Paper, PaperId

AT_ONCE = 50
"""Papers in one question to arXiv."""

AGAIN = timedelta(days=7)
"""After that long arXiv is asked once more for what it did not know."""

PAUSE = timedelta(hours=1)
"""How long arXiv is left alone when it gave no answer."""

NIGHT = 2
"""The UTC hour from which on arXiv may be asked again; an hour later the ranker is trained."""

ASKED = "hydrating.asked"
"""The setting that holds, by paper, when arXiv was asked in vain."""

log = structlog.get_logger()


class Hydrating:
    """Asks arXiv for abstracts: when the bot starts, and nightly.

    The papers of `examples` are stored, so that they are found, and teach; they are not proposed.
    """

    def __init__(
        self, *, database: Database, lookup: PaperLookup, clock: Clock, examples: Sequence[Paper]
    ) -> None:
        self._database = database
        self._lookup = lookup
        self._clock = clock
        self._examples = tuple(examples)
        self._next: datetime | None = None
        self._one_at_a_time = asyncio.Lock()

    async def run(self) -> None:
        """Ask for all that is missing, unless it is not time yet. Raises StorageError."""
        now = self._clock.now()
        if self._one_at_a_time.locked() or not self._may_ask(now):
            return
        async with self._one_at_a_time:
            self._next = now + PAUSE
            try:
                await self._ask(await self._missing())
            except SourceError as error:
                log.info("abstracts asked for later", reason=str(error))
            else:
                self._next = last_night(NIGHT, now) + DAY

    def _may_ask(self, now: datetime) -> bool:
        # A machine asks arXiv nothing in the two hours in which it announces.
        is_quiet = now.astimezone(UTC).hour < NIGHT
        # More than a day ahead it was set by a clock that was wrong.
        waits = self._next is not None and now < self._next <= now + DAY
        return not is_quiet and not waits

    async def _missing(self) -> list[PaperId]:
        """The arXiv ids of papers without abstract, each once, the list's first."""
        bare = await self._database.read(lambda c: Lessons(c).without_abstract())
        found = dict.fromkeys(await self._without_abstract([(one,) for one in bare]))
        for start in range(0, len(self._examples), AT_ONCE):
            await ANSWERS_FIRST.stand_back()
            some = self._examples[start : start + AT_ONCE]
            found |= dict.fromkeys(await self._without_abstract([names_of(one) for one in some]))
        asked = await self._database.read(self._asked)
        return [one for one in found if one not in asked]

    async def _without_abstract(self, papers: Sequence[Sequence[PaperId]]) -> list[PaperId]:
        """The arXiv ids, where they have any, of papers given by some of their ids."""
        names = {name for one in papers for name in one}
        known = await self._database.read(lambda c: Papers(c).get_many(names))
        found = (_to_ask(one, known) for one in papers)
        return [one for one in found if one is not None]

    async def _ask(self, ids: Sequence[PaperId]) -> None:
        for start in range(0, len(ids), AT_ONCE):
            await ANSWERS_FIRST.stand_back()
            some = ids[start : start + AT_ONCE]
            papers = await self._lookup.lookup(some)
            told = [paper for paper in papers if paper.abstract]
            await self._database.write(partial(self._keep, some, told))
            log.info("abstracts read", asked=len(some), found=len(told))

    async def _keep(
        self, asked: Sequence[PaperId], told: Sequence[Paper], connection: AsyncConnection
    ) -> None:
        """Store what arXiv told, withdrawals too, and remember what it did not know."""
        now, settings = self._clock.now(), Settings(connection)
        await Papers(connection).store(told, now)
        await withdraw(connection, [paper.id for paper in told if paper.withdrawn], now)
        if told:
            await settings.put(READ, now.isoformat())
        known = {name for paper in told for name in names_of(paper)}
        in_vain = await self._asked(connection)
        in_vain |= {one: now.isoformat() for one in asked if one not in known}
        await settings.put(ASKED, json.dumps(in_vain))

    async def _asked(self, connection: AsyncConnection) -> dict[str, str]:
        """What arXiv was asked for in vain, and when, as far as that is not long ago."""
        kept: dict[str, str] = json.loads(await Settings(connection).get(ASKED) or "{}")
        since = self._clock.now() - AGAIN
        return {one: at for one, at in kept.items() if datetime.fromisoformat(at) > since}


def _to_ask(names: Sequence[PaperId], known: Mapping[PaperId, Paper]) -> PaperId | None:
    papers = [known[name] for name in names if name in known]
    if any(paper.abstract for paper in papers):
        return None
    return _arxiv_id([*names, *(name for paper in papers for name in names_of(paper))])


def _arxiv_id(names: Iterable[PaperId]) -> PaperId | None:
    return next((name for name in names if name.startswith("arXiv:")), None)
