"""/review: how maintainers decide in words, and change what was decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands.links import NONE, parse_links
from bot.commands.maintainers import require_maintainer
from bot.commands.reply import Reply, say
from bot.commands.submissions import standing_text
from bot.commands.told import private_card, remark
from bot.domain import identify
from bot.domain.errors import UserError
from bot.domain.sentences import passage, sentence
from bot.services.review import Order
from storage.models import Action

if TYPE_CHECKING:
    from bot.commands.registry import Context
    from bot.services.desk import Desk
    from bot.services.review import Review
    from bot.services.submit import Submissions
    from storage.models import Candidate

HOW_TO_EDIT = sentence(
    "Give a new title, new links, or both: "
    "/review edit 17 “New title” Code https://github.com/x/y. Links “none” takes them away."
)


class ReviewCommands:
    """Approve, reject, snooze, undo, move, edit, reconsider."""

    def __init__(self, *, review: Review, desk: Desk, submissions: Submissions) -> None:
        self._review = review
        self._desk = desk
        self._submissions = submissions

    async def approve(self, context: Context, paper: str, section: str = "") -> Reply:
        """Add a paper to the list."""
        return await self._decide(context, paper, Action.APPROVE, section=section)

    async def reject(self, context: Context, paper: str, reason: str = "") -> Reply:
        """Turn a paper down."""
        return await self._decide(context, paper, Action.REJECT, reason=reason)

    async def snooze(self, context: Context, paper: str) -> Reply:
        """Put a paper off for a week."""
        return await self._decide(context, paper, Action.SNOOZE)

    async def undo(self, context: Context, paper: str) -> Reply:
        """Take back what was done last."""
        self._require_maintainer(context)
        candidate = await self._review.find(paper)
        return await self._carry_out(candidate, Order(Action.UNDO, context.member, context.via))

    async def move(self, context: Context, paper: str, section: str) -> Reply:
        """Move an entry of the list into another section."""
        self._require_maintainer(context)
        candidate = await self._review.find_listed(paper)
        order = Order(Action.MOVE, context.member, context.via, section=section)
        return await self._carry_out(candidate, order)

    async def edit(self, context: Context, paper: str, title: str = "", links: str = "") -> Reply:
        """Give a paper and its entry another title, or other links."""
        self._require_maintainer(context)
        title, links = _as_meant(title, links)
        if not title.strip() and not links.strip():
            raise UserError(HOW_TO_EDIT)
        given = parse_links(links) if links.strip() else None
        candidate = await self._review.find_listed(paper)
        order = Order(Action.EDIT, context.member, context.via, title=title, links=given)
        return await self._carry_out(candidate, order)

    async def reconsider(self, context: Context, paper: str) -> Reply:
        """Lay a rejected paper before the maintainers again."""
        self._require_maintainer(context)
        candidate = await self._review.find(paper)
        order = Order(Action.RECONSIDER, context.member, context.via)
        return await self._carry_out(candidate, order)

    def _require_maintainer(self, context: Context) -> None:
        require_maintainer(self._review.rules, context)

    async def _decide(
        self, context: Context, paper: str, action: Action, *, section: str = "", reason: str = ""
    ) -> Reply:
        self._require_maintainer(context)
        candidate = await self._candidate(context, paper)
        if isinstance(candidate, Reply):
            return candidate
        order = Order(action, context.member, context.via, section, reason)
        return await self._carry_out(candidate, order)

    async def _candidate(self, context: Context, paper: str) -> Candidate | Reply:
        """The candidate meant.

        A paper nobody queued yet is queued first, as if it had been submitted.
        """
        known = await self._review.known(paper)
        if known is not None:
            return known
        if identify.identify(paper) is None:
            return await self._review.find(paper)
        receipt = await self._submissions.submit(context.member, paper, context.channel_id)
        return receipt.candidate or say(standing_text(receipt))

    async def _carry_out(self, candidate: Candidate, order: Order) -> Reply:
        outcome = await self._review.decide(candidate.id, order)
        card = await self._desk.card(outcome.candidate)
        said = remark(outcome, card)
        return private_card(card, said) if outcome.changed else say(said)


def _as_meant(title: str, links: str) -> tuple[str, str]:
    """At the console the first word is the title, whatever it is.

    Raises:
        UserError: the title's other words were taken for links, for want of quotes.
    """
    if "://" in title or title.strip().casefold() in NONE:
        return "", f"{title} {links}"
    if links.strip() and "://" not in links and links.strip().casefold() not in NONE:
        no_link = sentence("“{typed}” is no link.", typed=links.strip()[:60])
        raise UserError(passage(no_link, HOW_TO_EDIT))
    return title, links
