"""/review log, stats and ledger: what was decided, how well, and what the harvest brought."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands.acts import log_line
from bot.commands.ledger import DAYS, ledger_reply
from bot.commands.maintainers import require_maintainer
from bot.commands.moments import lasting
from bot.commands.recall import BLIND, recall_lines
from bot.commands.reply import Attachment, Reply, say, text
from bot.commands.shares import approved_share
from bot.domain.sentences import clauses, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import timedelta

    from bot.commands.registry import Context
    from bot.domain.intervals import Share
    from bot.services.history import Figures, HistoryService
    from bot.services.ledger import Ledger
    from bot.services.recall import RecallService
    from bot.services.review import Review

ACTS = 15


class HistoryCommands:
    """Log, stats, ledger."""

    def __init__(
        self, *, review: Review, history: HistoryService, recall: RecallService, ledger: Ledger
    ) -> None:
        self._review = review
        self._history = history
        self._recall = recall
        self._ledger = ledger

    async def log(self, context: Context, paper: str = "") -> Reply:
        """The last acts of the maintainers, and all of them as a file."""
        require_maintainer(self._review.rules, context)
        candidate = (await self._review.find(paper)).id if paper.strip() else None
        acts = await self._history.latest(ACTS, candidate)
        if not acts:
            return say(sentence("Nothing was decided yet."))
        name = f"review-log-{candidate}.csv" if candidate else "review-log.csv"
        return Reply(
            title=_log_title(candidate),
            lines=tuple(log_line(act) for act in acts),
            footer=sentence("Times are UTC. All acts: {file}", file=name),
            attachment=Attachment(name, await self._history.export(candidate)),
        )

    async def stats(self, context: Context) -> Reply:
        """How good the finds are, what they miss, and how fast decisions come."""
        require_maintainer(self._review.rules, context)
        figures, recall = await self._history.figures(), await self._recall.estimate()
        return Reply(
            title=sentence("How the desk does"),
            lines=(*map(text, stats_lines(figures)), *map(text, recall_lines(recall))),
            footer=BLIND,
        )

    async def ledger(self, context: Context) -> Reply:
        """What the harvest brought in the last days, and whether anything is missing."""
        require_maintainer(self._review.rules, context)
        return ledger_reply(await self._ledger.overview(DAYS))


def _log_title(candidate: int | None) -> str:
    if candidate is None:
        return sentence("The log")
    return sentence("The log of #{number}", number=candidate)


def stats_lines(figures: Figures) -> Iterator[str]:
    """The figures as sentences."""
    yield sentence("Precision of finds, 4 weeks: {share}", share=_precision(figures.month))
    yield sentence("Precision of finds, 12 weeks: {share}", share=_precision(figures.quarter))
    announced, posted = _median(figures.from_announcement), _median(figures.from_card)
    yield sentence("From announcement to decision: {median}", median=announced)
    yield sentence("From card to decision: {median}", median=posted)
    yield sentence("Waiting now: {waiting}", waiting=_waiting(figures))
    weekly = ", ".join(map(str, figures.weekly))
    yield sentence("Decided a week, the last first: {weekly}", weekly=weekly)


def _waiting(figures: Figures) -> str:
    if figures.oldest is None:
        return str(figures.waiting)
    oldest = sentence("the oldest for {span}", span=lasting(figures.oldest))
    return clauses(str(figures.waiting), oldest)


def _precision(found: Share) -> str:
    return approved_share(found) if found.whole else sentence("nothing decided")


def _median(span: timedelta | None) -> str:
    if span is None:
        return sentence("no decisions in 12 weeks")
    return sentence("{span} (median of 12 weeks)", span=lasting(span))
