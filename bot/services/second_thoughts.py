"""A maintainer chooses again about what that maintainer alone has decided."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.domain import review as rules_of_review
from bot.services import deciding, undoing
from bot.services.case import open_case
from storage.models import DECIDED, VOTES, Action, CandidateState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.services.case import Case, Order, Outcome
    from storage.models import Verdict


def own_choice(
    verdicts: Sequence[Verdict], state: CandidateState, member_id: int
) -> Verdict | None:
    """What a member has chosen about a candidate, as far as it stands: a vote, or a pause."""
    if state is CandidateState.SNOOZED:
        last = rules_of_review.last_change(verdicts, state)
        if last is not None and last.action is Action.SNOOZE:
            return last if last.member_id == member_id else None
    votes = rules_of_review.tally(verdicts)
    cast = (*votes.approvals, *votes.rejections)
    return next((vote for vote in cast if vote.member_id == member_id), None)


async def choose(case: Case, order: Order) -> Outcome:
    """Vote or put off; where the member alone decided otherwise before, that is taken back first.

    What others decided or changed since stays as it is.
    """
    before = own_choice(case.verdicts, case.candidate.state, order.member.id)
    repeated = before is not None and before.action is order.action
    if repeated and case.candidate.state not in rules_of_review.OPEN:
        return await case.outcome(changed=False)
    if case.candidate.state in DECIDED and _alone(case, order.member.id):
        await undoing.undo(case, replace(order, action=Action.UNDO))
        case = await open_case(case.connection, case.candidate.id, case.rules, case.now)
    if order.action is Action.SNOOZE:
        return await deciding.put_off(case, order)
    return await deciding.vote(case, [order])


def _alone(case: Case, member_id: int) -> bool:
    """Whether the decision is this member's only, and the last thing that was done."""
    votes = rules_of_review.tally(case.verdicts)
    last = rules_of_review.last_change(case.verdicts, case.candidate.state)
    voters = {vote.member_id for vote in (*votes.approvals, *votes.rejections)}
    return last is not None and last.action in VOTES and voters == {member_id}
