"""A page of a reading list: what can be opened, marked and taken off."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.commands.columns import shorten
from bot.commands.entry_lines import authors_of, open_menu, title_of
from bot.commands.moments import short_day
from bot.commands.reply import Button, Line, Reply, Span, text
from bot.domain.sentences import joined, sentence
from bot.services.reading_list import Which

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.commands.paging import Pager
    from bot.services.reading_list import Kept, Page
    from storage.saved import Counts

SAVED_PAGE, SAVED_READ, SAVED_UNREAD = "savedpage", "savedread", "savedunread"
SAVED_REMOVE = "savedremove"

SECTION = 36

LABELS = {
    Which.UNREAD: sentence("Unread"),
    Which.READ: sentence("Read"),
    Which.ALL: sentence("All"),
}


def saved_reply(page: Page, pager: Pager) -> Reply:
    """A page of a reading list: what can be opened, marked and taken off."""
    numbered = tuple(enumerate(page.kept, pager.offset + 1))
    lines = [line for number, kept in numbered for line in _lines(number, kept)]
    return Reply(
        title=_title_of(page.counts),
        lines=tuple(lines) or (text(_empty(page)),),
        footer=pager.footer,
        buttons=(
            *_item_buttons(numbered, pager),
            *_row(tuple(pager.buttons()) + tuple(_switches(page))),
        ),
        menu=open_menu(enumerate([kept.shown for kept in page.kept], pager.offset + 1)),
    )


def _title_of(counts: Counts) -> str:
    return sentence(
        "Your reading list: {unread} unread, {read} read", unread=counts.unread, read=counts.read
    )


def _empty(page: Page) -> str:
    if not sum(page.counts):
        return sentence("It is empty. /papers save PAPER or a Save button puts a paper on it.")
    if page.which is Which.UNREAD:
        return sentence("Nothing is unread. /papers saved with show all names what you have read.")
    return sentence("You have marked nothing as read yet.")


def _lines(number: int, kept: Kept) -> Iterator[Line]:
    if kept.gone:
        yield text(
            f"{number}. ",
            sentence("{key}: not on the list any more", key=kept.saved.key),
        )
        return
    yield text(f"{number}. ", Span(title_of(kept.shown), kept.shown.url))
    if facts := joined(" · ", _facts(kept)):
        yield text(facts)


def _facts(kept: Kept) -> Iterator[str]:
    if kept.saved.read_at is not None:
        yield sentence("read {day}", day=short_day(kept.saved.read_at.date()))
    if authors := authors_of(kept.shown):
        yield authors
    if year := kept.shown.year:
        yield str(year)
    if kept.shown.section:
        yield shorten(kept.shown.section, SECTION)


def _item_buttons(numbered: tuple[tuple[int, Kept], ...], pager: Pager) -> Iterator[Button]:
    """A row that marks, a row that takes off."""
    yield from _row(tuple(_mark(number, kept, pager) for number, kept in numbered if not kept.gone))
    yield from _row(
        tuple(
            Button(sentence("Remove {n}", n=number), SAVED_REMOVE, _here(kept, pager))
            for number, kept in numbered
        )
    )


def _mark(number: int, kept: Kept, pager: Pager) -> Button:
    if kept.saved.read_at is None:
        return Button(sentence("✓ Read {n}", n=number), SAVED_READ, _here(kept, pager))
    return Button(sentence("Unread {n}", n=number), SAVED_UNREAD, _here(kept, pager))


def _here(kept: Kept, pager: Pager) -> str:
    return f"{pager.page}.{pager.packed} {kept.saved.key}"


def _switches(page: Page) -> Iterator[Button]:
    """To the other parts of the list, where there is anything else in them."""
    sizes = {
        Which.UNREAD: page.counts.unread,
        Which.READ: page.counts.read,
        Which.ALL: sum(page.counts),
    }
    for which, size in sizes.items():
        if which is not page.which and size and size != page.total:
            yield Button(LABELS[which], SAVED_PAGE, f"1.{which}")


def _row(buttons: tuple[Button, ...]) -> tuple[Button, ...]:
    return (replace(buttons[0], row=True), *buttons[1:]) if buttons else ()
