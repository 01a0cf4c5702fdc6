"""/papers new: what came onto the list since a member looked last."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.commands.entry_lines import entry_lines, open_menu
from bot.commands.moments import day_text
from bot.commands.paging import MOST_PAGES, PAGE, Pager, carried, pages_of
from bot.commands.reply import Reply, say, text
from bot.domain.errors import NotFound
from bot.domain.sentences import counted, sentence
from storage.models import Via

if TYPE_CHECKING:
    from bot.commands.registry import Context
    from bot.services.news import NewEntries, News

NEW_PAGE = "newpage"

AT_CONSOLE = MOST_PAGES * PAGE
"""All there are: what is not shown now would never be new again, and no button leads to it."""

_LAST = "-"


class NewestCommands:
    """New, and the buttons of its pages.

    They carry the marker that stood before, and the last entry of their page: where some of the new
    entries have gone meanwhile, the next page is the one that goes on behind it.
    """

    def __init__(self, *, news: News) -> None:
        self._news = news

    async def new(self, context: Context) -> Reply:
        """What was added since the member looked last; the first time, the latest few."""
        size = AT_CONSOLE if context.via is Via.CONSOLE else PAGE
        found = await self._news.look(context.member.id, size)
        if found.first_look:
            return _first_look(found)
        if not found.total:
            return say(_nothing_since(found))
        return _page(found, 1, size)

    async def page(self, _context: Context, argument: str, _value: str) -> Reply:
        """Another page, in the place of the one before."""
        page, packed = carried(argument)
        first, _, shown = packed.partition(_LAST)
        marker = _entry(first)
        if shown:
            page = min(page, await self._news.seen(_entry(shown)) // PAGE + 1)
        found = await self._news.page(marker, PAGE, (page - 1) * PAGE)
        last = pages_of(found.total)
        if page > last:
            page, found = last, await self._news.page(marker, PAGE, (last - 1) * PAGE)
        if not found.total:
            return say(sentence("What was new was taken off the list again."))
        return replace(_page(found, page, PAGE), in_place=True)


def _page(found: NewEntries, page: int, size: int) -> Reply:
    last = found.shown[-1].entry
    packed = _LAST.join(str(one) for one in (found.marker, last.id if last else found.marker))
    pager = Pager(NEW_PAGE, packed, page, found.total, size, paged=size == PAGE)
    return Reply(
        title=_title(found),
        lines=entry_lines(found.shown, pager.offset + 1),
        footer=pager.footer,
        buttons=tuple(pager.buttons()),
        menu=open_menu(enumerate(found.shown, pager.offset + 1)),
        shareable=True,
    )


def _title(found: NewEntries) -> str:
    if found.since is None:
        return counted(found.total, "{n} new paper", "{n} new papers")
    return counted(
        found.total,
        "{n} new paper since {day}",
        "{n} new papers since {day}",
        day=day_text(found.since.date()),
    )


def _first_look(found: NewEntries) -> Reply:
    hint = sentence("From now on /papers new shows what came since you looked last.")
    if not found.shown:
        return Reply(lines=(text(sentence("The list is empty so far.")), text(hint)))
    lines = (*entry_lines(found.shown, 1), text(hint))
    return Reply(
        title=sentence("Latest on the list"),
        lines=lines,
        menu=open_menu(enumerate(found.shown, 1)),
        shareable=True,
    )


def _nothing_since(found: NewEntries) -> str:
    since = found.since
    return sentence(
        "Nothing new since you looked on {day}. /papers latest shows what came last.",
        day=day_text(since.date()) if since else "",
    )


def _entry(packed: str) -> int:
    if not (packed.isascii() and packed.isdecimal() and len(packed) < 19):
        raise NotFound(
            sentence("This button is from an older version of the bot: type the command again.")
        )
    return int(packed)
