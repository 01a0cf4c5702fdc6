"""Papers before the maintainers, and what was decided about them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, case, delete, exists, func, insert, or_, select, type_coerce, update

from storage.errors import StorageError
from storage.models import WAITING, Action, Candidate, CandidateState, Origin, Verdict, Via
from storage.papers import Papers
from storage.schema import candidates, messages, papers, submissions, unheeded, verdicts
from storage.statements import upsert

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Row, Select
    from sqlalchemy.ext.asyncio import AsyncConnection

    from storage.models import PaperId

MESSAGE = "c"
"""Message kind of cards; `c17.0.0` is the first card of candidate 17."""

_ASKED_FOR = exists().where(submissions.c.candidate == candidates.c.id).correlate(candidates)

SUBMISSIONS_FIRST = (
    # Also what the harvest had found before somebody asked for it.
    case((or_(candidates.c.origin == Origin.SUBMISSION, _ASKED_FOR), 0), else_=1),
    candidates.c.score.desc(),
    candidates.c.queued_at,
    candidates.c.id,
)


class Candidates:
    """Candidates and their verdicts, over one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def queue(
        self,
        paper: PaperId,
        *,
        score: float,
        reasons: Sequence[str],
        section: str,
        origin: Origin,
        submitter: int | None,
        now: datetime,
        row: int | None = None,
    ) -> Candidate | None:
        """A new candidate in state queued, or None.

        None if the paper, by whatever id, was one already, or if it is withdrawn. `row` is the one
        of the ledger that counts it. Raises StorageError for a paper that is not stored.
        """
        primary = await self._to_queue(paper)
        if primary is None:
            return None
        statement = upsert(self._connection, candidates).values(
            paper=primary,
            state=CandidateState.QUEUED,
            score=score,
            reasons=tuple(reasons),
            section=section,
            origin=origin,
            submitter=submitter,
            queued_at=now,
            ledger=row,
        )
        statement = statement.on_conflict_do_nothing(index_elements=["paper"])
        added = await self._connection.scalar(statement.returning(candidates.c.id))
        return None if added is None else await self.get(added)

    async def adopt(self, paper: PaperId, section: str, now: datetime) -> Candidate:
        """The candidate of a listed paper; one that was never proposed becomes an approved one."""
        statement = upsert(self._connection, candidates).values(
            paper=paper,
            state=CandidateState.APPROVED,
            score=0.0,
            reasons=(),
            section=section,
            origin=Origin.LIST,
            queued_at=now,
        )
        statement = statement.on_conflict_do_nothing(index_elements=["paper"])
        await self._connection.execute(statement)
        found = await self.of_paper(paper)
        if found is None:
            raise StorageError(f"{paper} cannot be adopted: store the paper first")
        return found

    async def get(self, candidate_id: int) -> Candidate | None:
        """The candidate with this id, or None."""
        return await self._one(select(candidates).where(candidates.c.id == candidate_id))

    async def of_paper(self, paper: PaperId) -> Candidate | None:
        """The candidate of the paper known by this id or alias, or None."""
        primary = (await Papers(self._connection).resolve([paper])).get(paper)
        return await self._one(select(candidates).where(candidates.c.paper == primary))

    async def in_state(
        self, *states: CandidateState, limit: int | None = None
    ) -> tuple[Candidate, ...]:
        """Those in any of `states`: submissions first, then the best score, then the oldest."""
        statement = select(candidates).where(candidates.c.state.in_(states))
        return await self._all(statement.order_by(*SUBMISSIONS_FIRST).limit(limit))

    async def unposted(
        self, kind: str, *, certain: bool, limit: int | None = None
    ) -> tuple[Candidate, ...]:
        """Those in line for a card, a message of this kind, in the order of the queue.

        `certain` are those that somebody asked for, and those whose card was begun; or all others.
        """
        begun = exists().where(messages.c.kind == kind, messages.c.ref == candidates.c.id)
        first = or_(candidates.c.origin != Origin.HARVEST, _ASKED_FOR, begun)
        statement = (
            select(candidates)
            .where(candidates.c.state == CandidateState.QUEUED, first if certain else ~first)
            .order_by(*SUBMISSIONS_FIRST)
        )
        return await self._all(statement.limit(limit))

    async def judge_anew(self, candidate_id: int, score: float, reasons: Sequence[str]) -> bool:
        """Whether a candidate was still in line, without a card, and now has this score."""
        begun = select(messages.c.key).where(messages.c.kind == MESSAGE)
        in_line = (
            candidates.c.id == candidate_id,
            candidates.c.state == CandidateState.QUEUED,
            ~begun.where(messages.c.ref == candidates.c.id).exists(),
        )
        judged = update(candidates).where(*in_line).values(score=score, reasons=tuple(reasons))
        return (await self._connection.execute(judged)).rowcount == 1

    async def count(self, *states: CandidateState) -> int:
        """How many candidates are in any of `states`."""
        statement = select(func.count()).where(candidates.c.state.in_(states))
        return int(await self._connection.scalar(statement) or 0)

    async def posted_since(self, instant: datetime) -> int:
        """How many candidates found by harvest were first posted at `instant` or later.

        Those that somebody had asked for by then are left out.
        """
        statement = select(func.count()).where(
            candidates.c.origin == Origin.HARVEST,
            candidates.c.posted_at >= instant,
            ~_ASKED_FOR.where(submissions.c.at <= candidates.c.posted_at),
        )
        return int(await self._connection.scalar(statement) or 0)

    async def posted_before(
        self, instant: datetime, limit: int
    ) -> tuple[int, tuple[Candidate, ...]]:
        """How many cards were first posted before `instant` and wait still, and the first ones."""
        old = (
            candidates.c.state == CandidateState.POSTED,
            func.coalesce(candidates.c.posted_at, candidates.c.queued_at) < instant,
        )
        count = await self._connection.scalar(select(func.count()).where(*old))
        first = select(candidates).where(*old).order_by(candidates.c.id).limit(limit)
        return int(count or 0), await self._all(first)

    async def due(self, now: datetime) -> tuple[Candidate, ...]:
        """Snoozed candidates whose time has come."""
        statement = select(candidates).where(
            candidates.c.state == CandidateState.SNOOZED, candidates.c.snoozed_until <= now
        )
        return await self._all(statement.order_by(*SUBMISSIONS_FIRST))

    async def change(
        self,
        candidate_id: int,
        expected: frozenset[CandidateState],
        to: CandidateState,
        *,
        now: datetime,
        snoozed_until: datetime | None = None,
    ) -> bool:
        """Compare and set: whether the candidate was in one of `expected` and now is in `to`.

        `posted_at` is the first time it came to posted; `snoozed_until` is set as given. The card
        has one more revision to follow.
        """
        values: dict[str, Any] = {
            "state": to,
            "snoozed_until": snoozed_until,
            "revision": candidates.c.revision + 1,
        }
        if to is CandidateState.POSTED:
            values["posted_at"] = func.coalesce(candidates.c.posted_at, now)
        changed = await self._connection.execute(
            update(candidates)
            .where(candidates.c.id == candidate_id, candidates.c.state.in_(expected))
            .values(values)
        )
        return changed.rowcount == 1

    async def record(self, verdict: Verdict) -> int:
        """Keep a verdict, and return its id. The card has one more revision to follow."""
        values = {name: getattr(verdict, name) for name in Verdict.__slots__ if name != "id"}
        statement = insert(verdicts).values(values).returning(verdicts.c.id)
        number = int((await self._connection.execute(statement)).scalar_one())
        await self._connection.execute(
            update(candidates)
            .where(candidates.c.id == verdict.candidate)
            .values(revision=candidates.c.revision + 1)
        )
        return number

    async def verdicts(self, candidate_id: int) -> tuple[Verdict, ...]:
        """All verdicts on a candidate in the order in which they were given."""
        rows = await self._connection.execute(
            select(verdicts).where(verdicts.c.candidate == candidate_id).order_by(verdicts.c.id)
        )
        return tuple(verdict_of(row._asdict()) for row in rows)

    async def waiting_by(self, family: str, but: int) -> tuple[tuple[int, str], ...]:
        """(id, title) of the others that wait and whose first author has this family name."""
        if not family:
            return ()
        begins = json.dumps([[family]], ensure_ascii=False, separators=(",", ":"))[:-2]
        rows = await self._connection.execute(
            select(candidates.c.id, papers.c.title)
            .join(papers, papers.c.id == candidates.c.paper)
            .where(candidates.c.state.in_(WAITING), candidates.c.id != but)
            .where(type_coerce(papers.c.authors, Text).startswith(begins, autoescape=True))
            .order_by(candidates.c.id)
        )
        return tuple((row.id, row.title) for row in rows)

    async def leave_unheeded(self, candidate_id: int, member_id: int, action: Action) -> None:
        """Note a reaction that came when there was nothing to decide."""
        statement = upsert(self._connection, unheeded).values(
            candidate=candidate_id, member_id=member_id, action=action
        )
        await self._connection.execute(statement.on_conflict_do_nothing())

    async def heed(self, candidate_id: int, member_id: int) -> None:
        """What this member's reactions said too late counts now, where they stand there still."""
        await self._connection.execute(
            delete(unheeded).where(
                unheeded.c.candidate == candidate_id, unheeded.c.member_id == member_id
            )
        )

    async def heard(self, candidate_id: int) -> frozenset[tuple[int, Action]]:
        """The (member, action) pairs that are no news: given before, or left unheeded.

        What a member took back by removing the reaction is news where it stands there again.
        """
        late = select(unheeded.c.member_id, unheeded.c.action).where(
            unheeded.c.candidate == candidate_id
        )
        rows = await self._connection.execute(late)
        pairs = {(row.member_id, Action(row.action)) for row in rows}
        given: dict[int, tuple[int, Action]] = {}
        for one in await self.verdicts(candidate_id):
            given[one.id] = one.member_id, one.action
            pairs.add(given[one.id])
            removed = one.action in {Action.UNDO, Action.RETRACT} and one.via is Via.REACTION
            if removed and one.undoes is not None:
                pairs.discard(given[one.undoes])
        return frozenset(pairs)

    async def _to_queue(self, paper: PaperId) -> PaperId | None:
        """Its primary id, unless it is withdrawn."""
        primary = (await Papers(self._connection).resolve([paper])).get(paper)
        if primary is None:
            raise StorageError(f"{paper} cannot be queued: store the paper first")
        gone = select(papers.c.withdrawn).where(papers.c.id == primary)
        return None if await self._connection.scalar(gone) else primary

    async def _one(self, statement: Select[Any]) -> Candidate | None:
        row = (await self._connection.execute(statement)).one_or_none()
        return None if row is None else _candidate(row)

    async def _all(self, statement: Select[Any]) -> tuple[Candidate, ...]:
        return tuple(_candidate(row) for row in await self._connection.execute(statement))


def _candidate(row: Row[Any]) -> Candidate:
    values = row._asdict()
    del values["ledger"]
    return Candidate(**{**values, "state": CandidateState(row.state), "origin": Origin(row.origin)})


def verdict_of(values: Mapping[str, Any]) -> Verdict:
    """The record of a row's columns."""
    return Verdict(**{**values, "action": Action(values["action"]), "via": Via(values["via"])})
