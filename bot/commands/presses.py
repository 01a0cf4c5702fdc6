"""What each button and menu does, by the action it carries."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from bot.commands import sitting
from bot.commands.finding import SEARCH_PAGE, SIMILAR, SIMILAR_PAGE
from bot.commands.keeping_definitions import keeping_presses
from bot.commands.newest import NEW_PAGE
from bot.commands.papers import LATEST_PAGE
from bot.domain.errors import NotFound
from bot.domain.sentences import sentence

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.commands.papers_group import PapersGroup
    from bot.commands.registry import Context
    from bot.commands.reply import Reply
    from bot.commands.review_group import ReviewGroup

Press: TypeAlias = "Callable[[Context, str, str], Awaitable[Reply]]"


def presses(
    papers: PapersGroup, review: ReviewGroup
) -> Callable[[Context, str, str, str], Awaitable[Reply]]:
    """`press(context, action, argument, value)` for all buttons that ever stood on a message."""
    table = {**_of_cards(review), **_of_sittings(review), **_of_readers(papers)}

    async def press(context: Context, action: str, argument: str, value: str) -> Reply:
        if action not in table:
            raise NotFound(
                sentence("This button is from an older version of the bot: type the command again.")
            )
        return await table[action](context, argument, value)

    return press


def _of_readers(group: PapersGroup) -> dict[str, Press]:
    return {
        "show": group.papers.show_press,
        "submit": group.papers.submit_press,
        LATEST_PAGE: group.papers.latest_page,
        SEARCH_PAGE: group.finding.page,
        SIMILAR: group.finding.similar_press,
        SIMILAR_PAGE: group.finding.similar_page,
        NEW_PAGE: group.newest.page,
        **keeping_presses(group.keeping),
    }


def _of_cards(review: ReviewGroup) -> dict[str, Press]:
    buttons = review.buttons
    return {
        "approve": buttons.approve,
        "reject": buttons.reject,
        "later": buttons.later,
        "section": buttons.section,
        "undo": buttons.undo,
        "move": buttons.move,
        "why": buttons.why,
        "more": buttons.more,
        "repost": review.queue.repost,
        "sweep": review.sweep.confirmed,
        "threshold": review.threshold.confirmed,
    }


def _of_sittings(review: ReviewGroup) -> dict[str, Press]:
    return {
        sitting.YES: review.sitting.yes,
        sitting.NO: review.sitting.no,
        sitting.LATER: review.sitting.later,
        sitting.BACK: review.sitting.back,
        sitting.ANEW: review.sitting.anew,
    }
