"""Entries of the list, numbered, and the menu that opens one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands.columns import columns, shorten
from bot.commands.moments import day_text
from bot.commands.reply import Choice, Line, Menu, Span, text
from bot.domain import citations
from bot.domain.sentences import joined, sentence
from bot.services.plain_text import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.services.shown import Shown

TITLE = 120
NAMES = 36
SECTION = 36

MOST_VALUE = 100
"""Characters of a menu's value."""


def entry_lines(shown: Sequence[Shown], first: int, *, section: str = "") -> tuple[Line, ...]:
    """Two lines an entry, numbered from `first`; `section` need not be said of each."""
    numbered = enumerate(shown, first)
    return tuple(line for number, one in numbered for line in _lines(number, one, section))


def open_menu(shown: Iterable[tuple[int, Shown]]) -> Menu | None:
    """A menu that opens one of them, by the numbers they have."""
    choices = tuple(
        Choice(joined(". ", (str(number), title_of(one))), one.key)
        for number, one in shown
        if one.key and len(one.key) <= MOST_VALUE
    )
    return Menu(sentence("Open a paper"), "show", "", choices) if choices else None


def title_of(shown: Shown) -> str:
    """The title as it is shown in a row of others."""
    return shorten(plain(shown.title), TITLE) or sentence("(untitled)")


def authors_of(shown: Shown) -> str:
    """As many family names, up to three, as there is room for in a row of a phone."""
    for most in (3, 2, 1):
        names = plain(citations.short_authors(shown.authors, most))
        if columns(names) <= NAMES:
            return names
    return shorten(names, NAMES)


def _lines(number: int, shown: Shown, section: str) -> Iterator[Line]:
    yield text(f"{number}. ", Span(title_of(shown), shown.url))
    if facts := joined(" · ", _facts(shown, section)):
        yield text(facts)


def _facts(shown: Shown, section: str) -> Iterator[str]:
    if authors := authors_of(shown):
        yield authors
    if shown.section != section:
        yield shorten(shown.section, SECTION)
    if shown.added_at:
        yield sentence("added {day}", day=day_text(shown.added_at.date()))
