"""One candidate before one maintainer, within a transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.domain.errors import NotFound
from bot.domain.sentences import sentence
from storage.candidates import Candidates
from storage.catalogue import Catalogue
from storage.models import CandidateState, Verdict

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.domain.review import Rules
    from storage.models import Action, Before, Candidate, Link, Member, Via


@dataclass(frozen=True, slots=True)
class Order:
    """What a maintainer wants done with a candidate.

    An empty section means the suggested one; `title` and `links` are an edit's, and what is empty
    (None) stays.
    """

    action: Action
    member: Member
    via: Via
    section: str = ""
    reason: str = ""
    title: str = ""
    links: tuple[Link, ...] | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an order.

    The candidate afterwards, whether anything was noted, approvals still missing, and whether
    maintainers contradict each other.
    """

    candidate: Candidate
    changed: bool
    missing: int = 0
    conflict: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """A candidate with its history, who decides, and when."""

    connection: AsyncConnection
    candidate: Candidate
    verdicts: tuple[Verdict, ...]
    rules: Rules
    now: datetime

    def verdict(self, order: Order, *, section: str = "", id_: int = 0) -> Verdict:
        """An order as it is noted."""
        return Verdict(
            candidate=self.candidate.id,
            action=order.action,
            member_id=order.member.id,
            member_name=order.member.name,
            at=self.now,
            via=order.via,
            section=section,
            reason=order.reason,
            id=id_,
        )

    async def record(
        self,
        order: Order,
        *,
        section: str = "",
        entry: int | None = None,
        before: Before | None = None,
        undoes: int | None = None,
    ) -> int:
        """Note what was done, and return the verdict's id."""
        verdict = self.verdict(order, section=section)
        verdict = replace(verdict, entry=entry, before=before, undoes=undoes)
        return await Candidates(self.connection).record(verdict)

    async def titles(self) -> list[str]:
        """The titles of the list's sections, in its order."""
        return [section.title for section in await Catalogue(self.connection).sections()]

    async def change(self, to: CandidateState, *, snoozed_until: datetime | None = None) -> None:
        """Bring the candidate into another state."""
        here = frozenset({self.candidate.state})
        await Candidates(self.connection).change(
            self.candidate.id, here, to, now=self.now, snoozed_until=snoozed_until
        )

    async def reopen(self) -> None:
        """Put the candidate back on the desk: where it has a card, the card is open again."""
        posted = self.candidate.posted_at is not None
        await self.change(CandidateState.POSTED if posted else CandidateState.QUEUED)

    async def outcome(
        self, *, changed: bool = True, missing: int = 0, conflict: bool = False
    ) -> Outcome:
        """The outcome, with the candidate as it stands now."""
        candidate = await Candidates(self.connection).get(self.candidate.id) if changed else None
        return Outcome(candidate or self.candidate, changed, missing, conflict)


async def open_case(
    connection: AsyncConnection, candidate_id: int, rules: Rules, now: datetime
) -> Case:
    """The case of a candidate. Raises NotFound."""
    candidates = Candidates(connection)
    candidate = await candidates.get(candidate_id)
    if candidate is None:
        raise NotFound(
            sentence("No candidate {number}. /review queue shows what waits.", number=candidate_id)
        )
    verdicts = await candidates.verdicts(candidate_id)
    return Case(connection, candidate, verdicts, rules, now)
