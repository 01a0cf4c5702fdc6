"""What a notice in the review channel says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands.reply import Reply, Span, text
from bot.domain import identify
from bot.services.harvesting import QUIET
from bot.services.not_done import KIND as NOT_DONE
from bot.services.reminder import KIND as OLD_CARDS
from bot.services.threshold import KIND as THRESHOLD
from bot.services.withdrawals import KIND as WITHDRAWN
from storage.models import PaperId

if TYPE_CHECKING:
    from storage.models import Notice

HEADINGS = {
    WITHDRAWN: "Withdrawn on arXiv, and on the list",
    QUIET: "Nothing new from arXiv?",
    OLD_CARDS: "Cards wait",
    NOT_DONE: "Not done",
    THRESHOLD: "Another threshold",
}


def notice_reply(notice: Notice) -> Reply:
    """A heading and the lines of the text; a paper's title, its first line, leads to the paper."""
    first, *rest = notice.text.split("\n")
    url = identify.abs_url(PaperId(notice.subject)) if notice.kind == WITHDRAWN else ""
    return Reply(
        title=HEADINGS.get(notice.kind, "Notice"),
        lines=(text(Span(first, url)), *map(text, rest)),
    )
