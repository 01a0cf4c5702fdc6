"""What verdicts do to the list: file, entries and the way back, within a transaction."""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from typing import TYPE_CHECKING

from bot.domain import markdown_list
from bot.domain.errors import NotFound, UserError
from bot.domain.sentences import sentence
from storage.catalogue import Catalogue
from storage.digests import Digests
from storage.models import Reversal
from storage.reversals import Reversals

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from storage.models import Entry, Link, ListDocument, ListedEntry, Paper


class ListWriter:
    """Writes the list over one connection. `note` keeps the way back under its verdict's id."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._catalogue = Catalogue(connection)
        self._before = b""

    async def enter(self, paper: Paper, section: str, by: str, now: datetime) -> Entry | None:
        """Write a paper's entry at the end of a section; None where it is listed already.

        Raises UserError where the paper has no title or the file leaves no place.
        """
        if await self._catalogue.entry_of(paper.id) is not None:
            return None
        if not paper.title:
            raise UserError(
                sentence(
                    "{paper} has no title yet: give it one first with /review edit PAPER TITLE.",
                    paper=paper.id,
                )
            )
        content = (await self._open()).content
        made = await asyncio.to_thread(markdown_list.insert, content, section, paper)
        at = await Digests(self._connection).not_covered(now)
        return await self._catalogue.insert(
            made.content, made.entry, made.ordinal, paper.id, at, by
        )

    async def move(self, entry: Entry, section: str) -> None:
        """Move an entry to the end of another section. Raises UserError."""
        content = (await self._open()).content
        made = await asyncio.to_thread(markdown_list.move, content, entry.ordinal, section)
        await self._catalogue.rewrite(made.content, entry.id, made.entry, made.ordinal)

    async def edit(self, entry: Entry, title: str, links: tuple[Link, ...] | None) -> bool:
        """Give an entry another title or other links; empty and None stay. Raises UserError.

        Whether that changed the file.
        """
        content = (await self._open()).content
        made = await asyncio.to_thread(markdown_list.edit, content, entry.ordinal, title, links)
        await self._catalogue.rewrite(made.content, entry.id, made.entry, entry.ordinal)
        return made.content != content

    async def take_off(self, verdict_id: int, entry: Entry) -> None:
        """Take off the entry that a verdict wrote. Raises UserError."""
        content = (await self._open()).content
        before = await self._reversed(verdict_id)
        without = before
        if without is None:
            without = await asyncio.to_thread(markdown_list.remove, content, entry.ordinal)
        await self._catalogue.remove(without, entry.id)
        if before is not None:
            await self._as_before()

    async def restore(
        self, verdict_id: int, entry: Entry, otherwise: Callable[[], Awaitable[None]]
    ) -> None:
        """Undo what a verdict did to an entry: byte for byte, else by doing the opposite."""
        before = await self._reversed(verdict_id)
        now = (await self._open()).content
        found = await asyncio.to_thread(_only_in, before, now) if before is not None else None
        if before is None or found is None:
            await otherwise()
        else:
            await self._catalogue.rewrite(before, entry.id, *found)
            await self._as_before()

    async def note(self, verdict_id: int) -> None:
        """Keep how the file goes back to what it was when it was opened."""
        document = await self._catalogue.document()
        if document is not None and document.content != self._before:
            reversal = difference(verdict_id, document, self._before)
            await Reversals(self._connection).add(reversal)

    async def _open(self) -> ListDocument:
        document = await self._catalogue.document()
        if document is None:
            raise NotFound(
                sentence("There is no list yet: import one with `python -m bot import FILE`.")
            )
        self._before = document.content
        return document

    async def _as_before(self) -> None:
        """The file is again what it was two revisions ago: what led back from there does again."""
        revision = await self._catalogue.revision()
        await Reversals(self._connection).renumber(revision - 2, revision)

    async def _reversed(self, verdict_id: int) -> bytes | None:
        """The file as before a verdict, if nothing else has changed it since."""
        reversal = await Reversals(self._connection).of(verdict_id)
        document = await self._catalogue.document()
        if reversal is None or document is None or document.revision != reversal.revision:
            return None
        end = reversal.start + reversal.length
        return document.content[: reversal.start] + reversal.old + document.content[end:]


def difference(verdict_id: int, document: ListDocument, before: bytes) -> Reversal:
    """How a verdict's file goes back to what it was before, by the piece in which they differ."""
    after = document.content
    most = min(len(before), len(after))
    start = _longest(most, lambda size: before[:size] == after[:size])
    tail = _longest(
        most - start, lambda size: before[len(before) - size :] == after[len(after) - size :]
    )
    old = before[start : len(before) - tail]
    return Reversal(verdict_id, document.revision, start, len(after) - tail - start, old)


def _longest(most: int, holds: Callable[[int], bool]) -> int:
    """The greatest size up to `most` for which it holds, as it does for all that are smaller.

    Whole slices are compared, since byte by byte a list of a thousand entries stops the event loop.
    """
    return bisect_left(range(1, most + 1), 1, key=lambda size: not holds(size))


def _only_in(content: bytes, other: bytes) -> tuple[ListedEntry, int] | None:
    """The one entry that reads so in a file and not in another, and its place."""
    there = {found.entry for found in markdown_list.parse(other).entries}
    entries = enumerate(markdown_list.parse(content).entries)
    found = [(one.entry, ordinal) for ordinal, one in entries if one.entry not in there]
    return found[0] if len(found) == 1 else None
