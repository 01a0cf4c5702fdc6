"""/papers: one paper, what came last, and suggestions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.commands.entry_lines import entry_lines, open_menu
from bot.commands.paging import PAGE, Pager, carried, pages_of
from bot.commands.reply import Reply
from bot.commands.show_reply import show_reply
from bot.commands.submissions import receipt_reply, receipts_reply
from bot.domain import identify
from bot.domain.errors import NotFound
from bot.domain.sentences import sentence
from bot.services.submit import AT_ONCE
from storage.models import Via

if TYPE_CHECKING:
    from bot.commands.registry import Context
    from bot.services.parcels import Parcels
    from bot.services.reading import Latest, Reading
    from bot.services.submit import Submissions

LATEST_PAGE = "latestpage"

AT_CONSOLE = 10
"""Entries shown at once where no button can lead to the next page."""


class PapersCommands:
    """Show, latest, submit."""

    def __init__(self, *, reading: Reading, submissions: Submissions, parcels: Parcels) -> None:
        self._reading = reading
        self._submissions = submissions
        self._parcels = parcels

    async def show(self, _context: Context, paper: str) -> Reply:
        """One paper: authors, abstract, links, where it stands."""
        return show_reply(await self._reading.show(paper))

    async def show_press(self, context: Context, argument: str, value: str) -> Reply:
        """The same from a menu whose choice names the paper, or from a button that does."""
        return await self.show(context, value or argument)

    async def latest(self, context: Context, section: str = "") -> Reply:
        """The entries that came last."""
        return await self._latest(section, 1, AT_CONSOLE if context.via is Via.CONSOLE else PAGE)

    async def latest_page(self, _context: Context, argument: str, _value: str) -> Reply:
        """Another page of them, in the place of the one before."""
        page, packed = carried(argument)
        section = await self._parcels.unpack(packed)
        return replace(await self._latest(section, page, PAGE), in_place=True)

    async def _latest(self, section: str, page: int, size: int) -> Reply:
        latest = await self._reading.latest(size, section, (page - 1) * size)
        last = pages_of(latest.total, size)
        if page > last:
            page, latest = last, await self._reading.latest(size, section, (last - 1) * size)
        if not latest.shown:
            raise NotFound(_nothing_in(latest.section))
        paged = size == PAGE
        packed = await self._parcels.pack(latest.section) if paged and last > 1 else ""
        pager = Pager(LATEST_PAGE, packed, page, latest.total, size, paged=paged)
        return _latest_reply(latest, pager)

    async def submit(self, context: Context, paper: str) -> Reply:
        """Suggest a paper, or a few, to the maintainers."""
        found = identify.identify_all(paper)
        if len(found) > 1:
            return await self.submit_message(context, paper)
        receipt = await self._submissions.submit(context.member, paper, context.channel_id)
        return receipt_reply(receipt)

    async def submit_press(self, context: Context, argument: str, _value: str) -> Reply:
        """Suggest the paper that a button names."""
        return await self.submit(context, argument)

    async def submit_message(self, context: Context, text: str) -> Reply:
        """Suggest the papers that a message names, a line for each."""
        receipts = await self._submissions.submit_all(context.member, context.channel_id, text)
        named = len(identify.identify_all(text))
        return receipts_reply(receipts, left_out=max(0, named - AT_ONCE))


def _nothing_in(section: str) -> str:
    if section:
        return sentence("Nothing stands under {section} yet.", section=section)
    return sentence("The list is empty: import one with `python -m bot import FILE`.")


def _latest_reply(latest: Latest, pager: Pager) -> Reply:
    title = (
        sentence("Latest in {section}", section=latest.section)
        if latest.section
        else sentence("Latest on the list")
    )
    return Reply(
        title=title,
        lines=entry_lines(latest.shown, pager.offset + 1, section=latest.section),
        footer=pager.footer,
        buttons=tuple(pager.buttons()),
        menu=open_menu(enumerate(latest.shown, pager.offset + 1)),
        shareable=True,
    )
