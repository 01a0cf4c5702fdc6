"""/review next: one private message through the whole queue."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.commands.cards import card_reply
from bot.commands.maintainers import require_maintainer
from bot.commands.open_card import votes_text
from bot.commands.reply import Button, Reply, Style, say, text
from bot.commands.told import decided_meanwhile, private_card, standing
from bot.domain.errors import NotFound
from bot.domain.review import OPEN
from bot.domain.sentences import clauses, counted, sentence
from storage.models import WAITING, Action, CandidateState, Via

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.commands.registry import Context
    from bot.commands.reply import Line
    from bot.domain.cards import Card
    from bot.domain.review import Rules
    from bot.services.sitting import Place, SittingService
    from bot.services.steps import Sum

YES, NO, LATER, BACK, ANEW = "sit-yes", "sit-no", "sit-later", "sit-back", "sit-new"
CHOICES = {YES: Action.APPROVE, NO: Action.REJECT, LATER: Action.SNOOZE}


class SittingCommands:
    """Next, and the buttons of its message; whose it is and where it stands they carry."""

    def __init__(self, *, rules: Rules, sitting: SittingService) -> None:
        self._rules = rules
        self._sitting = sitting

    async def next(self, context: Context) -> Reply:
        """Go through what waits, one paper after the other."""
        require_maintainer(self._rules, context)
        if context.via is Via.CONSOLE:
            card = await self._sitting.first(context.member)
            return _typed(card) if card else say(sentence("Nothing waits."))
        place = await self._sitting.begin(context.member)
        return place_reply(place) if place else say(sentence("Nothing waits."))

    async def anew(self, context: Context, _argument: str, _value: str) -> Reply:
        """Begin again with what waits now."""
        return replace(await self.next(context), in_place=True)

    async def yes(self, context: Context, argument: str, _value: str) -> Reply:
        """Add the paper shown, and go on."""
        return await self._choose(context, argument, Action.APPROVE)

    async def no(self, context: Context, argument: str, _value: str) -> Reply:
        """Turn the paper shown down, and go on."""
        return await self._choose(context, argument, Action.REJECT)

    async def later(self, context: Context, argument: str, _value: str) -> Reply:
        """Put the paper shown off, and go on."""
        return await self._choose(context, argument, Action.SNOOZE)

    async def back(self, context: Context, argument: str, _value: str) -> Reply:
        """Show the paper before."""
        sitting, index = _carried(argument)
        place = await self._sitting.back(context.member, sitting, index)
        return replace(place_reply(place), in_place=True)

    async def _choose(self, context: Context, argument: str, action: Action) -> Reply:
        sitting, index = _carried(argument)
        place = await self._sitting.choose(context.member, sitting, index, action)
        return replace(place_reply(place), in_place=True)


def place_reply(place: Place) -> Reply:
    """Where a sitting stands: a card with its four buttons, or what it came to."""
    news = tuple(_news(place))
    if place.card is None or place.sum is not None:
        return _end(place, news)
    card = place.card
    body = card_reply(card, signs=False)
    own = (text(_own(card, place.own)),) if place.own is not None else ()
    return replace(
        body,
        lines=(*news, *own, *body.lines),
        footer=sentence("{n} of {all}", n=place.index + 1, all=place.length),
        buttons=tuple(_buttons(place)),
        menu=None,
    )


def _buttons(place: Place) -> Iterator[Button]:
    argument = f"{place.sitting}.{place.index}"
    yield Button(sentence("Yes"), YES, argument, Style.GOOD)
    yield Button(sentence("No"), NO, argument, Style.BAD)
    yield Button(sentence("Later"), LATER, argument)
    yield Button(sentence("Back"), BACK, argument)


def _own(card: Card, chosen: Action) -> str:
    if card.state in WAITING:
        if chosen is Action.APPROVE:
            return sentence("You voted yes; you may change it.")
        return sentence("You voted no; you may change it.")
    return sentence("You decided: {standing}. Another choice changes it.", standing=standing(card))


def _news(place: Place) -> Iterator[Line]:
    """What became of papers without this member, or is not decided yet."""
    for card in place.news:
        if card.state in OPEN and card.state is not CandidateState.SNOOZED:
            votes = votes_text(card.votes)
            yield text(sentence("#{n} stays open: {votes}.", n=card.candidate, votes=votes))
        else:
            yield text(decided_meanwhile(card))
    if place.more_news:
        more = sentence("… and {n} more that others decided meanwhile.", n=place.more_news)
        yield text(more)


def _end(place: Place, news: tuple[Line, ...]) -> Reply:
    done = place.sum
    lines = (*news, text(_sum(done))) if done else news
    back = Button(sentence("Back"), BACK, f"{place.sitting}.{place.index}")
    anew = Button(sentence("Begin anew"), ANEW, str(place.sitting))
    return Reply(lines=lines, buttons=(back, anew) if done and done.waiting else (back,))


def _sum(done: Sum) -> str:
    """`6 decided, 2 added, nothing waits`."""
    need = counted(done.undecided, "{n} needs others' votes", "{n} need others' votes")
    waits = counted(done.waiting, "{n} waits still", "{n} wait still")
    return clauses(
        sentence("{n} decided", n=done.decided),
        sentence("{n} added", n=done.added),
        sentence("{n} put off", n=done.put_off) if done.put_off else "",
        need if done.undecided else "",
        waits if done.waiting else sentence("nothing waits"),
    )


def _typed(card: Card) -> Reply:
    """The first paper, and the words that decide it."""
    number = card.candidate
    words = sentence(
        "/review approve {number}, /review reject {number} WHY or /review snooze {number}; "
        "then /review next again",
        number=number,
    )
    return replace(private_card(card), footer=words)


def _carried(argument: str) -> tuple[int, int]:
    sitting, _, index = argument.partition(".")
    if not (sitting.isdecimal() and index.isdecimal() and len(argument) <= 20):
        raise NotFound(
            sentence("This button is from an older version of the bot: type /review next.")
        )
    return int(sitting), int(index)
