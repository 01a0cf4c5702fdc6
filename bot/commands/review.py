"""/review: how maintainers decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands.cards import card_reply
from bot.commands.ledger import DAYS, ledger_reply
from bot.commands.papers import withdrawn
from bot.commands.reply import Choice, Line, Menu, Reply, Span, say, text
from bot.domain import identify
from bot.domain.errors import NotAllowed, UserError
from bot.domain.review import OPEN
from bot.services.plain_text import plain
from bot.services.review import Order
from bot.services.submit import Standing
from storage.models import Action, CandidateState

if TYPE_CHECKING:
    from bot.commands.registry import Context
    from bot.services.cards import ReviewChannel
    from bot.services.desk import Desk
    from bot.services.ledger import Ledger
    from bot.services.reading import Reading
    from bot.services.review import Outcome, Review
    from bot.services.submit import Submissions
    from storage.models import Candidate

QUEUE = 10

DONE = {
    CandidateState.APPROVED: "on the list",
    CandidateState.REJECTED: "rejected",
    CandidateState.SNOOZED: "put off for a week",
}


class ReviewCommands:
    """Here, queue, ledger, approve, reject; and what a card's buttons do."""

    def __init__(
        self,
        *,
        review: Review,
        desk: Desk,
        reading: Reading,
        submissions: Submissions,
        channel: ReviewChannel,
        ledger: Ledger,
    ) -> None:
        self._review = review
        self._desk = desk
        self._reading = reading
        self._submissions = submissions
        self._channel = channel
        self._ledger = ledger

    async def here(self, context: Context) -> Reply:
        """Send cards to this channel."""
        self.require_maintainer(context)
        if context.channel_id is None:
            raise UserError("There is no channel here: type /review here in the Discord channel.")
        if self._channel.configured not in {None, context.channel_id}:
            raise UserError(
                "The configuration names another review channel; "
                "remove `channel` under [review] in config.toml to choose one here."
            )
        await self._channel.choose(context.channel_id)
        return say("Cards go to this channel from now on.")

    async def queue(self, context: Context) -> Reply:
        """What waits for a decision."""
        self.require_maintainer(context)
        waiting = await self._review.waiting()
        if not waiting:
            return say("Nothing waits.")
        lines = [await self._waiting(candidate) for candidate in waiting[:QUEUE]]
        more = len(waiting) - len(lines)
        return Reply(
            title=f"{len(waiting)} waiting",
            lines=(*lines, *((text(f"… and {more} more"),) if more else ())),
        )

    async def ledger(self, context: Context) -> Reply:
        """What the harvest brought in the last days, and whether anything is missing."""
        self.require_maintainer(context)
        return ledger_reply(await self._ledger.overview(DAYS))

    async def approve(self, context: Context, paper: str, section: str = "") -> Reply:
        """Add a paper to the list."""
        return await self._decide(context, Action.APPROVE, paper, section=section)

    async def reject(self, context: Context, paper: str, reason: str = "") -> Reply:
        """Turn a paper down."""
        return await self._decide(context, Action.REJECT, paper, reason=reason)

    async def more(self, _context: Context, candidate: str) -> Reply:
        """All that is known of a card's paper: the abstract, the comment, the links."""
        found = await self._review.find(candidate)
        shown = await self._reading.show(found.paper)
        lines = [text(plain(shown.paper.abstract))] if shown.paper else []
        if shown.paper and shown.paper.comment:
            lines.append(text("Comment: " + plain(shown.paper.comment)))
        lines += [text(Span(link.label, link.url)) for link in shown.links]
        return Reply(title=plain(shown.title), url=shown.url, lines=tuple(lines))

    async def other_section(self, context: Context, candidate: str) -> Reply:
        """A menu of the list's sections; choosing one approves into it."""
        self.require_maintainer(context)
        found = await self._review.find(candidate)
        if found.state not in OPEN:
            return _too_late(found)
        card = await self._desk.card(found)
        choices = tuple(Choice(title, str(number)) for number, title in enumerate(card.sections, 1))
        menu = Menu("Add to…", "approve", candidate, choices[:25])
        return Reply(
            lines=(text("Add ", Span(card.title, bold=True), " to which section?"),), menu=menu
        )

    def require_maintainer(self, context: Context) -> None:
        """Raise NotAllowed unless a maintainer asks."""
        if not self._review.rules.is_maintainer(context.member):
            raise NotAllowed("This is for maintainers. You can suggest papers with /papers submit.")

    async def _waiting(self, candidate: Candidate) -> Line:
        shown = await self._reading.show(candidate.paper)
        title = Span(plain(shown.title), shown.url)
        where = f" · {candidate.section}" if candidate.section else ""
        return text(f"#{candidate.id} ", title, f" · {candidate.paper}{where}")

    async def _decide(
        self, context: Context, action: Action, paper: str, *, section: str = "", reason: str = ""
    ) -> Reply:
        self.require_maintainer(context)
        candidate = await self._candidate(context, paper)
        if isinstance(candidate, Reply):
            return candidate
        order = Order(action, context.member, context.via, section, reason)
        outcome = await self._review.decide(candidate.id, order)
        return await self._told(outcome)

    async def _candidate(self, context: Context, paper: str) -> Candidate | Reply:
        """The candidate meant.

        A paper nobody queued yet is queued first, as if it had been submitted.
        """
        if identify.identify(paper) is None:
            return await self._review.find(paper)
        receipt = await self._submissions.submit(context.member, paper)
        if receipt.candidate is None and receipt.standing is Standing.WITHDRAWN:
            return say(withdrawn(receipt))
        if receipt.candidate is None:
            section = receipt.entry.section if receipt.entry else ""
            return say(f"On the list already, under {section}.")
        return receipt.candidate

    async def _told(self, outcome: Outcome) -> Reply:
        candidate = outcome.candidate
        if outcome.missing:
            more = (
                "1 more approval" if outcome.missing == 1 else f"{outcome.missing} more approvals"
            )
            return say(f"Noted. #{candidate.id} needs {more}.")
        if not outcome.changed:
            return _too_late(candidate)
        return card_reply(await self._desk.card(candidate))


def _too_late(candidate: Candidate) -> Reply:
    if candidate.state is CandidateState.WITHDRAWN:
        return say(f"#{candidate.id} was withdrawn on arXiv: there is nothing to decide.")
    return say(f"#{candidate.id} was decided before: it is {DONE[candidate.state]}.")
