"""/papers save, saved and unsave: a member's own reading list."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.commands.entry_lines import title_of
from bot.commands.paging import Pager, carried, pages_of
from bot.commands.reply import Button, Choice, Line, Reply, text
from bot.commands.saved_page import (
    SAVED_PAGE,
    SAVED_READ,
    SAVED_REMOVE,
    SAVED_UNREAD,
    saved_reply,
)
from bot.domain.errors import UserError
from bot.domain.sentences import counted, sentence
from bot.services.reading_list import Which
from storage.models import Via

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.commands.registry import Context
    from bot.services.reading_list import Changed, ReadingList

SAVE, UNSAVE, READ, UNREAD, SAVED_BACK = "save", "unsave", "read", "unread", "savedback"

PAGE = 5
"""Papers of a page: a row of buttons has five."""

AT_CONSOLE = 20
"""Papers shown at once where no button can lead to the next page."""

TYPED = 60

SHOWS = (
    Choice("Unread", Which.UNREAD),
    Choice("Read", Which.READ),
    Choice("All", Which.ALL),
)


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
        if action != SAVED_BACK and not await self._list.holds(context.member.id, key):
            # Taken off meanwhile, on another device: the page shows what is.
            return await self._again(context, page, read_which(which))
        changed = await self._carry_out(context.member.id, key, action)
        if action == SAVED_REMOVE:
            title = _title(changed)
            before = (text(sentence("Taken off your reading list: {title}", title=title)),)
            if changed.shown.key:
                buttons = (Button(sentence("Put back"), SAVED_BACK, f"{page}.{which} {key}"),)
        shown = await self._again(context, page, read_which(which))
        return replace(shown, lines=(*before, *shown.lines), buttons=(*shown.buttons, *buttons))

    async def _carry_out(self, member_id: int, key: str, action: str) -> Changed:
        if action == SAVED_REMOVE:
            return await self._list.unsave(member_id, key)
        if action == SAVED_BACK:
            return await self._list.save(member_id, key)
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
        return sentence("Nothing left to read: /papers saved with show all")
    return counted(unread, "{n} paper to read: /papers saved", "{n} papers to read: /papers saved")
