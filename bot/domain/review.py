"""Reactions, roles and states → what happens to a candidate.

Nothing here knows where a reaction came from.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.errors import NotFound, UserError
from storage.models import Action, CandidateState

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from storage.models import Candidate, Member, Verdict

SNOOZE = timedelta(days=7)
"""How long 💤 puts a card off."""

EMOJI = {"✅": Action.APPROVE, "❌": Action.REJECT, "💤": Action.SNOOZE}
"""The reactions that decide, in the order the bot seeds them under a card."""

OPEN = frozenset({CandidateState.QUEUED, CandidateState.POSTED, CandidateState.SNOOZED})
"""The states a verdict may change."""

RESULT = {
    Action.APPROVE: CandidateState.APPROVED,
    Action.REJECT: CandidateState.REJECTED,
    Action.SNOOZE: CandidateState.SNOOZED,
}


@dataclass(frozen=True, slots=True)
class Rules:
    """Who decides and how.

    Role and member ids, distinct approvals an entry needs, machine cards a day.
    """

    maintainer_roles: frozenset[int] = frozenset()
    maintainers: frozenset[int] = frozenset()
    approvals_needed: int = 1
    cards_per_day: int = 6

    def is_maintainer(self, member: Member) -> bool:
        """Whether this member decides, by id or by a role held at this moment."""
        return member.id in self.maintainers or bool(member.roles & self.maintainer_roles)


def action_of(emoji: str) -> Action | None:
    """The action an emoji stands for; a variation selector behind it does not matter."""
    return EMOJI.get(emoji.removesuffix("\ufe0f"))


def approvals(verdicts: Iterable[Verdict]) -> frozenset[int]:
    """The distinct members who approved so far."""
    return frozenset(v.member_id for v in verdicts if v.action is Action.APPROVE)


def agreed(
    votes: Iterable[tuple[Member, Action]], rules: Rules
) -> tuple[tuple[Member, Action], ...]:
    """The maintainers' votes found on a card, or none where they contradict each other.

    ✅ and ❌ of different maintainers leave a card open. One maintainer's ✅ and ❌ do as well:
    reactions that are read from a message come without order or time.
    """
    valid = tuple((member, action) for member, action in votes if rules.is_maintainer(member))
    kinds = {action for _, action in valid}
    return valid if len(kinds) == 1 else ()


def result_of(candidate: Candidate, action: Action) -> CandidateState | None:
    """The state an action leads to, or None where the candidate is decided and nothing changes."""
    return RESULT[action] if candidate.state in OPEN else None


def choose_section(wanted: str, sections: Sequence[str]) -> str:
    """The section a person means: its title, its number from 1, or the only one that begins so.

    Raises:
        NotFound: no section or more than one fits; the text names them all.
    """
    if not sections:
        raise UserError(
            "The list has no sections yet: import one with `python -m bot import FILE`."
        )
    folded = wanted.strip().casefold()
    exact = [title for title in sections if title.casefold() == folded]
    if exact:
        return exact[0]
    if folded.isdecimal() and 1 <= int(folded) <= len(sections):
        return sections[int(folded) - 1]
    fitting = [title for title in sections if folded and title.casefold().startswith(folded)]
    if len(fitting) != 1:
        names = ", ".join(f"{number} {title}" for number, title in enumerate(sections, 1))
        raise NotFound(f"No section “{wanted}”. The sections are: {names}.")
    return fitting[0]


def default_section(suggested: str, sections: Sequence[str]) -> str:
    """The suggested section where it still stands in the list, else the list's last one."""
    if suggested in sections:
        return suggested
    if not sections:
        raise UserError(
            "The list has no sections yet: import one with `python -m bot import FILE`."
        )
    return sections[-1]
