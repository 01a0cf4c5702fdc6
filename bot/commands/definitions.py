"""Every command, its words and its parameters.

Slash commands, the console, help and the README come from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.commands.presses import presses
from bot.commands.registry import Command, Commands, Completion, MessageAction, Parameter, call
from bot.commands.reply import Choice, Reply, Span, text
from bot.commands.review_definitions import SECTION, review_commands
from bot.services.plain_text import plain

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from bot.commands.digest import DigestCommands
    from bot.commands.papers import PapersCommands
    from bot.commands.registry import Context
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

    papers: PapersCommands
    review: ReviewGroup
    digest: DigestCommands
    search: Search


def build(groups: Groups) -> Commands:
    """The commands bound to what carries them out."""
    commands = definitions(groups)

    async def run_help(_context: Context, _given: Mapping[str, str | int]) -> Reply:
        return help_reply(commands)

    commands = (
        Command("papers", "help", "What I can do", run_help, direct_messages=True),
        *commands,
    )
    return Commands(
        commands,
        GROUPS,
        presses(groups.papers, groups.review),
        _complete(groups.search),
        (MessageAction(SUBMIT, groups.papers.submit_message),),
    )


def definitions(groups: Groups) -> tuple[Command, ...]:
    """All commands but help, in the order people read them."""
    return (*_papers(groups.papers), *review_commands(groups.review), *_digest(groups.digest))


def help_reply(commands: tuple[Command, ...]) -> Reply:
    """One screen: each command and what it does."""
    return Reply(
        title="What I can do",
        lines=tuple(
            text(Span(command.usage, bold=True), f": {command.description}") for command in commands
        ),
    )


def markdown_table(commands: tuple[Command, ...]) -> str:
    """The README's table of commands."""
    rows = (f"| `{command.usage}` | {command.description} |" for command in commands)
    return "\n".join(("| command | what it does |", "|---|---|", *rows)) + "\n"


def _papers(papers: PapersCommands) -> tuple[Command, ...]:
    query = Parameter("query", "Words, “phrases”, author:name, year:2024, -excluded", rest=True)
    paper = Parameter("paper", "A title, an id or a link", rest=True, completion=Completion.PAPER)
    link = Parameter("paper", "A link, an arXiv id or a DOI", rest=True)
    return (
        _papers_command("search", "Find papers on the list", papers.search, query),
        _papers_command("show", "Show one paper: abstract, links, section", papers.show, paper),
        _papers_command("latest", "What came onto the list last", papers.latest, SECTION),
        _papers_command("submit", "Suggest a paper to the maintainers", papers.submit, link),
    )


def _papers_command(
    name: str, description: str, run: Callable[..., Awaitable[Reply]], *parameters: Parameter
) -> Command:
    return Command("papers", name, description, call(run), parameters, direct_messages=True)


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
