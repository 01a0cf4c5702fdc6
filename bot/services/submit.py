"""A member suggests papers: told at once whether each is listed, waiting, decided or queued."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

import structlog

from bot.domain.errors import TrainingFailed, UserError
from bot.domain.identify import identify_all
from bot.domain.relevance import Score
from bot.domain.sentences import sentence
from bot.services.completing import Completing
from bot.services.lookups import Lookups
from bot.services.memory import Memory, recall
from bot.services.ranking import Ranked
from bot.services.standing import Asker, Receipt, Standing, enter, note, standing_of
from storage.models import Paper
from storage.papers import Papers
from storage.submissions import UNJUDGED
from storage.submissions import Submissions as Rows

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.domain.review import Rules
    from bot.services.ports import Clock, PaperLookup
    from bot.services.ranking import Ranking
    from storage.database import Database
    from storage.models import Member, PaperId

__all__ = ["AT_ONCE", "TOO_MANY", "Receipt", "Standing", "Submissions"]

AT_ONCE = 10
"""Papers taken from one message."""

LIMIT = 10
"""New candidates a member may bring within a day."""

DAY = timedelta(days=1)
TOO_MANY = sentence(
    "You have suggested {most} new papers within a day, thank you! That is as many as one person "
    "may: please come back tomorrow with what is left.",
    most=LIMIT,
)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known before anybody is asked."""

    papers: dict[PaperId, Paper]
    receipts: dict[PaperId, Receipt]
    room: int


class Submissions:
    """Takes papers that members suggest.

    `queued` is called when one enters the queue, or one more member asks for it. `sources` are
    given by the scheme of the ids they read: `arXiv`, `acl`, `openreview`.
    """

    def __init__(
        self,
        *,
        database: Database,
        sources: Mapping[str, PaperLookup],
        ranking: Ranking,
        rules: Rules,
        clock: Clock,
        queued: Callable[[], Awaitable[None]],
    ) -> None:
        self._database = database
        self._lookups = Lookups(sources)
        self._memory = Memory(database)
        self._ranking = ranking
        self._rules = rules
        self._clock = clock
        self._queued = queued
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._completing = Completing(
            database=database, lookups=self._lookups, ranking=ranking, clock=clock, queued=queued
        )

    async def submit(self, member: Member, text: str, channel_id: int | None = None) -> Receipt:
        """Suggest the one paper that `text` (a link, an id or a DOI, words around it) names.

        Raises:
            UserError: no paper is named, or one that is not taken; the text says why.
        """
        receipts = await self.submit_all(member, channel_id, text)
        if not receipts:
            raise UserError(_names_nothing(text))
        if receipts[0].standing is Standing.REFUSED:
            raise UserError(receipts[0].problem)
        return receipts[0]

    async def submit_all(
        self, member: Member, channel_id: int | None, text: str
    ) -> tuple[Receipt, ...]:
        """Suggest the first papers a text names, AT_ONCE at the most: what each came to.

        Somebody who asks again before the answer waits for it.
        """
        ids = identify_all(text)[:AT_ONCE]
        if not ids:
            return ()
        async with self._turns.setdefault(member.id, asyncio.Lock()):
            receipts = await self._take(Asker(member, channel_id, self._clock.now()), ids)
        if any(one.noted for one in receipts):
            await self._queued()
        return tuple({one.paper.id: one for one in receipts}.values())

    async def complete(self) -> None:
        """Ask again for one of the papers whose source could not be read when they came."""
        await self._completing.run()

    async def _take(self, asker: Asker, ids: Sequence[PaperId]) -> list[Receipt]:
        known = await self._database.write(lambda c: self._known(c, asker, ids))
        unknown = [one for one in ids if one not in known.receipts]
        if unknown and not known.room:
            new = {one: _refused(Paper(one, ""), TOO_MANY) for one in unknown}
        else:
            new = await self._take_new(asker, unknown, known.papers)
        receipts = known.receipts | new
        return [receipts[one] for one in ids]

    async def _take_new(
        self, asker: Asker, ids: Sequence[PaperId], known: Mapping[PaperId, Paper]
    ) -> dict[PaperId, Receipt]:
        """Read what is not known well enough, and queue all that can be."""
        unread = [one for one in ids if one not in known or not known[one].abstract]
        looked = await self._lookups.look_up(unread)
        papers = {
            one: looked.papers.get(one) or known.get(one) or Paper(one, "")
            for one in ids
            if one in known or one not in looked.problems
        }
        repeats = await self._memory.rejected(tuple(papers.values()))
        receipts = {
            one: _refused(Paper(one, ""), looked.problems[one]) for one in ids if one not in papers
        }
        for one, paper in papers.items():
            receipts[one] = await self._queue(asker, paper, repeats.get(paper.id))
        return receipts

    async def _known(
        self, connection: AsyncConnection, asker: Asker, ids: Sequence[PaperId]
    ) -> _Known:
        """What stands already, noted for who asks; what is known of the others; room for new."""
        papers = await Papers(connection).get_many(ids)
        receipts: dict[PaperId, Receipt] = {}
        for paper_id, paper in papers.items():
            if receipt := await standing_of(connection, paper):
                receipts[paper_id] = await note(connection, receipt, asker)
        return _Known(papers, receipts, await self._room(connection, asker))

    async def _room(self, connection: AsyncConnection, asker: Asker) -> int:
        """How many more new candidates this member may bring now."""
        if self._rules.is_maintainer(asker.member):
            return AT_ONCE
        brought = await Rows(connection).brought(asker.member.id, asker.now - DAY)
        return max(0, LIMIT - brought)

    async def _queue(self, asker: Asker, found: Paper, repeats: int | None) -> Receipt:
        """Store the paper and queue it at once: a harvest ranks what nobody knew before it only."""
        ranked = await self._judge(found)

        async def work(connection: AsyncConnection) -> Receipt:
            if repeats and (turned_down := await recall(connection, found, repeats, asker.now)):
                return turned_down
            if not await self._room(connection, asker):
                return _refused(found, TOO_MANY)
            await Papers(connection).store([found], asker.now)
            paper = await Papers(connection).get(found.id) or found
            standing = await standing_of(connection, paper)
            if standing is not None:
                return await note(connection, standing, asker)
            return await enter(connection, replace(ranked, paper=paper), asker)

        return await self._database.write(work)

    async def _judge(self, paper: Paper) -> Ranked:
        """Its score and section; what cannot be judged now is judged when it is completed."""
        unjudged = Ranked(paper, Score(UNJUDGED, ()), "")
        if not paper.title:
            return unjudged
        try:
            return await self._ranking.judge(paper)
        except TrainingFailed as error:
            log.warning("suggestion not judged yet", paper=paper.id, reason=str(error))
            return unjudged


def _names_nothing(text: str) -> str:
    return sentence(
        "“{typed}” names no paper I know how to read. I can read papers from arXiv, the ACL "
        "Anthology and OpenReview: give a link, an id or a DOI, like "
        "https://arxiv.org/abs/2402.13446.",
        typed=" ".join(text.split())[:80],
    )


def _refused(paper: Paper, problem: str) -> Receipt:
    return Receipt(Standing.REFUSED, paper, problem=problem)
