"""/papers save, saved and unsave: a member's own reading list."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.commands.columns import shorten
from bot.commands.entry_lines import open_menu, title_of
from bot.commands.moments import short_day
from bot.commands.paging import Pager, carried, pages_of
from bot.commands.reply import Button, Choice, Line, Reply, Span, text
from bot.domain import citations
from bot.domain.errors import NotFound, UserError
from bot.domain.sentences import counted, joined, sentence
from bot.services.plain_text import plain
from bot.services.reading_list import Which
from storage.models import Via

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.commands.registry import Context
    from bot.services.reading_list import Changed, Kept, Page, ReadingList
    from storage.saved import Counts

SAVE, UNSAVE, READ, UNREAD = "save", "unsave", "read", "unread"
SAVED_PAGE, SAVED_READ, SAVED_UNREAD = "savedpage", "savedread", "savedunread"
SAVED_REMOVE, SAVED_BACK = "savedremove", "savedback"

PAGE = 5
"""Papers of a page: a row of buttons has five."""

AT_CONSOLE = 20
"""Papers shown at once where no button can lead to the next page."""

NAMES = 36
SECTION = 36
TYPED = 60

SHOWS = (
    Choice("Unread", Which.UNREAD),
    Choice("Read", Which.READ),
    Choice("All", Which.ALL),
)
LABELS = {
    Which.UNREAD: sentence("Unread"),
    Which.READ: sentence("Read"),
    Which.ALL: sentence("All"),
}


class ReadingListCommands:
    """Save, saved, unsave; everything they say is for the member alone."""

    def __init__(self, *, reading_list: ReadingList) -> None:
        self._list = reading_list

    async def save(self, context: Context, paper: str) -> Reply:
        """Save a paper to read."""
        changed = await self._list.save(context.member.id, paper)
        if changed.changed:
            said = sentence("Saved to your reading list: {title}", title=title_of(changed.shown))
        else:
            said = sentence("Already on your reading list: {title}", title=title_of(changed.shown))
        return _told(said, changed, Button(sentence("Remove"), UNSAVE, changed.shown.key))

    async def unsave(self, context: Context, paper: str) -> Reply:
        """Take a paper off again."""
        changed = await self._list.unsave(context.member.id, paper)
        said = sentence("Taken off your reading list: {title}", title=_title(changed))
        return _told(said, changed, *_save_again(changed))

    async def saved(self, context: Context, show: str = Which.UNREAD) -> Reply:
        """What was saved, a page at a time."""
        size = AT_CONSOLE if context.via is Via.CONSOLE else PAGE
        return await self._page(context.member.id, read_which(show), 1, size)

    async def save_press(self, context: Context, argument: str, _value: str) -> Reply:
        """A Save button, whoever's answer it stands under."""
        return await self.save(context, argument)

    async def unsave_press(self, context: Context, argument: str, _value: str) -> Reply:
        """A Remove button."""
        return await self.unsave(context, argument)

    async def read_press(self, context: Context, argument: str, _value: str) -> Reply:
        """A button that says a paper was read."""
        return await self._marked(context, argument, read=True)

    async def unread_press(self, context: Context, argument: str, _value: str) -> Reply:
        """A button that says a paper is to be read again."""
        return await self._marked(context, argument, read=False)

    async def _marked(self, context: Context, paper: str, *, read: bool) -> Reply:
        changed = await self._list.mark(context.member.id, paper, read=read)
        title = _title(changed)
        if read:
            said = sentence("Read: {title}", title=title)
            other = Button(sentence("Mark unread"), UNREAD, changed.shown.key)
        else:
            said = sentence("Unread again: {title}", title=title)
            other = Button(sentence("Mark read"), READ, changed.shown.key)
        return _told(said, changed, other)

    async def page_press(self, context: Context, argument: str, _value: str) -> Reply:
        """Another page, or another part of the list, in the place of the one before."""
        page, which = carried(argument)
        return await self._again(context, page, read_which(which))

    async def read_here(self, context: Context, argument: str, _value: str) -> Reply:
        """Mark read, and show the page as it is then."""
        return await self._changed_here(context, argument, SAVED_READ)

    async def unread_here(self, context: Context, argument: str, _value: str) -> Reply:
        """Mark unread, and show the page as it is then."""
        return await self._changed_here(context, argument, SAVED_UNREAD)

    async def remove_here(self, context: Context, argument: str, _value: str) -> Reply:
        """Take off, and show the page as it is then with a way back."""
        return await self._changed_here(context, argument, SAVED_REMOVE)

    async def back_here(self, context: Context, argument: str, _value: str) -> Reply:
        """Save what was taken off, and show the page as it is then."""
        return await self._changed_here(context, argument, SAVED_BACK)

    async def _changed_here(self, context: Context, argument: str, action: str) -> Reply:
        page, packed = carried(argument)
        which, _, key = packed.partition(" ")
        before: tuple[Line, ...] = ()
        buttons: tuple[Button, ...] = ()
        try:
            changed = await self._carry_out(context.member.id, key, action)
        except NotFound:
            # Taken off meanwhile, on another device: the page shows what is.
            return await self._again(context, page, read_which(which))
        if action == SAVED_REMOVE:
            title = _title(changed)
            before = (text(sentence("Taken off your reading list: {title}", title=title)),)
            if changed.shown.key:
                buttons = (Button(sentence("Put back"), SAVED_BACK, f"{page}.{which} {key}"),)
        shown = await self._again(context, page, read_which(which))
        return replace(shown, lines=(*before, *shown.lines), buttons=(*shown.buttons, *buttons))

    async def _carry_out(self, member_id: int, key: str, action: str) -> Changed:
        match action:
            case "savedremove":
                return await self._list.unsave(member_id, key)
            case "savedback":
                return await self._list.save(member_id, key)
            case _:
                return await self._list.mark(member_id, key, read=action == SAVED_READ)

    async def _again(self, context: Context, page: int, which: Which) -> Reply:
        return replace(await self._page(context.member.id, which, page, PAGE), in_place=True)

    async def _page(self, member_id: int, which: Which, page: int, size: int) -> Reply:
        found = await self._list.page(member_id, which, size, (page - 1) * size)
        last = pages_of(found.total, size)
        if page > last:
            # What stood on the last page was taken off or read.
            return await self._page(member_id, which, last, size)
        return saved_reply(found, Pager(SAVED_PAGE, which, page, found.total, size))


def read_which(typed: str) -> Which:
    """What somebody wants to be shown. Raises UserError naming what there is."""
    name = typed.strip().casefold()
    if name not in set(Which):
        raise UserError(
            sentence(
                "“{typed}” cannot be shown: take `unread`, `read` or `all`.", typed=typed[:TYPED]
            )
        )
    return Which(name)


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
        menu=open_menu([kept.shown for kept in page.kept], pager.offset + 1),
    )


def _title_of(counts: Counts) -> str:
    return sentence(
        "Your reading list: {unread} unread, {read} read", unread=counts.unread, read=counts.read
    )


def _empty(page: Page) -> str:
    if not sum(page.counts):
        return sentence("It is empty. /papers save PAPER or a Save button puts a paper on it.")
    if page.which is Which.UNREAD:
        return sentence("Nothing is unread. /papers saved all shows what you have read.")
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
    paper = kept.shown.paper
    if paper and (authors := plain(citations.short_authors(paper.authors))):
        yield shorten(authors, NAMES)
    if paper and (year := citations.publication_year(paper)):
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


def _title(changed: Changed) -> str:
    if changed.shown.paper is None and changed.shown.entry is None:
        return sentence("an entry that is gone")
    return title_of(changed.shown)


def _save_again(changed: Changed) -> Iterator[Button]:
    if changed.shown.key:
        yield Button(sentence("Put back"), SAVE, changed.shown.key)


def _told(said: str, changed: Changed, *buttons: Button) -> Reply:
    """One sentence, how many are unread, and what can be done now."""
    return Reply(
        lines=(text(said), text(_left(changed.counts.unread))),
        buttons=(*buttons, Button(sentence("My list"), SAVED_PAGE, f"1.{Which.UNREAD}")),
    )


def _left(unread: int) -> str:
    if not unread:
        return sentence("Nothing left to read: /papers saved all")
    return counted(unread, "{n} paper to read: /papers saved", "{n} papers to read: /papers saved")
