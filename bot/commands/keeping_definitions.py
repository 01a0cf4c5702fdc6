"""What /papers can do with papers to keep: cite, export, save; their words and their buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from bot.commands import citing, reading_list, saved_page
from bot.commands.citing import CitingCommands
from bot.commands.reading_list import ReadingListCommands
from bot.commands.registry import Command, Completion, Parameter, call
from bot.services.citing import Citing
from bot.services.exporting import Exporting
from bot.services.reading_list import ReadingList

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.commands.registry import Context
    from bot.commands.reply import Reply
    from bot.services.ports import Clock
    from bot.services.reading import Reading
    from bot.services.search import Search
    from storage.database import Database

Press: TypeAlias = "Callable[[Context, str, str], Awaitable[Reply]]"

PAPER = Parameter("paper", "A title, an id or a link", rest=True, completion=Completion.PAPER)
STYLE = Parameter("style", "BibTeX unless you say", required=False, choices=citing.STYLES)
FORMAT = Parameter("format", "BibTeX unless you say", required=False, choices=citing.FORMATS)
QUERY = Parameter("query", "Only what a search finds", required=False, rest=True)
WITHIN = Parameter(
    "section",
    "One section only: its title or number",
    required=False,
    completion=Completion.SECTION,
)
SAVED = Parameter("saved", "The list or your reading list", required=False, choices=citing.SAVED)
SHOW = Parameter("show", "Unread unless you say", required=False, choices=reading_list.SHOWS)


class KeepingGroup:
    """Citations, exports and reading lists."""

    def __init__(
        self, *, database: Database, clock: Clock, search: Search, reading: Reading
    ) -> None:
        own = ReadingList(database=database, reading=reading, clock=clock)
        self.citing = CitingCommands(
            citing=Citing(database=database, reading=reading),
            exporting=Exporting(database=database, search=search, reading_list=own, clock=clock),
        )
        self.reading_list = ReadingListCommands(reading_list=own)


def keeping_commands(group: KeepingGroup) -> tuple[Command, ...]:
    """In the order people read them."""
    cite, own = group.citing, group.reading_list
    return (
        _command("cite", "Cite a paper", cite.cite, PAPER, STYLE),
        _command("export", "Papers as a file", cite.export, FORMAT, QUERY, WITHIN, SAVED),
        _command("save", "Save a paper to read", own.save, PAPER),
        _command("saved", "Your reading list", own.saved, SHOW),
        _command("unsave", "Forget a saved paper", own.unsave, PAPER),
    )


def keeping_presses(group: KeepingGroup) -> dict[str, Press]:
    """What the buttons do, by their actions."""
    cite, own = group.citing, group.reading_list
    return {
        citing.CITE: cite.bibtex_press,
        citing.CITE_CSL: cite.csl_press,
        citing.CITE_LIST: cite.list_press,
        reading_list.SAVE: own.save_press,
        reading_list.UNSAVE: own.unsave_press,
        reading_list.READ: own.read_press,
        reading_list.UNREAD: own.unread_press,
        saved_page.SAVED_PAGE: own.page_press,
        saved_page.SAVED_READ: own.read_here,
        saved_page.SAVED_UNREAD: own.unread_here,
        saved_page.SAVED_REMOVE: own.remove_here,
        reading_list.SAVED_BACK: own.back_here,
    }


def _command(
    name: str, description: str, run: Callable[..., Awaitable[Reply]], *parameters: Parameter
) -> Command:
    return Command("papers", name, description, call(run), parameters, direct_messages=True)
