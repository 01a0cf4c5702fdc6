"""All that /review does, put together from the use cases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.commands.card_buttons import CardButtons
from bot.commands.history import HistoryCommands
from bot.commands.review import ReviewCommands
from bot.commands.review_queue import ChannelCommands, QueueCommands
from bot.commands.sitting import SittingCommands
from bot.commands.sweep import SweepCommands
from bot.commands.threshold import ThresholdCommands

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.services.desk import Desk
    from bot.services.history import HistoryService
    from bot.services.ledger import Ledger
    from bot.services.ports import Clock
    from bot.services.reading import Reading
    from bot.services.recall import RecallService
    from bot.services.review import Review
    from bot.services.review_channel import ReviewChannel
    from bot.services.sitting import SittingService
    from bot.services.submit import Submissions
    from bot.services.sweep import SweepService
    from bot.services.threshold import Threshold
    from bot.services.threshold_preview import ThresholdPreview


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewServices:
    """The use cases behind /review; `repost` posts a deleted card again, and says so."""

    review: Review
    desk: Desk
    reading: Reading
    submissions: Submissions
    channel: ReviewChannel
    ledger: Ledger
    sitting: SittingService
    history: HistoryService
    sweep: SweepService
    recall: RecallService
    threshold: Threshold
    preview: ThresholdPreview
    clock: Clock
    repost: Callable[[int], Awaitable[str]]


class ReviewGroup:
    """The commands of /review by what they are about, and the buttons of cards."""

    def __init__(self, of: ReviewServices) -> None:
        self.rules = rules = of.review.rules
        self.words = ReviewCommands(review=of.review, desk=of.desk, submissions=of.submissions)
        self.buttons = CardButtons(review=of.review, desk=of.desk, reading=of.reading)
        self.queue = QueueCommands(
            review=of.review,
            desk=of.desk,
            reading=of.reading,
            history=of.history,
            clock=of.clock,
            repost=of.repost,
        )
        self.channel = ChannelCommands(rules=rules, channel=of.channel)
        self.sitting = SittingCommands(rules=rules, sitting=of.sitting)
        self.sweep = SweepCommands(rules=rules, sweep=of.sweep)
        self.threshold = ThresholdCommands(
            rules=rules, threshold=of.threshold, preview=of.preview, clock=of.clock
        )
        self.history = HistoryCommands(
            review=of.review, history=of.history, recall=of.recall, ledger=of.ledger
        )
