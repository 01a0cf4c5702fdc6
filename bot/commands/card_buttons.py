"""What the buttons and menus of a card do."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.commands.maintainers import require_maintainer
from bot.commands.more import more_reply
from bot.commands.open_card import name_of
from bot.commands.reply import Choice, Menu, Reply, Span, say, text
from bot.commands.told import PRIVATE, decided_before, private_card, remark
from bot.domain.errors import NotFound
from bot.domain.rejections import REASONS
from bot.domain.review import OPEN
from bot.domain.sentences import sentence
from bot.services.review import Order
from storage.models import Action, CandidateState

if TYPE_CHECKING:
    from bot.commands.registry import Context
    from bot.domain.cards import Card
    from bot.services.desk import Desk
    from bot.services.reading import Reading
    from bot.services.review import Review

SECTIONS = 125
"""How many a face can offer at once."""
LONGEST_VALUE = 100


class CardButtons:
    """Approve, reject, later, undo, other section, move, why, more.

    An argument is a candidate's number. Where the button stands on a private card, that card is
    replaced; where on the one in the channel, that one follows, and nothing is said unless it does
    not show what there is to say.
    """

    def __init__(self, *, review: Review, desk: Desk, reading: Reading) -> None:
        self._review = review
        self._desk = desk
        self._reading = reading

    async def approve(self, context: Context, argument: str, section: str) -> Reply:
        """Add the paper to the suggested section, or to the one chosen in a menu."""
        order = Order(Action.APPROVE, context.member, context.via, section=section)
        return await self._carry_out(order, argument, in_menu=bool(section))

    async def reject(self, context: Context, argument: str, _value: str) -> Reply:
        """Turn the paper down."""
        return await self._carry_out(Order(Action.REJECT, context.member, context.via), argument)

    async def later(self, context: Context, argument: str, _value: str) -> Reply:
        """Put the paper off for a week."""
        return await self._carry_out(Order(Action.SNOOZE, context.member, context.via), argument)

    async def undo(self, context: Context, argument: str, _value: str) -> Reply:
        """Take back what was done last."""
        return await self._carry_out(Order(Action.UNDO, context.member, context.via), argument)

    async def why(self, context: Context, argument: str, reason: str) -> Reply:
        """Say why the paper was turned down."""
        if reason not in REASONS:
            raise NotFound(sentence("There is no reason “{reason}” to choose.", reason=reason[:60]))
        order = Order(Action.REASON, context.member, context.via, reason=reason)
        return await self._carry_out(order, argument)

    async def section(self, context: Context, argument: str, _value: str) -> Reply:
        """A menu of the list's sections; choosing one approves into it."""
        card = await self._card(context, argument)
        if card.state not in OPEN:
            return say(decided_before(card))
        menu = Menu(sentence("Add to…"), "approve", "", ())
        return _sections(card, sentence("Add "), sentence(" to which section?"), menu)

    async def move(self, context: Context, argument: str, section: str) -> Reply:
        """A menu of the list's sections; choosing one moves the entry there."""
        if section:
            order = Order(Action.MOVE, context.member, context.via, section=section)
            return await self._carry_out(order, argument, in_menu=True)
        card = await self._card(context, argument)
        if card.state is not CandidateState.APPROVED:
            return say(_not_listed(card))
        menu = Menu(sentence("Move to…"), "move", "", ())
        return _sections(card, sentence("Move "), sentence(" to which section?"), menu)

    async def more(self, _context: Context, argument: str, _value: str) -> Reply:
        """All that is known of a card's paper: the abstract, the comment, the links."""
        found = await self._review.find(_number(argument))
        shown = await self._reading.show(found.paper)
        return more_reply(shown, await self._desk.card(found))

    async def _card(self, context: Context, argument: str) -> Card:
        require_maintainer(self._review.rules, context)
        return await self._desk.card(await self._review.find(_number(argument)))

    async def _carry_out(self, order: Order, argument: str, *, in_menu: bool = False) -> Reply:
        candidate = await self._review.find(_number(argument))
        outcome = await self._review.decide(candidate.id, order)
        private = in_menu or argument.endswith(PRIVATE)
        if not private and outcome.changed and not (outcome.missing or outcome.conflict):
            return Reply()
        card = await self._desk.card(outcome.candidate)
        said = remark(outcome, card)
        return replace(private_card(card, said), in_place=True) if private else say(said)


def _number(argument: str) -> str:
    return argument.removesuffix(PRIVATE)


def _not_listed(card: Card) -> str:
    return sentence(
        "#{number} is not on the list, so there is nothing to move.", number=card.candidate
    )


def _sections(card: Card, before: str, after: str, menu: Menu) -> Reply:
    """Which section, with a menu of them in the list's order."""
    choices = tuple(_choice(title, number) for number, title in enumerate(card.sections, 1))
    more = len(choices) - SECTIONS
    beyond = text(
        sentence("… and {n} more: /review approve and move take a section's name.", n=more)
    )
    return Reply(
        lines=(
            text(before, Span(name_of(card), bold=True), after),
            *((beyond,) if more > 0 else ()),
        ),
        menu=replace(menu, argument=str(card.candidate), choices=choices[:SECTIONS]),
    )


def _choice(title: str, number: int) -> Choice:
    """A section by its title, since numbers change with the list; by its number if that is long."""
    fits = len(title.encode("utf-16-le")) // 2 <= LONGEST_VALUE and title == title.strip()
    return Choice(title, title if fits and title else str(number))
