"""What became of the papers of a sitting, and what its member chose about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from bot.domain.review import OPEN
from bot.services.second_thoughts import own_choice
from storage.history import History
from storage.models import VOTES, Action, CandidateState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from storage.models import Sitting, Verdict


@dataclass(frozen=True, slots=True)
class Sum:
    """What a sitting came to.

    Papers voted on; of these, those added to the list and those that need others' votes too; those
    put off; and what waits for this member now.
    """

    decided: int
    added: int
    undecided: int
    put_off: int
    waiting: int


class Step(NamedTuple):
    """A candidate of a sitting at its place, and the choice of the sitting's member about it."""

    place: int
    candidate: int
    state: CandidateState
    own: Verdict | None


async def look(connection: AsyncConnection, sitting: Sitting, places: range) -> list[Step]:
    """The steps of a sitting at these places."""
    ids = sitting.candidates[places.start : places.stop]
    history = History(connection)
    states = await history.states(ids)
    verdicts = await history.of_candidates(ids)
    return [
        Step(
            place,
            number,
            states[number],
            own_choice(verdicts.get(number, ()), states[number], sitting.member_id),
        )
        for place, number in zip(places, ids, strict=True)
    ]


def sum_of(steps: Sequence[Step], waiting: int) -> Sum:
    """What a sitting came to, with what waits now."""
    chosen = [(step.own.action, step.state) for step in steps if step.own is not None]
    votes = [(action, state) for action, state in chosen if action in VOTES]
    return Sum(
        decided=len(votes),
        added=votes.count((Action.APPROVE, CandidateState.APPROVED)),
        put_off=sum(action is Action.SNOOZE for action, _ in chosen),
        undecided=sum(state in OPEN for _, state in votes),
        waiting=waiting,
    )
