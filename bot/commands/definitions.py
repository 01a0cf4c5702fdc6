"""Every command, its words and its parameters.

Slash commands, the console, help and the README come from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.commands.registry import Command, Commands, Completion, Parameter
from bot.commands.reply import Choice, Reply, Span, text
from bot.domain.errors import NotFound
from bot.services.plain_text import plain

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from bot.commands.digest import DigestCommands
    from bot.commands.papers import PapersCommands
    from bot.commands.registry import Context
    from bot.commands.review import ReviewCommands
    from bot.services.search import Search

GROUPS = {
    "papers": "Search the list, read it, add to it",
    "review": "For maintainers: decide what comes onto the list",
    "digest": "For maintainers: which channels hear of new papers daily",
}

CHOICES = 25


@dataclass(frozen=True, slots=True)
class Groups:
    """The command groups of a running bot."""

    papers: PapersCommands
    review: ReviewCommands
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
    return Commands(commands, GROUPS, _press(groups), _complete(groups.search))


def definitions(groups: Groups) -> tuple[Command, ...]:
    """All commands but help, in the order people read them."""
    return (*_papers(groups.papers), *_review(groups.review), *_digest(groups.digest))


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
        _papers_command("latest", "What came onto the list last", papers.latest, _section()),
        _papers_command("submit", "Suggest a paper to the maintainers", papers.submit, link),
    )


def _papers_command(
    name: str, description: str, run: Callable[..., Awaitable[Reply]], *parameters: Parameter
) -> Command:
    return Command("papers", name, description, _call(run), parameters, direct_messages=True)


def _review(review: ReviewCommands) -> tuple[Command, ...]:
    which = Parameter("paper", "The number on the card, or the paper's id or link")
    reason = Parameter("reason", "Why not, in a few words", required=False, rest=True)
    return (
        Command("review", "here", "Send cards to this channel", _call(review.here), home_only=True),
        Command(
            "review", "queue", "What waits for a decision", _call(review.queue), home_only=True
        ),
        Command(
            "review",
            "ledger",
            "What the harvest brought, day by day",
            _call(review.ledger),
            home_only=True,
        ),
        Command(
            "review",
            "approve",
            "Add a paper to the list",
            _call(review.approve),
            (which, _section()),
            home_only=True,
        ),
        Command(
            "review",
            "reject",
            "Turn a paper down",
            _call(review.reject),
            (which, reason),
            home_only=True,
        ),
    )


def _digest(digest: DigestCommands) -> tuple[Command, ...]:
    time = Parameter("time", "Local time, like 09:00", required=False)
    zone = Parameter("zone", "Time zone, like Europe/Berlin", required=False)
    return (
        Command(
            "digest",
            "here",
            "Send the daily digest to this channel",
            _call(digest.here),
            (time, zone),
        ),
        Command("digest", "stop", "Send no more digests to this channel", _call(digest.stop)),
    )


def _section() -> Parameter:
    return Parameter(
        "section",
        "A section of the list: its title or number",
        required=False,
        rest=True,
        completion=Completion.SECTION,
    )


def _call(
    run: Callable[..., Awaitable[Reply]],
) -> Callable[[Context, Mapping[str, str | int]], Awaitable[Reply]]:
    async def call(context: Context, given: Mapping[str, Any]) -> Reply:
        return await run(context, **given)

    return call


def _press(groups: Groups) -> Callable[[Context, str, str, str], Awaitable[Reply]]:
    async def press(context: Context, action: str, argument: str, value: str) -> Reply:
        match action:
            case "more":
                return await groups.review.more(context, argument)
            case "section":
                return await groups.review.other_section(context, argument)
            case "approve":
                return await groups.review.approve(context, argument, value)
            case "show":
                return await groups.papers.show(context, value)
        raise NotFound("This button is from an older version of the bot; type the command instead.")

    return press


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
