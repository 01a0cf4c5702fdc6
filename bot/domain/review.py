"""Reactions, roles and states → what happens to a candidate.

Nothing here knows where a reaction came from.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from bot.domain.errors import NotAllowed, NotFound, UserError
from bot.domain.sentences import joined, sentence
from storage.models import VOTES, WAITING, Action, CandidateState, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from storage.models import Member

SNOOZE = timedelta(days=7)
"""How long 💤 puts a card off."""

EMOJI = {"✅": Action.APPROVE, "❌": Action.REJECT, "💤": Action.SNOOZE}
"""The reactions that decide, in the order the bot seeds them under a card."""

KEYCAP = "\u20e3"
"""What makes a digit 1️⃣, with a variation selector between or without."""

NAMED = 12
"""Sections that an error names; a list may have more than a hundred."""

NO_SECTIONS = sentence("The list has no sections yet: import one with `python -m bot import FILE`.")

OPEN = WAITING | {CandidateState.SNOOZED}
"""The states a verdict may change."""

RESULT = {
    Action.APPROVE: CandidateState.APPROVED,
    Action.REJECT: CandidateState.REJECTED,
    Action.SNOOZE: CandidateState.SNOOZED,
}


@dataclass(frozen=True, slots=True)
class Rules:
    """Who decides and how.

    Role and member ids, distinct approvals an entry needs, machine cards a day, and how long a
    decision can be undone before anybody outside hears of it.
    """

    maintainer_roles: frozenset[int] = frozenset()
    maintainers: frozenset[int] = frozenset()
    approvals_needed: int = 1
    cards_per_day: int = 6
    settle: timedelta = timedelta(minutes=3)

    def is_maintainer(self, member: Member) -> bool:
        """Whether this member decides, by id or by a role held at this moment."""
        return member.id in self.maintainers or bool(member.roles & self.maintainer_roles)

    def require(self, member: Member) -> None:
        """Raise NotAllowed for a member who does not decide."""
        if not self.is_maintainer(member):
            raise NotAllowed(
                sentence("Only maintainers decide. You can suggest papers with /papers submit.")
            )


class Sign(NamedTuple):
    """What a reaction says; `section` is the number of a section, 0 where it names none."""

    action: Action
    section: int = 0


def sign_of(emoji: str) -> Sign | None:
    """What an emoji says; a variation selector in it does not matter."""
    plain = emoji.replace("\ufe0f", "")
    if plain in EMOJI:
        return Sign(EMOJI[plain])
    if len(plain) == 2 and plain[0] in "123456789" and plain[1] == KEYCAP:
        return Sign(Action.APPROVE, int(plain[0]))
    return None


def says(sign: Sign, section: str, suggested: str, titles: Sequence[str]) -> bool:
    """Whether a vote for `section` (empty: for none) may have been given by this reaction."""
    if sign.action is not Action.APPROVE:
        return True
    named = titles[sign.section - 1] if 0 < sign.section <= len(titles) else suggested
    return section in {"", named} if sign.section == 0 else section == named


class Tally(NamedTuple):
    """The votes that count now, in the order they came: the latest of each member."""

    approvals: tuple[Verdict, ...] = ()
    rejections: tuple[Verdict, ...] = ()

    @property
    def conflict(self) -> bool:
        """Whether maintainers contradict each other: then the card stays open."""
        return bool(self.approvals and self.rejections)


def tally(verdicts: Iterable[Verdict]) -> Tally:
    """The votes of this round, from all verdicts on a candidate, the oldest first.

    An undo of the decision (or of the votes) and a reconsideration begin a new round.
    """
    votes: dict[int, Verdict] = {}
    history = tuple(verdicts)
    kinds = {verdict.id: verdict.action for verdict in history}
    for verdict in history:
        if verdict.action in VOTES:
            votes.pop(verdict.member_id, None)
            votes[verdict.member_id] = verdict
        elif verdict.action is Action.RETRACT:
            votes.pop(verdict.member_id, None)
        elif begins_anew(verdict, kinds):
            votes.clear()
    return Tally(
        tuple(vote for vote in votes.values() if vote.action is Action.APPROVE),
        tuple(vote for vote in votes.values() if vote.action is Action.REJECT),
    )


def begins_anew(verdict: Verdict, kinds: Mapping[int, Action]) -> bool:
    """Whether all votes before this verdict are void; `kinds` are the actions by verdict id."""
    if verdict.action is Action.RECONSIDER:
        return True
    undone = None if verdict.undoes is None else kinds.get(verdict.undoes)
    return verdict.action is Action.UNDO and undone not in {Action.MOVE, Action.EDIT, Action.SNOOZE}


def decided_by(votes: Tally, needed: int) -> CandidateState | None:
    """What the votes come to: approved, rejected, or nothing yet."""
    if votes.conflict:
        return None
    if votes.rejections:
        return CandidateState.REJECTED
    return CandidateState.APPROVED if len(votes.approvals) >= needed else None


def last_change(verdicts: Sequence[Verdict], state: CandidateState) -> Verdict | None:
    """What an undo takes back: the latest edit, move, vote or snooze that stands, or None.

    `verdicts` are all of a candidate, the oldest first; `state` is the one it is in.
    """
    undone = {verdict.undoes for verdict in verdicts if verdict.action is Action.UNDO}
    votes = tally(verdicts)
    standing = {vote.id for vote in (*votes.approvals, *votes.rejections)}
    gone = _taken_off(verdicts, state)
    for verdict in reversed(verdicts):
        snooze = verdict.action is Action.SNOOZE and state is CandidateState.SNOOZED
        moved = verdict.action is Action.MOVE and verdict.entry not in gone
        changed = snooze or moved or verdict.action is Action.EDIT
        if verdict.id in standing or (changed and verdict.id not in undone):
            return verdict
    return None


def _taken_off(verdicts: Sequence[Verdict], state: CandidateState) -> frozenset[int | None]:
    """The entries that approvals wrote and their undo took off again."""
    wrote = [one.entry for one in verdicts if one.action is Action.APPROVE and one.entry]
    return frozenset(wrote[:-1] if state is CandidateState.APPROVED else wrote)


def from_reactions(votes: Iterable[tuple[Member, Sign]]) -> tuple[tuple[Member, Sign], ...]:
    """The votes that reactions read from a message amount to: they come without order or time.

    Of one member's ✅ and 💤 the decision counts, which would have won in either order; ✅ and ❌
    of one member say nothing, nor do two numbers.
    """
    by_member: dict[Member, set[Sign]] = {}
    for member, sign in votes:
        by_member.setdefault(member, set()).add(sign)
    found = ((member, _meant(signs)) for member, signs in by_member.items())
    meant = [(member, sign) for member, sign in found if sign is not None]
    if any(sign.action in VOTES for _, sign in meant):
        return tuple(pair for pair in meant if pair[1].action in VOTES)
    return tuple(meant)


def _meant(signs: AbstractSet[Sign]) -> Sign | None:
    decisive = {sign for sign in signs if sign.action in VOTES}
    numbered = {sign for sign in decisive if sign.section}
    if len({sign.action for sign in decisive}) > 1 or len(numbered) > 1:
        return None
    return next(iter(numbered or decisive or signs), None)


def choose_section(wanted: str, sections: Sequence[str]) -> str:
    """The section a person means: its title, its number from 1, or the only one that begins so.

    Raises:
        NotFound: no section or more than one fits; the text names them.
    """
    if not sections:
        raise UserError(NO_SECTIONS)
    folded = wanted.strip().casefold()
    exact = [title for title in sections if title.casefold() == folded]
    if exact:
        return exact[0]
    # Python refuses to read a number of more than 4300 digits.
    if folded.isdecimal() and len(folded) < 10 and 1 <= int(folded) <= len(sections):
        return sections[int(folded) - 1]
    fitting = [title for title in sections if folded and title.casefold().startswith(folded)]
    if len(fitting) == 1:
        return fitting[0]
    named = [f"{number} {title}" for number, title in enumerate(sections, 1)]
    if fitting:
        names = _names(
            [one for one, title in zip(named, sections, strict=True) if title in fitting]
        )
        raise NotFound(
            sentence("“{typed}” begins several sections: {names}.", typed=wanted, names=names)
        )
    raise NotFound(
        sentence(
            "No section “{typed}”. The sections are: {names}.", typed=wanted, names=_names(named)
        )
    )


def _names(sections: Sequence[str]) -> str:
    """The first few by name, the rest by number."""
    if len(sections) <= NAMED:
        return joined(", ", sections)
    return sentence(
        "{names} and {n} more sections",
        names=joined(", ", sections[:NAMED]),
        n=len(sections) - NAMED,
    )


def default_section(suggested: str, sections: Sequence[str]) -> str:
    """The suggested section where it still stands in the list, else the list's last one."""
    if suggested in sections:
        return suggested
    if not sections:
        raise UserError(NO_SECTIONS)
    return sections[-1]
