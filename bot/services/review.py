"""The review desk: a verdict is one transaction; cards follow the database."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain import markdown_list
from bot.domain import review as rules_of_review
from bot.domain.errors import NotAllowed, NotFound
from bot.domain.identify import identify
from storage.candidates import Candidates
from storage.catalogue import Catalogue
from storage.digests import Digests
from storage.models import Action, CandidateState, Verdict
from storage.papers import Papers

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.domain.review import Rules
    from bot.services.ports import Clock
    from storage.database import Database
    from storage.models import Candidate, Member, Via


@dataclass(frozen=True, slots=True)
class Order:
    """What a maintainer wants done with a candidate. An empty section means the suggested one."""

    action: Action
    member: Member
    via: Via
    section: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an order.

    The candidate afterwards, whether it changed, approvals still missing.
    """

    candidate: Candidate
    changed: bool
    missing: int = 0


class Review:
    """Decides candidates. `decided(candidate)` hears of every change after it is committed."""

    def __init__(
        self,
        *,
        database: Database,
        rules: Rules,
        clock: Clock,
        decided: Callable[[Candidate], Awaitable[None]],
    ) -> None:
        self.rules = rules
        self._database = database
        self._clock = clock
        self._decided = decided

    async def decide(self, candidate_id: int, order: Order) -> Outcome:
        """Carry out a maintainer's order.

        Raises:
            NotAllowed: the member is no maintainer.
            NotFound: no such candidate or section.
        """
        if not self.rules.is_maintainer(order.member):
            raise NotAllowed("Only maintainers decide. You can suggest papers with /papers submit.")
        outcome = await self._database.write(lambda c: self._carry_out(c, candidate_id, order))
        if outcome.changed:
            await self._decided(outcome.candidate)
        return outcome

    async def waiting(self) -> tuple[Candidate, ...]:
        """Candidates nobody has decided, the next one first."""
        return await self._database.read(
            lambda c: Candidates(c).in_state(CandidateState.POSTED, CandidateState.QUEUED)
        )

    async def find(self, text: str) -> Candidate:
        """The candidate a person means: its number (`17`, `#17`) or its paper's id or link."""
        candidate = await self._database.read(lambda c: _find(c, text))
        if candidate is None:
            raise NotFound(f"No candidate “{text}”. /review queue shows what waits.")
        return candidate

    async def wake(self) -> None:
        """Put snoozed candidates whose time has come back on the desk."""
        now = self._clock.now()

        async def work(connection: AsyncConnection) -> None:
            candidates = Candidates(connection)
            for candidate in await candidates.due(now):
                back = CandidateState.POSTED if candidate.posted_at else CandidateState.QUEUED
                await candidates.change(
                    candidate.id, frozenset({CandidateState.SNOOZED}), back, now=now
                )

        await self._database.write(work)

    async def _carry_out(
        self, connection: AsyncConnection, candidate_id: int, order: Order
    ) -> Outcome:
        candidates = Candidates(connection)
        candidate = await candidates.get(candidate_id)
        if candidate is None:
            raise NotFound(f"No candidate {candidate_id}. /review queue shows what waits.")
        state = rules_of_review.result_of(candidate, order.action)
        if state is None:
            return Outcome(candidate, changed=False)
        section = await self._section(connection, candidate, order)
        given = rules_of_review.approvals(await candidates.verdicts(candidate.id))
        missing = self._missing(given, order)
        if not missing or order.member.id not in given:
            await candidates.record(self._verdict(candidate, order, section))
        if missing:
            return Outcome(candidate, changed=False, missing=missing)
        return await self._change(connection, candidate, state, order, section)

    async def _change(
        self,
        connection: AsyncConnection,
        candidate: Candidate,
        state: CandidateState,
        order: Order,
        section: str,
    ) -> Outcome:
        now = self._clock.now()
        until = now + rules_of_review.SNOOZE if order.action is Action.SNOOZE else None
        await Candidates(connection).change(
            candidate.id, frozenset({candidate.state}), state, now=now, snoozed_until=until
        )
        if order.action is Action.APPROVE:
            await self._list(connection, candidate, section, order.member.name)
        changed = await Candidates(connection).get(candidate.id)
        return Outcome(changed or candidate, changed=True)

    async def _list(
        self, connection: AsyncConnection, candidate: Candidate, section: str, by: str
    ) -> None:
        """Write the paper's entry at the end of its section, unless it is listed already."""
        catalogue = Catalogue(connection)
        paper = await Papers(connection).get(candidate.paper)
        document = await catalogue.document()
        if paper is None or document is None:
            raise NotFound(f"The paper {candidate.paper} or the list itself is not stored.")
        if await catalogue.entry_of(paper.id) is not None:
            return
        made = await asyncio.to_thread(markdown_list.insert, document.content, section, paper)
        at = await Digests(connection).not_covered(self._clock.now())
        await catalogue.insert(made.content, made.entry, made.ordinal, paper.id, at, by)

    async def _section(
        self, connection: AsyncConnection, candidate: Candidate, order: Order
    ) -> str:
        if order.action is not Action.APPROVE:
            return ""
        titles = [section.title for section in await Catalogue(connection).sections()]
        if order.section:
            return rules_of_review.choose_section(order.section, titles)
        return rules_of_review.default_section(candidate.section, titles)

    def _missing(self, given: frozenset[int], order: Order) -> int:
        """How many more distinct maintainers must approve, with this order."""
        if order.action is not Action.APPROVE:
            return 0
        return max(0, self.rules.approvals_needed - len(given | {order.member.id}))

    def _verdict(self, candidate: Candidate, order: Order, section: str) -> Verdict:
        return Verdict(
            candidate=candidate.id,
            action=order.action,
            member_id=order.member.id,
            member_name=order.member.name,
            at=self._clock.now(),
            via=order.via,
            section=section,
            reason=order.reason,
        )


async def _find(connection: AsyncConnection, text: str) -> Candidate | None:
    candidates = Candidates(connection)
    number = text.strip().removeprefix("#")
    if number.isdecimal() and len(number) < 10:
        return await candidates.get(int(number))
    paper_id = identify(text)
    if paper_id is None:
        return None
    known = await Papers(connection).resolve([paper_id])
    return await candidates.of_paper(known.get(paper_id, paper_id))
