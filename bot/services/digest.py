"""One digest a day and channel: never twice, caught up once when late."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import structlog

from bot.domain import citations, digest, identify
from bot.domain.cards import DigestItem
from bot.domain.contribution import contribution
from bot.services.plain_text import plain
from bot.services.ports import Unreachable
from storage.candidates import Candidates
from storage.catalogue import Catalogue
from storage.digests import Digests
from storage.harvests import Harvests
from storage.models import CandidateState
from storage.papers import Papers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, timedelta

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.domain.cards import DigestPost
    from bot.domain.digest import Window
    from bot.services.delivery import Delivery
    from bot.services.ports import Announcer, Clock
    from storage.database import Database
    from storage.models import DigestChannel, DigestRun, Entry, Paper

KIND = "d"
"""Message kind of digests; `d4.1.0` is the second part of digest 4."""

log = structlog.get_logger()


class Editor:
    """Writes digests from the stores."""

    def __init__(self, *, database: Database, sets: Sequence[str]) -> None:
        self._database = database
        self._sets = tuple(sets)

    async def write(self, window: Window) -> tuple[DigestPost, ...]:
        """The messages of a digest over (since, until]; none where nothing was added."""

        async def gather(
            connection: AsyncConnection,
        ) -> tuple[tuple[tuple[Entry, Paper | None], ...], date | None, int]:
            entries = await Catalogue(connection).added_between(window.since, window.until)
            papers = await Papers(connection).get_many([e.paper for e in entries if e.paper])
            through = await Harvests(connection).last_complete(self._sets)
            waiting = await Candidates(connection).count(
                CandidateState.POSTED, CandidateState.QUEUED
            )
            pairs = tuple((e, papers.get(e.paper) if e.paper else None) for e in entries)
            return pairs, through.date() if through else None, waiting

        pairs, through, waiting = await self._database.read(gather)
        items = await asyncio.to_thread(_items, pairs, window.day)
        return digest.split(window.day, items, complete_through=through, waiting=waiting)


class DigestService:
    """Sends the digests that are due."""

    def __init__(
        self,
        *,
        database: Database,
        announcer: Announcer,
        delivery: Delivery,
        editor: Editor,
        clock: Clock,
        settle: timedelta,
    ) -> None:
        self._database = database
        self._announcer = announcer
        self._delivery = delivery
        self._editor = editor
        self._clock = clock
        self._settle = settle
        self._one_at_a_time = asyncio.Lock()

    async def run(self) -> None:
        """Finish what a crash interrupted, then send what is due."""
        async with self._one_at_a_time:
            for run in await self._database.read(lambda c: Digests(c).open_runs()):
                await self._send(run)
            for channel in await self._database.read(lambda c: Digests(c).channels()):
                begun = await self._begin(channel)
                if begun is not None:
                    await self._send(begun)

    async def _begin(self, channel: DigestChannel) -> DigestRun | None:
        now = self._clock.now()

        async def work(connection: AsyncConnection) -> DigestRun | None:
            digests = Digests(connection)
            last = await digests.last(channel.channel_id)
            window = digest.due(channel, last, now, self._settle)
            if window is None:
                return None
            return await digests.begin(
                channel.channel_id, window.day, window.since, window.until, now
            )

        return await self._database.write(work)

    async def _send(self, run: DigestRun) -> None:
        window = digest.Window(run.day, run.since, run.until)
        try:
            for post in await self._editor.write(window):
                await self._delivery.deliver(
                    self._announcer,
                    post,
                    kind=KIND,
                    ref=run.id,
                    part=post.part,
                    channel_id=run.channel_id,
                )
        except Unreachable as error:
            log.warning("digest not delivered", channel=run.channel_id, reason=str(error))
            return
        now = self._clock.now()
        await self._database.write(lambda c: Digests(c).finish(run.id, now))


def _items(pairs: Sequence[tuple[Entry, Paper | None]], day: date) -> list[tuple[str, DigestItem]]:
    return [(entry.section, _item(entry, paper, day)) for entry, paper in pairs]


def _item(entry: Entry, paper: Paper | None, day: date) -> DigestItem:
    if paper is None:
        url = entry.links[0].url if entry.links else ""
        return DigestItem(title=plain(entry.title), url=url, authors="")
    item = DigestItem(
        title=plain(paper.title or entry.title),
        url=identify.abs_url(paper.id),
        authors=plain(citations.short_authors(paper.authors)),
        late=digest.late_day(paper.published, day),
    )
    return replace(item, contribution=contribution(plain(paper.abstract)))
