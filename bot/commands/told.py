"""What a maintainer hears of an order, and the cards that only this maintainer sees."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.commands.cards import card_reply
from bot.commands.moments import short_day
from bot.commands.open_card import heading, more_approvals, people, votes_text
from bot.commands.reasons import worded
from bot.commands.reply import text
from bot.domain.sentences import passage, sentence
from bot.domain.state_names import STATE_NAMES
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
    number = card.candidate
    if outcome.conflict:
        return sentence("#{number}: {votes}.", number=number, votes=votes_text(card.votes))
    if outcome.missing:
        said_before = sentence("You have said so before.")
        more = more_approvals(outcome.missing)
        return passage(
            sentence("Noted.") if outcome.changed else said_before,
            sentence("#{number} needs {more}.", number=number, more=more),
        )
    return "" if outcome.changed else decided_before(card)


def decided_before(card: Card) -> str:
    """Why an order came too late, as `#17 was decided before by Ben: rejected, off topic`."""
    said = _undecided(card)
    if said or card.decision is None:
        return said or sentence(
            "#{number} was decided before: {standing}.",
            number=card.candidate,
            standing=standing(card),
        )
    return sentence(
        "#{number} was decided before by {people}: {standing}.",
        number=card.candidate,
        people=people((card.decision.by,)),
        standing=standing(card),
    )


def decided_meanwhile(card: Card) -> str:
    """The same of a card that somebody else decided while one was on the way to it."""
    said = _undecided(card)
    if said or card.decision is None:
        return said or sentence(
            "#{number} was decided meanwhile: {standing}.",
            number=card.candidate,
            standing=standing(card),
        )
    return sentence(
        "#{number} was decided meanwhile by {people}: {standing}.",
        number=card.candidate,
        people=people((card.decision.by,)),
        standing=standing(card),
    )


def _undecided(card: Card) -> str:
    """What there is to say of a card that nobody decided, or nothing."""
    number = card.candidate
    if card.state is CandidateState.WITHDRAWN:
        return sentence(
            "#{number} was withdrawn on arXiv: there is nothing to decide.", number=number
        )
    if card.state in WAITING:
        return sentence("Nothing has changed: #{number} waits for a decision.", number=number)
    return ""


def standing(card: Card) -> str:
    """How a candidate was decided: `rejected, off topic`."""
    match card.state:
        case CandidateState.APPROVED:
            return _on_the_list(card)
        case CandidateState.REJECTED:
            return _rejected(card)
        case CandidateState.SNOOZED:
            return _put_off(card)
        case _:
            return STATE_NAMES[card.state]


def _on_the_list(card: Card) -> str:
    section = card.decision.section if card.decision else card.section
    if not section:
        return sentence("on the list")
    return sentence("on the list, under {section}", section=heading(section))


def _rejected(card: Card) -> str:
    reason = card.decision.reason if card.decision else ""
    if not reason:
        return STATE_NAMES[CandidateState.REJECTED]
    return sentence("rejected, {reason}", reason=worded(reason))


def _put_off(card: Card) -> str:
    until = card.decision.until if card.decision else None
    if until is None:
        return sentence("put off")
    return sentence("put off until {day}", day=short_day(until))
