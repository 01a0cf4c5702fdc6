"""Votes on a candidate, and the decision they come to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain import review as rules_of_review
from bot.domain.errors import NotFound
from bot.domain.sentences import sentence
from bot.services.list_writing import ListWriter
from storage.candidates import Candidates
from storage.models import Action, CandidateState, Via
from storage.papers import Papers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain.review import Tally
    from bot.services.case import Case, Order, Outcome


async def put_off(case: Case, order: Order) -> Outcome:
    """💤: nobody decides for a week; votes stay."""
    if case.candidate.state not in rules_of_review.OPEN - {CandidateState.SNOOZED}:
        return await _too_late(case, [order])
    await case.record(order)
    until = case.now + rules_of_review.SNOOZE
    await case.change(CandidateState.SNOOZED, snoozed_until=until)
    return await case.outcome()


async def vote(case: Case, orders: Sequence[Order]) -> Outcome:
    """Note votes that were given together, then decide what all of them come to.

    Together, since of reactions that are read from a message nobody knows which came first. Who
    votes the same again changes nothing, unless the votes suffice now: since another was taken
    back, or fewer are needed.

    Raises:
        NotFound: no such section.
    """
    if case.candidate.state not in rules_of_review.OPEN:
        return await _too_late(case, orders)
    before = rules_of_review.tally(case.verdicts)
    titles = await case.titles()
    known = [order for order in orders if not _names_nothing(order, titles)]
    fresh = [order for order in known if not _repeats(order, before, titles)]
    after = _with(case, fresh, titles)
    state = rules_of_review.decided_by(after, case.rules.approvals_needed)
    noted = fresh or known[-1:]
    if state is None or not noted:
        return await _undecided(case, fresh, after, titles)
    last = noted[-1]
    for order in noted[:-1]:
        await case.record(order, section=_explicit(order, titles))
    if state is CandidateState.APPROVED:
        await _approve(case, last, after, titles)
    else:
        await case.record(last)
    await case.change(state)
    return await case.outcome()


async def _too_late(case: Case, orders: Sequence[Order]) -> Outcome:
    """Nothing changes, nor later: a reaction may stand there still when the card is open again."""
    for order in orders:
        if order.via is Via.REACTION:
            await Candidates(case.connection).leave_unheeded(
                case.candidate.id, order.member.id, order.action
            )
    return await case.outcome(changed=False)


def _names_nothing(order: Order, titles: Sequence[str]) -> bool:
    """Whether a reaction gives the number of a section that does not exist."""
    return (
        order.via is Via.REACTION
        and order.section.isdecimal()
        and (int(order.section) > len(titles))
    )


async def _undecided(
    case: Case, fresh: Sequence[Order], after: Tally, titles: Sequence[str]
) -> Outcome:
    for order in fresh:
        await case.record(order, section=_explicit(order, titles))
    missing = max(0, case.rules.approvals_needed - len(after.approvals))
    return await case.outcome(
        changed=bool(fresh), missing=0 if after.conflict else missing, conflict=after.conflict
    )


async def _approve(case: Case, order: Order, votes: Tally, titles: Sequence[str]) -> None:
    """Put the paper on the list, as its last approval."""
    paper = await Papers(case.connection).get(case.candidate.paper)
    if paper is None:
        raise NotFound(sentence("The paper {paper} is not stored.", paper=case.candidate.paper))
    section = _section(case, votes, titles)
    writer = ListWriter(case.connection)
    entry = await writer.enter(paper, section, order.member.name, case.now)
    number = await case.record(order, section=section, entry=entry.id if entry else None)
    if entry is not None:
        await writer.note(number)


def _with(case: Case, orders: Sequence[Order], titles: Sequence[str]) -> Tally:
    """The votes with these added."""
    added = [case.verdict(order, section=_explicit(order, titles)) for order in orders]
    return rules_of_review.tally((*case.verdicts, *added))


def _repeats(order: Order, votes: Tally, titles: Sequence[str]) -> bool:
    """Whether the member has voted so already."""
    section = _explicit(order, titles)
    return any(
        vote.member_id == order.member.id
        and vote.action is order.action
        and section in {"", vote.section}
        for vote in (*votes.approvals, *votes.rejections)
    )


def _explicit(order: Order, titles: Sequence[str]) -> str:
    """The section an order names, nothing where it names none."""
    if order.action is not Action.APPROVE or not order.section:
        return ""
    return rules_of_review.choose_section(order.section, titles)


def _section(case: Case, votes: Tally, titles: Sequence[str]) -> str:
    """The section that was named last, else the suggested one."""
    named = [vote.section for vote in votes.approvals if vote.section in titles]
    return named[-1] if named else rules_of_review.default_section(case.candidate.section, titles)
