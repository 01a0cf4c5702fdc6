"""Whoever asked for a paper hears what became of it: once, and only when it has settled."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

import structlog

from bot.domain import outcomes as deciding
from bot.domain.cards import OutcomePost
from bot.domain.identify import abs_url
from bot.services.pauses import Pauses
from bot.services.plain_text import plain
from bot.services.ports import Unreachable
from bot.services.trouble import Trouble
from storage.candidates import Candidates
from storage.catalogue import Catalogue
from storage.errors import StorageError
from storage.messages import Messages
from storage.models import CandidateState
from storage.outcomes import DROPPED, MESSAGE, WITHDRAWN, Outcomes
from storage.papers import Papers

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import timedelta

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.domain.outcomes import Standing
    from bot.services.delivery import Delivery
    from bot.services.ports import Clock, Courier
    from storage.database import Database
    from storage.models import Message, PaperId, Submission, Verdict

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Owed:
    """A submission with something to be said (`post`, under the verdict `ref`), or to be cleared.

    `stale` are messages of which nobody knows whether they went out, and which say what does not
    hold any more.
    """

    submission: Submission
    post: OutcomePost | None
    ref: int
    stale: tuple[Message, ...]


class OutcomeService:
    """Tells members by direct message, and where those are closed in the channel they asked in."""

    def __init__(
        self,
        *,
        database: Database,
        courier: Courier,
        delivery: Delivery,
        clock: Clock,
        settle: timedelta,
    ) -> None:
        self._database = database
        self._courier = courier
        self._delivery = delivery
        self._clock = clock
        self._settle = settle
        self._pauses = Pauses(clock)
        self._trouble = Trouble("outcome not told")
        self._one_at_a_time = asyncio.Lock()

    async def run(self) -> None:
        """Tell what has settled and was not told; what cannot be told now is told later."""
        async with self._one_at_a_time:
            for owed in await self._database.read(self._owed):
                if self._pauses.allows(owed.submission.id):
                    await self._attempt(owed)

    async def _attempt(self, owed: Owed) -> None:
        number = owed.submission.id
        try:
            for message in owed.stale:
                await self._clear(message)
            if owed.post is not None:
                await self._tell(owed.submission, owed.ref, owed.post)
        except StorageError:
            raise
        except Unreachable as error:
            self._pauses.refused(number)
            self._trouble.met(number, str(error))
        except Exception as error:
            # The job boundary of one outcome: the others are told.
            self._pauses.refused(number)
            self._trouble.met(number, str(error), error)
        else:
            self._pauses.over(number)
            self._trouble.over(number)

    async def _tell(self, submission: Submission, ref: int, post: OutcomePost) -> None:
        try:
            await self._deliver(submission, ref, post, await self._direct(submission))
        except Unreachable as error:
            if not (error.closed or error.refused):
                raise
            await self._tell_in_channel(submission, ref, post, str(error))

    async def _direct(self, submission: Submission) -> int:
        return await self._courier.open(submission.member_id)

    async def _tell_in_channel(
        self, submission: Submission, ref: int, post: OutcomePost, why: str
    ) -> None:
        """Say it where they asked, naming them; where that is impossible too, give it up."""
        named = replace(post, mention=submission.member_id)
        try:
            await self._deliver(submission, ref, named, submission.channel_id or 0)
        except Unreachable as error:
            if error.ambiguous:
                raise
            await self._drop(submission, ref)
            log.warning(
                "outcome told nobody",
                submission=submission.id,
                member=submission.member_id,
                direct=why,
                channel=str(error),
            )

    async def _deliver(
        self, submission: Submission, ref: int, post: OutcomePost, channel_id: int
    ) -> None:
        await self._delivery.deliver(
            self._courier, post, kind=MESSAGE, ref=ref, part=submission.id, channel_id=channel_id
        )

    async def _drop(self, submission: Submission, ref: int) -> None:
        async def work(connection: AsyncConnection) -> None:
            messages = Messages(connection)
            for message in await messages.of_ref(MESSAGE, ref):
                if message.part == submission.id:
                    await messages.show(message.key, DROPPED)

        await self._database.write(work)

    async def _clear(self, message: Message) -> None:
        """Learn whether a message went out after all; where it did not, it need not any more."""
        try:
            found = await self._delivery.find(self._courier, message)
        except Unreachable as error:
            if error.ambiguous or not error.closed:
                raise
            found = None
        if found is None:
            await self._database.write(lambda c: Messages(c).show(message.key, DROPPED))

    async def _owed(self, connection: AsyncConnection) -> tuple[Owed, ...]:
        outcomes = Outcomes(connection)
        moved = await outcomes.moved(self._clock.now() - deciding.NEWS)
        before = await outcomes.messages([one.id for one in moved])
        found: list[Owed] = []
        by_candidate = sorted(moved, key=lambda one: one.candidate)
        for candidate_id, some in groupby(by_candidate, key=lambda one: one.candidate):
            found += await self._of_candidate(connection, candidate_id, tuple(some), before)
        return tuple(found)

    async def _of_candidate(
        self,
        connection: AsyncConnection,
        candidate_id: int,
        submissions: Iterable[Submission],
        before: dict[int, list[Message]],
    ) -> list[Owed]:
        candidates = Candidates(connection)
        candidate = await candidates.get(candidate_id)
        if candidate is None:
            return []
        verdicts = await candidates.verdicts(candidate_id)
        now = self._clock.now()
        standing = deciding.settled(candidate.state, verdicts, now, self._settle)
        owed = (_owed(one, standing, verdicts, before.get(one.id, [])) for one in submissions)
        due = [one for one in owed if one is not None]
        if standing is None or not any(one.post for one in due):
            return due
        post = await _post(connection, candidate.paper, standing)
        return [replace(one, post=post) if one.post else one for one in due]


_UNWORDED = OutcomePost("", "", CandidateState.POSTED)


def _owed(
    submission: Submission,
    standing: Standing | None,
    verdicts: Sequence[Verdict],
    messages: Sequence[Message],
) -> Owed | None:
    """What is to be done about a submission, with a post still to be worded; None: nothing."""
    ref = _ref(standing)
    unknown = [m for m in messages if m.message_id is None and m.revision is None]
    stale = tuple(message for message in unknown if message.ref != ref)
    dropped = any(m.ref == ref and m.revision == DROPPED for m in messages)
    heard = _last_told(verdicts, messages)
    news = standing is not None and deciding.is_news(standing, submission.member_id, heard)
    if not stale and (dropped or not news):
        return None
    # What may have been said meanwhile is found out first: the next round knows what is news.
    return Owed(submission, _UNWORDED if news and not (stale or dropped) else None, ref, stale)


def _ref(standing: Standing | None) -> int:
    if standing is None:
        return -1
    return standing.verdict.id if standing.verdict else WITHDRAWN


def _last_told(verdicts: Sequence[Verdict], messages: Sequence[Message]) -> CandidateState | None:
    """What the member heard last of the candidate."""
    by_id = {verdict.id: verdict for verdict in verdicts}
    for message in reversed(messages):
        if message.message_id is not None:
            verdict = by_id.get(message.ref)
            return deciding.told(verdict) if verdict else CandidateState.WITHDRAWN
    return None


async def _post(connection: AsyncConnection, paper_id: PaperId, standing: Standing) -> OutcomePost:
    paper = (await Papers(connection).load([paper_id])).get(paper_id)
    entry = await Catalogue(connection).entry_of(paper.id) if paper else None
    url = abs_url(paper.id) if paper else ""
    verdict = standing.verdict
    section = entry.section if entry else verdict.section if verdict else ""
    title = plain(paper.title) if paper else ""
    return OutcomePost(title or url, url, standing.state, section, standing.reason)
