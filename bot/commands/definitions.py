"""Every command, its words and its parameters.

Slash commands, the console, help and the README come from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.commands import helping
from bot.commands.keeping_definitions import keeping_commands
from bot.commands.maintainers import require_maintainer
from bot.commands.paper_definitions import finding_commands, other_commands, papers_command
from bot.commands.presses import presses
from bot.commands.registry import Command, Commands, Completion, MessageAction, Parameter, call
from bot.commands.reply import Choice
from bot.commands.review_definitions import review_command, review_commands
from bot.services.plain_text import plain

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.commands.digest import DigestCommands
    from bot.commands.papers_group import PapersGroup
    from bot.commands.registry import Context
    from bot.commands.reply import Reply
    from bot.commands.review_group import ReviewGroup
    from bot.services.search import Search

GROUPS = {
    "papers": "Search the list, read it, add to it",
    "review": "For maintainers: decide what comes onto the list",
    "digest": "For maintainers: which channels hear of new papers daily",
}

SUBMIT = "Submit papers in this message"
"""Stands in the menu of every message; Discord takes 32 characters."""

CHOICES = 25


@dataclass(frozen=True, slots=True)
class Groups:
    """The command groups of a running bot."""

    papers: PapersGroup
    review: ReviewGroup
    digest: DigestCommands
    search: Search


def build(groups: Groups) -> Commands:
    """The commands bound to what carries them out."""
    commands = definitions(groups)
    return Commands(
        commands,
        GROUPS,
        presses(groups.papers, groups.review),
        _complete(groups.search),
        (MessageAction(SUBMIT, groups.papers.papers.submit_message),),
    )


def definitions(groups: Groups) -> tuple[Command, ...]:
    """All commands, in the order people read them."""
    readers = (
        *finding_commands(groups.papers),
        *keeping_commands(groups.papers.keeping),
        *other_commands(groups.papers),
    )
    maintainers = (*review_commands(groups.review), *_digest(groups.digest))
    readers_help, maintainers_help = _helps(groups.review, readers, maintainers)
    return (readers_help, *readers, maintainers_help, *maintainers)


def _helps(
    review: ReviewGroup, readers: tuple[Command, ...], maintainers: tuple[Command, ...]
) -> tuple[Command, Command]:
    """`/papers help`, which does not name itself, and `/review help`."""

    async def for_readers(_context: Context) -> Reply:
        return helping.for_readers(readers)

    async def for_maintainers(context: Context) -> Reply:
        require_maintainer(review.rules, context)
        return helping.for_maintainers(maintainers)

    return (
        papers_command("help", "What I can do", for_readers),
        review_command("help", "What maintainers can do", for_maintainers),
    )


def markdown_table(commands: tuple[Command, ...]) -> str:
    """The README's table of commands."""
    rows = (f"| `{command.usage}` | {command.description} |" for command in commands)
    return "\n".join(("| command | what it does |", "|---|---|", *rows)) + "\n"


def _digest(digest: DigestCommands) -> tuple[Command, ...]:
    time = Parameter("time", "Local time, like 09:00", required=False)
    zone = Parameter("zone", "Time zone, like Europe/Berlin", required=False)
    return (
        Command(
            "digest",
            "here",
            "Send the daily digest to this channel",
            call(digest.here),
            (time, zone),
        ),
        Command("digest", "stop", "Send no more digests to this channel", call(digest.stop)),
    )


def _complete(search: Search) -> Callable[[Completion, str], Awaitable[tuple[Choice, ...]]]:
    async def complete(completion: Completion, typed: str) -> tuple[Choice, ...]:
        if completion is Completion.PAPER:
            found = await search.suggest(typed, limit=CHOICES)
            return tuple(Choice(plain(label), value) for label, value in found)
        if completion is Completion.SECTION:
            titles = await search.sections()
            wanted = typed.strip().casefold()
            return tuple(Choice(title, title) for title in titles if wanted in title.casefold())[
                :CHOICES
            ]
        return ()

    return complete
