"""/review queue, show and here: what waits, one paper with its history, and where cards go."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.commands.acts import act_line
from bot.commands.columns import fit
from bot.commands.maintainers import require_maintainer
from bot.commands.moments import lasting
from bot.commands.open_card import RULE, UNREAD, heading, suggested_by
from bot.commands.reply import Button, Reply, Span, say, text
from bot.commands.told import PRIVATE, private_card
from bot.domain import relevance
from bot.domain.errors import UserError
from bot.domain.sentences import clauses, joined, sentence
from bot.domain.state_names import STATE_NAMES
from bot.services.plain_text import plain
from storage.models import CandidateState, Origin

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from bot.commands.registry import Context
    from bot.commands.reply import Line
    from bot.domain.review import Rules
    from bot.services.desk import Desk
    from bot.services.history import HistoryService, Whereabouts
    from bot.services.ports import Clock
    from bot.services.reading import Reading
    from bot.services.review import Review
    from bot.services.review_channel import ReviewChannel
    from storage.models import Candidate

QUEUE = 10
ACTS = 10


class QueueCommands:
    """Queue and show; a card is posted again on request."""

    def __init__(
        self,
        *,
        review: Review,
        desk: Desk,
        reading: Reading,
        history: HistoryService,
        clock: Clock,
        repost: Callable[[int], Awaitable[str]],
    ) -> None:
        self._review = review
        self._desk = desk
        self._reading = reading
        self._history = history
        self._clock = clock
        self._repost = repost

    async def queue(self, context: Context) -> Reply:
        """What waits for a decision, the next one first."""
        require_maintainer(self._review.rules, context)
        waiting = await self._review.waiting()
        if not waiting:
            return say(sentence("Nothing waits."))
        first = waiting[:QUEUE]
        asked = await self._history.asked_by([one.id for one in first])
        lines: list[Line] = []
        for place, candidate in enumerate(first, 1):
            lines += await self._waiting(place, candidate, asked[candidate.id])
        more = len(waiting) - len(first)
        return Reply(
            title=sentence("{n} waiting", n=len(waiting)),
            lines=(*lines, *((text(sentence("… and {n} more", n=more)),) if more else ())),
        )

    async def show(self, context: Context, paper: str) -> Reply:
        """A paper's card, and what was done about it."""
        require_maintainer(self._review.rules, context)
        candidate = await self._review.find(paper)
        reply = private_card(await self._desk.card(candidate))
        known = await self._history.of_candidate(candidate.id, ACTS + 1)
        again = Button(sentence("Post again"), "repost", f"{candidate.id}{PRIVATE}")
        has_card = candidate.state is CandidateState.POSTED
        return replace(
            reply,
            lines=(*reply.lines, *_known(known, context, candidate.id)),
            buttons=(*reply.buttons, *((again,) if has_card else ())),
        )

    async def repost(self, context: Context, argument: str, _value: str) -> Reply:
        """Post a card again that was deleted."""
        require_maintainer(self._review.rules, context)
        candidate = await self._review.find(argument.removesuffix(PRIVATE))
        if candidate.state is CandidateState.QUEUED:
            return say(
                sentence("#{number} has no card yet: it is in line for one.", number=candidate.id)
            )
        if candidate.state is not CandidateState.POSTED:
            return say(_without_card(candidate))
        return say(await self._repost(candidate.id))

    async def _waiting(
        self, place: int, candidate: Candidate, asked: tuple[str, ...]
    ) -> tuple[Line, Line]:
        shown = await self._reading.show(candidate.paper)
        name = plain(shown.title)
        title = Span(fit(name or candidate.paper, 2), shown.url)
        strength = relevance.strength(candidate.score)
        score = sentence("{strength} ({score})", strength=strength, score=f"{candidate.score:.2f}")
        facts = (
            heading(candidate.section),
            clauses(score, await self._desk.odds(candidate)) if name else UNREAD,
            lasting(self._clock.now() - candidate.queued_at),
            _asked(candidate, asked),
        )
        return (
            text(f"{place} · #{candidate.id} ", title),
            text(joined(" · ", (fact for fact in facts if fact))),
        )


class ChannelCommands:
    """Here: where cards go."""

    def __init__(self, *, rules: Rules, channel: ReviewChannel) -> None:
        self._rules = rules
        self._channel = channel

    async def here(self, context: Context) -> Reply:
        """Send cards to this channel."""
        require_maintainer(self._rules, context)
        if context.channel_id is None:
            raise UserError(
                sentence("There is no channel here: type /review here in the Discord channel.")
            )
        if self._channel.configured not in {None, context.channel_id}:
            raise UserError(
                sentence(
                    "The configuration names another review channel; "
                    "remove `channel` under [review] in config.toml to choose one here."
                )
            )
        await self._channel.choose(context.channel_id)
        return say(sentence("Cards go to this channel from now on."))


def _without_card(candidate: Candidate) -> str:
    return sentence(
        "#{number} does not wait with a card: it is {state}.",
        number=candidate.id,
        state=STATE_NAMES[candidate.state],
    )


def _asked(candidate: Candidate, asked: tuple[str, ...]) -> str:
    return suggested_by(asked) if asked or candidate.origin is Origin.SUBMISSION else ""


def _known(known: Whereabouts, context: Context, candidate: int) -> Iterator[Line]:
    """A link to the card, and a line an act, the oldest first."""
    message = known.message
    if message is not None and message.message_id is not None and context.guild_id is not None:
        place = f"{context.guild_id}/{message.channel_id}/{message.message_id}"
        yield text(
            Span(sentence("The card in the channel"), f"https://discord.com/channels/{place}")
        )
    if known.acts:
        yield text(RULE)
    if len(known.acts) > ACTS:
        yield text(sentence("… more: /review log {number}", number=candidate))
    for act in reversed(known.acts[:ACTS]):
        yield act_line(act)
