"""What a maintainer hears of an order, and the cards that only this maintainer sees."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.commands.cards import card_reply
from bot.commands.open_card import heading, more_approvals, people, votes_text
from bot.commands.reply import text
from storage.models import WAITING, CandidateState

if TYPE_CHECKING:
    from bot.commands.reply import Reply
    from bot.domain.cards import Card
    from bot.services.review import Outcome

PRIVATE = "/private"
"""Ends the argument of what stands on a private card: that one is not edited by itself."""


def private_card(card: Card, said: str = "") -> Reply:
    """A card for one maintainer, below what there is to say; its buttons know where they stand."""
    reply = card_reply(card, signs=False)
    argument = f"{card.candidate}{PRIVATE}"
    return replace(
        reply,
        lines=(*((text(said),) if said else ()), *reply.lines),
        buttons=tuple(replace(button, argument=argument) for button in reply.buttons),
        menu=replace(reply.menu, argument=argument) if reply.menu else None,
    )


def remark(outcome: Outcome, card: Card) -> str:
    """What the card does not show by itself, or nothing."""
    if outcome.conflict:
        return f"#{card.candidate}: {votes_text(card.votes)}."
    if outcome.missing:
        noted = "Noted. " if outcome.changed else "You have said so before. "
        return f"{noted}#{card.candidate} needs {more_approvals(outcome.missing)}."
    return "" if outcome.changed else decided_before(card)


def decided_before(card: Card) -> str:
    """Why an order came too late, as `#17 was decided before by Ben: rejected, off topic`."""
    number, decision = f"#{card.candidate}", card.decision
    if card.state is CandidateState.WITHDRAWN:
        return f"{number} was withdrawn on arXiv: there is nothing to decide."
    if card.state in WAITING:
        return f"Nothing has changed: {number} waits for a decision."
    by = f" by {people((decision.by,))}" if decision else ""
    return f"{number} was decided before{by}: {standing(card)}."


def standing(card: Card) -> str:
    """How a candidate was decided: `rejected, off topic`."""
    decision = card.decision
    match card.state:
        case CandidateState.APPROVED:
            section = decision.section if decision else card.section
            return f"on the list, under {heading(section)}" if section else "on the list"
        case CandidateState.REJECTED:
            return "rejected" + (f", {decision.reason}" if decision and decision.reason else "")
        case CandidateState.SNOOZED:
            until = decision.until if decision else None
            return "put off" + (f" until {until.day} {until:%b}" if until else "")
        case _:
            return str(card.state)
