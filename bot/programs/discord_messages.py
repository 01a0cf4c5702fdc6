"""What `run` sends to Discord by itself: cards, notices, digests, outcomes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bot.chat.board import DiscordAnnouncer, DiscordBoard, DiscordNotices
from bot.chat.courier import DiscordCourier
from bot.services.cards import Cards
from bot.services.corrections import Corrections
from bot.services.delivery import Delivery
from bot.services.digest import DigestService, Editor
from bot.services.notices import NoticeService
from bot.services.outcomes import OutcomeService

if TYPE_CHECKING:
    from bot.assembly import Bot
    from bot.chat.client import PaperBot
    from bot.services.pauses import Pauses


class Messages(NamedTuple):
    """What sends messages to Discord, each once."""

    cards: Cards
    notices: NoticeService
    digests: DigestService
    outcomes: OutcomeService
    corrections: Corrections


def make_messages(bot: Bot, client: PaperBot, pauses: Pauses) -> Messages:
    """The services over a client that is connected, or will be."""
    core, settings = bot.core, bot.core.settings
    delivery = Delivery(database=core.database, clock=core.clock)
    cards = Cards(
        database=core.database,
        board=DiscordBoard(client),
        delivery=delivery,
        desk=bot.desk,
        review=bot.review,
        channel=bot.review_channel,
        clock=core.clock,
        pauses=pauses,
    )
    notices = NoticeService(
        database=core.database,
        board=DiscordNotices(client),
        delivery=delivery,
        channel=bot.review_channel,
        pauses=pauses,
    )
    editor = Editor(database=core.database, sets=settings.arxiv.sets)
    announcer = DiscordAnnouncer(client)
    digests = DigestService(
        database=core.database,
        announcer=announcer,
        delivery=delivery,
        editor=editor,
        clock=core.clock,
        settle=settings.review.settle,
        pauses=pauses,
    )
    corrections = Corrections(
        database=core.database,
        announcer=announcer,
        editor=editor,
        clock=core.clock,
        pauses=pauses,
    )
    outcomes = OutcomeService(
        database=core.database,
        courier=DiscordCourier(client),
        delivery=delivery,
        clock=core.clock,
        settle=settings.review.settle,
    )
    return Messages(cards, notices, digests, outcomes, corrections)
