"""The commands of /review, their words and their parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands.registry import Command, Completion, Parameter, call

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.commands.reply import Reply
    from bot.commands.review_group import ReviewGroup

WHICH = Parameter("paper", "The number on the card, or the paper's id or link")
LISTED = Parameter(
    "paper", "The number on the card, or a paper's id or link", completion=Completion.PAPER
)
SECTION = Parameter(
    "section",
    "A section of the list: its title or number",
    required=False,
    rest=True,
    completion=Completion.SECTION,
)
TARGET = Parameter(
    "section",
    "The section to move it to: its title or number",
    rest=True,
    completion=Completion.SECTION,
)
REASON = Parameter("reason", "Why not, in a few words", required=False, rest=True)
TITLE = Parameter("title", "The new title, quoted at the console", required=False)
LINKS = Parameter(
    "links", "Like: Code https://github.com/x/y Data https://…; or none", required=False, rest=True
)
SCORE = Parameter("score", "Finds below this are rejected, like 0.55 or 55%")
THRESHOLD = Parameter("score", "The new one, like 0.55 or 55%", required=False)
SET_IT = Parameter("confirm", "yes sets it; else you see first what it changes", required=False)
CONFIRM = Parameter("confirm", "yes rejects at once; else you see first what goes", required=False)
LOGGED = Parameter("paper", "One paper only: its number, id or link", required=False)


def review_commands(review: ReviewGroup) -> tuple[Command, ...]:
    """In the order people read them: what a day needs first."""
    words, queue, history = review.words, review.queue, review.history
    return (
        review_command(
            "next", "Go through what waits, one paper after the other", review.sitting.next
        ),
        review_command("queue", "What waits for a decision", queue.queue),
        review_command("show", "A paper's card and what was done about it", queue.show, WHICH),
        review_command("approve", "Add a paper to the list", words.approve, WHICH, SECTION),
        review_command("reject", "Turn a paper down", words.reject, WHICH, REASON),
        review_command("snooze", "Put a paper off for a week", words.snooze, WHICH),
        review_command("undo", "Take back what was done last to a paper", words.undo, WHICH),
        review_command(
            "move", "Move a listed paper to another section", words.move, LISTED, TARGET
        ),
        review_command(
            "edit", "Correct a paper's title or links", words.edit, LISTED, TITLE, LINKS
        ),
        review_command("reconsider", "Open a rejected paper again", words.reconsider, WHICH),
        review_command(
            "sweep", "Reject all finds below a score at once", review.sweep.sweep, SCORE, CONFIRM
        ),
        review_command(
            "threshold",
            "What score a find needs, and what another one would show",
            review.threshold.threshold,
            THRESHOLD,
            SET_IT,
        ),
        review_command(
            "log", "Who decided what, when and why; also as a file", history.log, LOGGED
        ),
        review_command(
            "stats", "How good the finds are and how fast decisions come", history.stats
        ),
        review_command("ledger", "What the harvest brought, day by day", history.ledger),
        review_command("here", "Send cards to this channel", review.channel.here),
    )


def review_command(
    name: str, description: str, run: Callable[..., Awaitable[Reply]], *parameters: Parameter
) -> Command:
    """A command of /review; they exist in the home guild only."""
    return Command("review", name, description, call(run), parameters, home_only=True)
