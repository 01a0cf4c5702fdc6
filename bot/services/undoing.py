"""Taking back what was decided, moved or edited; the history keeps both."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from bot.domain import review as rules_of_review
from bot.domain.errors import UserError
from bot.domain.sentences import sentence
from bot.domain.state_names import STATE_NAMES
from bot.services.list_writing import ListWriter
from storage.candidates import Candidates
from storage.catalogue import Catalogue
from storage.models import DECIDED, Action, CandidateState, Via
from storage.papers import Papers

if TYPE_CHECKING:
    from datetime import datetime

    from bot.domain.review import Sign
    from bot.services.case import Case, Order, Outcome
    from storage.models import Entry, Verdict


async def undo(case: Case, order: Order) -> Outcome:
    """Take back the last edit, move or decision; of an open card the votes.

    Raises:
        UserError: there is nothing to take back.
    """
    state = case.candidate.state
    last = rules_of_review.last_change(case.verdicts, state)
    if state is CandidateState.WITHDRAWN or last is None:
        raise UserError(_nothing(case))
    if last.action in {Action.MOVE, Action.EDIT}:
        await _restore(case, order, last)
    else:
        await case.record(order, undoes=last.id)
        if last.action is Action.SNOOZE or state in DECIDED:
            await _revert(case)
    return await case.outcome()


async def retract(case: Case, order: Order, sign: Sign, at: datetime) -> Outcome:
    """The member took the own reaction (`sign`) back `at`: soon enough, the vote goes with it.

    What the member put under the decided card meanwhile, in its place, may count then.
    """
    last = await _given_by(case, order, sign)
    if last is None or last.via is not Via.REACTION or at - last.at > case.rules.settle:
        return await case.outcome(changed=False)
    if last.action is Action.SNOOZE:
        await case.record(replace(order, action=Action.UNDO), undoes=last.id)
        await case.reopen()
        return await case.outcome()
    number = await case.record(order, undoes=last.id)
    after = rules_of_review.tally((*case.verdicts, case.verdict(order, id_=number)))
    decided = case.candidate.state in DECIDED
    left = rules_of_review.decided_by(after, case.rules.approvals_needed)
    if decided and left is not case.candidate.state:
        await _revert(case)
        await Candidates(case.connection).heed(case.candidate.id, order.member.id)
    return await case.outcome()


async def reconsider(case: Case, order: Order) -> Outcome:
    """Lay a rejected paper before the maintainers again, or one that is on the list no more.

    Raises:
        UserError: it was not rejected.
    """
    if not await _may_come_back(case):
        raise UserError(
            sentence(
                "#{number} is not rejected: it is {state}.",
                number=case.candidate.id,
                state=STATE_NAMES[case.candidate.state],
            )
        )
    await case.record(order)
    await case.reopen()
    return await case.outcome()


async def _may_come_back(case: Case) -> bool:
    """Whether it was turned down, is not withdrawn any more, or was taken off the list by hand."""
    match case.candidate.state:
        case CandidateState.WITHDRAWN:
            paper = await Papers(case.connection).get(case.candidate.paper)
            return paper is not None and not paper.withdrawn
        case CandidateState.APPROVED:
            return await Catalogue(case.connection).entry_of(case.candidate.paper) is None
        case state:
            return state is CandidateState.REJECTED


def _nothing(case: Case) -> str:
    number = case.candidate.id
    match case.candidate.state:
        case CandidateState.WITHDRAWN:
            return sentence(
                "#{number} was withdrawn on arXiv: there is nothing to take back.", number=number
            )
        case CandidateState.APPROVED:
            return sentence(
                "#{number} was on the list before anybody decided: nothing to take back.",
                number=number,
            )
        case _:
            return sentence(
                "Nothing was decided about #{number} yet: nothing to take back.", number=number
            )


async def _given_by(case: Case, order: Order, sign: Sign) -> Verdict | None:
    """The member's vote or snooze that stands and that this reaction gave."""
    votes = rules_of_review.tally(case.verdicts)
    standing = [*votes.approvals, *votes.rejections]
    last = rules_of_review.last_change(case.verdicts, case.candidate.state)
    if last is not None and last.action is Action.SNOOZE:
        standing.append(last)
    titles = await case.titles()
    suggested = rules_of_review.default_section(case.candidate.section, titles) if titles else ""
    for one in reversed(standing):
        same = one.member_id == order.member.id and one.action is sign.action
        if same and rules_of_review.says(sign, one.section, suggested, titles):
            return one
    return None


async def _revert(case: Case) -> None:
    """Take the entry off that the decision wrote, and put the card back on the desk."""
    for verdict in reversed(case.verdicts):
        if verdict.action is Action.APPROVE and verdict.entry is not None:
            entry = await Catalogue(case.connection).get(verdict.entry)
            if entry is not None and case.candidate.state is CandidateState.APPROVED:
                await ListWriter(case.connection).take_off(verdict.id, entry)
            break
    await case.reopen()


async def _restore(case: Case, order: Order, last: Verdict) -> None:
    """Let the entry and the paper be what they were before a move or an edit."""
    if last.before is None:
        raise UserError(_nothing(case))
    entry = await _entry(case, last)
    writer = ListWriter(case.connection)
    if entry is not None:
        back = partial(_opposite, writer, entry, last)
        await writer.restore(last.id, entry, back)
    if last.action is Action.EDIT:
        await _restore_paper(case, last)
    await case.record(order, section=last.before.section, entry=last.entry, undoes=last.id)


async def _entry(case: Case, verdict: Verdict) -> Entry | None:
    return await Catalogue(case.connection).get(verdict.entry) if verdict.entry else None


async def _opposite(writer: ListWriter, entry: Entry, last: Verdict) -> None:
    before = last.before
    if before is None:
        return
    if last.action is Action.MOVE:
        await writer.move(entry, before.section)
    else:
        await writer.edit(entry, before.entry_title or "", before.entry_links)


async def _restore_paper(case: Case, last: Verdict) -> None:
    paper = await Papers(case.connection).get(case.candidate.paper)
    if paper is not None and last.before is not None:
        before = last.before
        title = paper.title if before.title is None else before.title
        links = paper.links if before.links is None else before.links
        await Papers(case.connection).edit(
            replace(paper, title=title, links=links, edited=before.edited)
        )
