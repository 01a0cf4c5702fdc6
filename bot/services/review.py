"""The review desk: what a maintainer orders is one transaction; cards follow the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.errors import NotFound
from bot.domain.identify import identify
from bot.domain.sentences import sentence
from bot.services import amending, deciding, second_thoughts, undoing
from bot.services.case import Order, Outcome, open_case
from storage.candidates import Candidates
from storage.catalogue import Catalogue
from storage.models import WAITING, Action, CandidateState, Via
from storage.papers import Papers

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.domain.review import Rules, Sign
    from bot.services.case import Case
    from bot.services.ports import Clock
    from storage.database import Database
    from storage.models import Candidate, Member

__all__ = ["Order", "Outcome", "Review"]


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
        """Carry out a maintainer's order, whatever its action.

        Raises:
            NotAllowed: the member is no maintainer.
            NotFound: no such candidate or section.
            UserError: it cannot be done; the text says why.
        """
        self.rules.require(order.member)
        return await self._with_case(candidate_id, lambda case: WORK[order.action](case, order))

    async def choose(self, candidate_id: int, order: Order) -> Outcome:
        """As `decide`, for somebody who may choose anew about what that member alone decided."""
        self.rules.require(order.member)
        return await self._with_case(candidate_id, lambda case: second_thoughts.choose(case, order))

    async def decide_together(self, candidate_id: int, orders: Sequence[Order]) -> Outcome:
        """Votes of which nobody knows which came first. Raises as `decide` does."""
        for order in orders:
            self.rules.require(order.member)
        return await self._with_case(candidate_id, lambda case: deciding.vote(case, orders))

    async def retract(self, candidate_id: int, member: Member, sign: Sign, at: datetime) -> Outcome:
        """A maintainer took the own reaction back `at`; within the settle time that undoes it."""
        self.rules.require(member)
        order = Order(Action.RETRACT, member, Via.REACTION)
        return await self._with_case(
            candidate_id, lambda case: undoing.retract(case, order, sign, at)
        )

    async def waiting(self) -> tuple[Candidate, ...]:
        """Candidates nobody has decided, the next one first."""
        return await self._database.read(lambda c: Candidates(c).in_state(*WAITING))

    async def find(self, text: str) -> Candidate:
        """The candidate a person means: its number (`17`, `#17`) or its paper's id or link."""
        candidate = await self.known(text)
        if candidate is None:
            raise NotFound(await self._database.read(lambda c: _unknown(c, text)))
        return candidate

    async def known(self, text: str) -> Candidate | None:
        """As `find`, or None where nobody has proposed it."""
        return await self._database.read(lambda c: _find(c, text))

    async def find_listed(self, text: str) -> Candidate:
        """As `find`; a listed paper that was never proposed becomes an approved candidate."""
        paper = identify(text)
        if paper is None or await self.known(text) is not None:
            return await self.find(text)

        async def adopt(connection: AsyncConnection) -> Candidate | None:
            entry = await Catalogue(connection).entry_of(paper)
            if entry is None or entry.paper is None:
                return None
            now = self._clock.now()
            return await Candidates(connection).adopt(entry.paper, entry.section, now)

        adopted = await self._database.write(adopt)
        return adopted or await self.find(text)

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

    async def _with_case(
        self, candidate_id: int, work: Callable[[Case], Awaitable[Outcome]]
    ) -> Outcome:
        async def carry_out(connection: AsyncConnection) -> Outcome:
            case = await open_case(connection, candidate_id, self.rules, self._clock.now())
            return await work(case)

        outcome = await self._database.write(carry_out)
        if outcome.changed:
            await self._decided(outcome.candidate)
        return outcome


async def _vote(case: Case, order: Order) -> Outcome:
    return await deciding.vote(case, [order])


WORK: Mapping[Action, Callable[[Case, Order], Awaitable[Outcome]]] = {
    Action.APPROVE: _vote,
    Action.REJECT: _vote,
    Action.SNOOZE: deciding.put_off,
    Action.UNDO: undoing.undo,
    Action.RECONSIDER: undoing.reconsider,
    Action.MOVE: amending.move,
    Action.EDIT: amending.edit,
    Action.REASON: amending.explain,
}
"""What carries out an order; RETRACT is not ordered, it is seen."""


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


async def _unknown(connection: AsyncConnection, text: str) -> str:
    """What to say of a paper that is no candidate."""
    paper_id = identify(text)
    entry = await Catalogue(connection).entry_of(paper_id) if paper_id else None
    if entry is not None:
        return sentence(
            "{paper} is on the list, under {section}, and was never proposed here. "
            "/review move and /review edit change it.",
            paper=paper_id,
            section=entry.section[:100],
        )
    return sentence("No candidate “{typed}”. /review queue shows what waits.", typed=text[:100])
