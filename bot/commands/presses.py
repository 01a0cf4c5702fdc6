"""What each button and menu does, by the action it carries."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from bot.commands import sitting
from bot.domain.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.commands.papers import PapersCommands
    from bot.commands.registry import Context
    from bot.commands.reply import Reply
    from bot.commands.review_group import ReviewGroup

Press: TypeAlias = "Callable[[Context, str, str], Awaitable[Reply]]"


def presses(
    papers: PapersCommands, review: ReviewGroup
) -> Callable[[Context, str, str, str], Awaitable[Reply]]:
    """`press(context, action, argument, value)` for all buttons that ever stood on a message."""

    async def show(context: Context, _argument: str, value: str) -> Reply:
        return await papers.show(context, value)

    table = {**_of_cards(review), **_of_sittings(review), "show": show}

    async def press(context: Context, action: str, argument: str, value: str) -> Reply:
        if action not in table:
            raise NotFound(
                "This button is from an older version of the bot; type the command instead."
            )
        return await table[action](context, argument, value)

    return press


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
    }


def _of_sittings(review: ReviewGroup) -> dict[str, Press]:
    return {
        sitting.YES: review.sitting.yes,
        sitting.NO: review.sitting.no,
        sitting.LATER: review.sitting.later,
        sitting.BACK: review.sitting.back,
        sitting.ANEW: review.sitting.anew,
    }
