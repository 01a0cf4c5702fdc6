"""What members who asked for papers have to hear now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from bot.domain import outcomes as deciding
from bot.domain.cards import OutcomePost
from bot.domain.identify import abs_url
from bot.services.plain_text import plain
from storage.candidates import Candidates
from storage.catalogue import Catalogue
from storage.models import CandidateState
from storage.outcomes import DROPPED, WITHDRAWN, Outcomes
from storage.papers import Papers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime, timedelta

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.domain.outcomes import Standing
    from storage.models import Message, PaperId, Submission, Verdict


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


async def owed(connection: AsyncConnection, now: datetime, settle: timedelta) -> tuple[Owed, ...]:
    """All that has settled and was not told, and what has to be cleared up."""
    outcomes = Outcomes(connection)
    moved = await outcomes.moved(now - deciding.NEWS)
    before = await outcomes.messages([one.id for one in moved])
    found: list[Owed] = []
    by_candidate = sorted(moved, key=lambda one: one.candidate)
    for candidate_id, some in groupby(by_candidate, key=lambda one: one.candidate):
        found += await _of_candidate(connection, candidate_id, some, before, (now, settle))
    return tuple(found)


async def _of_candidate(
    connection: AsyncConnection,
    candidate_id: int,
    submissions: Iterable[Submission],
    before: Mapping[int, Sequence[Message]],
    due_by: tuple[datetime, timedelta],
) -> list[Owed]:
    candidates = Candidates(connection)
    candidate = await candidates.get(candidate_id)
    if candidate is None:
        return []
    verdicts = await candidates.verdicts(candidate_id)
    standing = deciding.settled(candidate.state, verdicts, *due_by)
    all_owed = (_owed(one, standing, verdicts, before.get(one.id, [])) for one in submissions)
    due = [one for one in all_owed if one is not None]
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
