"""/review log, stats and ledger: what was decided, how well, and what the harvest brought."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands.acts import log_line
from bot.commands.ledger import DAYS, ledger_reply
from bot.commands.maintainers import require_maintainer
from bot.commands.moments import lasting
from bot.commands.reply import Attachment, Reply, say, text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import timedelta

    from bot.commands.registry import Context
    from bot.services.history import Figures, HistoryService, Precision
    from bot.services.ledger import Ledger
    from bot.services.review import Review

ACTS = 15

BLIND = (
    "What this cannot see: relevant papers that the harvest never proposed. "
    "Sweeps do not count for precision."
)


class HistoryCommands:
    """Log, stats, ledger."""

    def __init__(self, *, review: Review, history: HistoryService, ledger: Ledger) -> None:
        self._review = review
        self._history = history
        self._ledger = ledger

    async def log(self, context: Context, paper: str = "") -> Reply:
        """The last acts of the maintainers, and all of them as a file."""
        require_maintainer(self._review.rules, context)
        candidate = (await self._review.find(paper)).id if paper.strip() else None
        acts = await self._history.latest(ACTS, candidate)
        if not acts:
            return say("Nothing was decided yet.")
        name = f"review-log-{candidate}.csv" if candidate else "review-log.csv"
        return Reply(
            title=f"The log of #{candidate}" if candidate else "The log",
            lines=tuple(log_line(act) for act in acts),
            footer=f"Times are UTC. All acts: {name}",
            attachment=Attachment(name, await self._history.export(candidate)),
        )

    async def stats(self, context: Context) -> Reply:
        """How well the finds are, and how fast decisions come."""
        require_maintainer(self._review.rules, context)
        figures = await self._history.figures()
        return Reply(
            title="How the desk does",
            lines=tuple(text(line) for line in stats_lines(figures)),
            footer=BLIND,
        )

    async def ledger(self, context: Context) -> Reply:
        """What the harvest brought in the last days, and whether anything is missing."""
        require_maintainer(self._review.rules, context)
        return ledger_reply(await self._ledger.overview(DAYS))


def stats_lines(figures: Figures) -> Iterator[str]:
    """The figures as sentences."""
    yield f"Precision of finds, 4 weeks: {_precision(figures.month)}"
    yield f"Precision of finds, 12 weeks: {_precision(figures.quarter)}"
    yield f"From announcement to decision: {_median(figures.from_announcement)}"
    yield f"From card to decision: {_median(figures.from_card)}"
    oldest = f", the oldest for {lasting(figures.oldest)}" if figures.oldest is not None else ""
    yield f"Waiting now: {figures.waiting}{oldest}"
    yield f"Decided a week, the last first: {', '.join(map(str, figures.weekly))}"


def _precision(found: Precision) -> str:
    if not found.decided:
        return "nothing decided"
    share = round(100 * found.approved / found.decided)
    return f"{share} % ({found.approved} of {found.decided} approved)"


def _median(span: timedelta | None) -> str:
    return "no decisions in 12 weeks" if span is None else f"{lasting(span)} (median of 12 weeks)"
