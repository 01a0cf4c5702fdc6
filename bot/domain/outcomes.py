"""What becomes of a candidate, as those who asked for it should hear it: decisions only."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from storage.models import Action, CandidateState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from storage.models import Verdict

NEWS = timedelta(days=7)
"""A decision older than this is told nobody any more."""

REOPENING = frozenset({Action.UNDO, Action.RETRACT, Action.RECONSIDER})
CALM = frozenset({Action.MOVE, Action.EDIT, Action.REASON, Action.SNOOZE})
"""What neither decides nor takes back."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a candidate has come to rest.

    `verdict` is the one that brought it there, None where arXiv withdrew the paper; POSTED stands
    for any open state.
    """

    state: CandidateState
    verdict: Verdict | None = None
    reason: str = ""


def settled(
    state: CandidateState, verdicts: Sequence[Verdict], now: datetime, settle: timedelta
) -> Standing | None:
    """Where a candidate stands for good, or None: nothing was decided, or just now, or long ago.

    `verdicts` are all of the candidate, the oldest first.
    """
    if state is CandidateState.WITHDRAWN:
        return Standing(state)
    last = next((one for one in reversed(verdicts) if one.action not in CALM), None)
    verdict = _brought(state, verdicts)
    if last is None or verdict is None or now < last.at + settle or verdict.at < now - NEWS:
        return None
    return Standing(told(verdict), verdict, reason(verdicts, verdict))


def _brought(state: CandidateState, verdicts: Sequence[Verdict]) -> Verdict | None:
    match state:
        case CandidateState.APPROVED:
            wanted = frozenset({Action.APPROVE})
        case CandidateState.REJECTED:
            wanted = frozenset({Action.REJECT})
        case _:
            wanted = REOPENING
    return next((one for one in reversed(verdicts) if one.action in wanted), None)


def told(verdict: Verdict) -> CandidateState:
    """What telling of this verdict says of its candidate."""
    match verdict.action:
        case Action.APPROVE:
            return CandidateState.APPROVED
        case Action.REJECT:
            return CandidateState.REJECTED
    return CandidateState.POSTED


def is_news(standing: Standing, member_id: int, last_told: CandidateState | None) -> bool:
    """Whether a member who asked should hear of it, having heard `last_told` last.

    Nobody hears what they decided themselves, nor that something waits again of which they never
    heard that it was decided.
    """
    if standing.verdict is not None and standing.verdict.member_id == member_id:
        return False
    if standing.state is CandidateState.POSTED and last_told is None:
        return False
    return standing.state is not last_told


def reason(verdicts: Sequence[Verdict], decisive: Verdict) -> str:
    """Why a paper was turned down, as it was said last; empty where no reason was given.

    Ids say what came after: they go on where the clock was set back.
    """
    said = [one.reason for one in verdicts if one.action is Action.REASON and one.id > decisive.id]
    return said[-1] if said else decisive.reason


def rejection(verdicts: Sequence[Verdict]) -> Verdict | None:
    """The verdict that turned a rejected paper down, with the reason given then or later."""
    decisive = _brought(CandidateState.REJECTED, verdicts)
    return decisive and replace(decisive, reason=reason(verdicts, decisive))
