"""The commands of /papers, their words and their parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands.registry import Command, Completion, Parameter, call
from bot.commands.reply import Choice
from bot.commands.search_words import SCOPES, SORTS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.commands.papers_group import PapersGroup
    from bot.commands.reply import Reply

QUERY = Parameter("query", "Words, “phrases”, author:name, year:2024, -excluded", rest=True)
PAPER = Parameter("paper", "A title, an id or a link", rest=True, completion=Completion.PAPER)
LINK = Parameter("paper", "A link, an arXiv id or a DOI", rest=True)
WITHIN = Parameter(
    "section",
    "One section only: its title or number",
    required=False,
    completion=Completion.SECTION,
)
SINCE = Parameter("since", "Published since then: 2024, 2024-05 or 2024-05-12", required=False)
UNTIL = Parameter("until", "Published until then: 2024, 2024-05 or 2024-05-12", required=False)
SORT = Parameter(
    "sort",
    "What comes first",
    required=False,
    choices=tuple(Choice(label, sort.value) for label, sort in SORTS.items()),
)
SCOPE = Parameter(
    "scope",
    "The list, or everything that was harvested",
    required=False,
    choices=tuple(Choice(label, scope) for label, scope in SCOPES.items()),
)
SECTION = Parameter(
    "section",
    "A section of the list: its title or number",
    required=False,
    rest=True,
    completion=Completion.SECTION,
)


def finding_commands(group: PapersGroup) -> tuple[Command, ...]:
    """What finds papers, in the order people read it."""
    papers, finding = group.papers, group.finding
    return (
        papers_command(
            "search", "Find papers", finding.search, QUERY, WITHIN, SINCE, UNTIL, SORT, SCOPE
        ),
        papers_command("show", "Abstract, venue, links", papers.show, PAPER),
        papers_command("similar", "Papers like one", finding.similar, PAPER, SCOPE),
        papers_command("latest", "What came onto the list last", papers.latest, SECTION),
        papers_command("new", "What came since you looked last", group.newest.new),
    )


def other_commands(group: PapersGroup) -> tuple[Command, ...]:
    """The list as a whole."""
    return (
        papers_command("stats", "The list by section and month", group.stats.stats),
        papers_command("submit", "Suggest a paper", group.papers.submit, LINK),
    )


def papers_command(
    name: str, description: str, run: Callable[..., Awaitable[Reply]], *parameters: Parameter
) -> Command:
    """A command of /papers; all of them work in direct messages too."""
    return Command("papers", name, description, call(run), parameters, direct_messages=True)
