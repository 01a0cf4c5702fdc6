"""One digest a day and channel: never twice, caught up once when late."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import structlog

from bot.domain import citations, digest, identify
from bot.domain.cards import DigestItem
from bot.domain.contribution import contribution
from bot.domain.intake import is_recent
from bot.services.plain_text import plain
from bot.services.ports import Unreachable
from bot.services.trouble import Trouble
from storage.candidates import Candidates
from storage.catalogue import Catalogue
from storage.digests import Digests
from storage.errors import StorageError
from storage.messages import Messages
from storage.models import WAITING
from storage.papers import Papers
from storage.watermarks import Watermarks

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, timedelta

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.domain.cards import DigestPost
    from bot.domain.digest import Window
    from bot.services.delivery import Delivery
    from bot.services.pauses import Pauses
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
            through = await Watermarks(connection).last_complete(self._sets)
            waiting = await Candidates(connection).count(*WAITING)
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
        pauses: Pauses,
    ) -> None:
        self._database = database
        self._announcer = announcer
        self._delivery = delivery
        self._editor = editor
        self._clock = clock
        self._settle = settle
        self._pauses = pauses
        self._one_at_a_time = asyncio.Lock()
        self._trouble = Trouble("digest not delivered")

    async def run(self) -> None:
        """Finish what a failure interrupted, then send what is due.

        A channel out of reach gets no further digest before the one it waits for: the next one
        then covers all the days between. Whatever fails for one channel does not keep off others.
        """
        async with self._one_at_a_time:
            channels = await self._database.read(lambda c: Digests(c).channels())
            waiting = await self._finish_open(frozenset(one.channel_id for one in channels))
            for channel in channels:
                if channel.channel_id not in waiting:
                    begun = await self._begin(channel)
                    if begun is not None:
                        await self._send(begun)

    async def _finish_open(self, chosen: frozenset[int]) -> set[int]:
        """Finish open digests, and name the channels that still cannot be reached."""
        waiting = set()
        for run in await self._database.read(lambda c: Digests(c).open_runs()):
            if run.channel_id not in chosen:
                log.info("digest dropped: the channel gets none any more", channel=run.channel_id)
                await self._finish(run)
            elif not await self._send(run):
                waiting.add(run.channel_id)
        return waiting

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

    async def _send(self, run: DigestRun) -> bool:
        """Send what is missing of a digest. False where its channel is out of reach."""
        if not self._pauses.allows(run.channel_id):
            return False
        try:
            await self._deliver(run)
        except StorageError:
            raise
        except Unreachable as error:
            self._trouble.met(run.channel_id, str(error))
            self._pauses.met(run.channel_id, error)
            return error.refused
        except Exception as error:
            # The job boundary of one digest: the other channels get theirs.
            self._trouble.met(run.channel_id, str(error), error)
            return True
        self._trouble.over(run.channel_id)
        self._pauses.over(run.channel_id)
        await self._finish(run)
        return True

    async def _deliver(self, run: DigestRun) -> None:
        for post in await self._editor.write(digest.Window(run.day, run.since, run.until)):
            sent = await self._delivery.deliver(
                self._announcer,
                post,
                kind=KIND,
                ref=run.id,
                part=post.part,
                channel_id=run.channel_id,
            )
            if not sent.before:
                await self._note(sent.message.key, digest.content_mark(post))

    async def _note(self, key: str, mark: int) -> None:
        await self._database.write(lambda c: Messages(c).show(key, mark))

    async def _finish(self, run: DigestRun) -> None:
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
        late=digest.late_day(_came_out(paper), day),
    )
    return replace(item, contribution=contribution(plain(paper.abstract)))


def _came_out(paper: Paper) -> date | None:
    """The day arXiv announced it; of one first met long after that, the first day known."""
    announced = paper.announced
    return announced if announced and is_recent(paper.id, announced) else paper.published
