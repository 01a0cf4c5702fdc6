"""A member's own reading list: what to read, and what was read. Nobody else sees it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.domain import identify
from bot.domain.errors import NotFound, UserError
from bot.domain.sentences import sentence
from bot.services.plain_text import plain
from bot.services.shown import Shown
from storage.models import PaperId
from storage.papers import Papers
from storage.places import Places
from storage.saved import ReadingLists

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.services.ports import Clock
    from bot.services.reading import Reading
    from storage.database import Database
    from storage.models import Saved
    from storage.saved import Counts

MOST = 1_000
"""Papers one member may save."""

QUOTED = 100
"""Characters of what was typed that an error repeats."""


class Which(StrEnum):
    """What of a reading list is shown."""

    UNREAD = "unread"
    READ = "read"
    ALL = "all"


_READ = {Which.UNREAD: False, Which.READ: True, Which.ALL: None}


@dataclass(frozen=True, slots=True)
class Kept:
    """A paper on somebody's reading list; `shown` has neither paper nor entry where it is gone."""

    saved: Saved
    shown: Shown

    @property
    def gone(self) -> bool:
        """Whether it was an entry that is not on the list any more."""
        return self.shown.paper is None and self.shown.entry is None


@dataclass(frozen=True, slots=True)
class Page:
    """Some papers of a reading list, and how many there are in all."""

    which: Which
    kept: tuple[Kept, ...]
    counts: Counts

    @property
    def total(self) -> int:
        """How many there are of the kind that is shown."""
        unread, read = self.counts
        return {Which.UNREAD: unread, Which.READ: read, Which.ALL: unread + read}[self.which]


@dataclass(frozen=True, slots=True)
class Changed:
    """What came of a change: the paper, whether anything changed, and how many there are now."""

    shown: Shown
    changed: bool
    counts: Counts


class ReadingList:
    """Saves papers for members and shows them again."""

    def __init__(self, *, database: Database, reading: Reading, clock: Clock) -> None:
        self._database = database
        self._reading = reading
        self._clock = clock

    async def save(self, member_id: int, paper: str) -> Changed:
        """Save the paper that a text names; twice is as once.

        Raises:
            NotFound: nothing known fits.
            UserError: the list is full.
        """
        shown, now = await self._reading.show(paper), self._clock.now()

        async def work(connection: AsyncConnection) -> Changed:
            lists = ReadingLists(connection)
            added = await lists.add(member_id, shown.key, now)
            counts = await lists.counts(member_id)
            if added and sum(counts) > MOST:
                # The transaction is rolled back.
                raise _full()
            return Changed(shown, added, counts)

        return await self._database.write(work)

    async def unsave(self, member_id: int, paper: str) -> Changed:
        """Take off the paper that a key, an id, a link or words of its title name.

        Raises:
            NotFound: no such paper stands on the member's list.
        """
        kept = await self._find(member_id, paper)

        async def work(connection: AsyncConnection) -> Changed:
            lists = ReadingLists(connection)
            removed = await lists.remove(member_id, kept.saved.key)
            return Changed(kept.shown, removed, await lists.counts(member_id))

        return await self._database.write(work)

    async def mark(self, member_id: int, paper: str, *, read: bool) -> Changed:
        """Mark a saved paper read or unread. Raises NotFound as unsave does."""
        kept, now = await self._find(member_id, paper), self._clock.now()

        async def work(connection: AsyncConnection) -> Changed:
            lists = ReadingLists(connection)
            differs = (kept.saved.read_at is not None) != read
            if differs:
                await lists.mark(member_id, kept.saved.key, now if read else None)
            return Changed(kept.shown, differs, await lists.counts(member_id))

        return await self._database.write(work)

    async def holds(self, member_id: int, key: str) -> bool:
        """Whether that very key stands on the member's list."""
        rows = await self._database.read(lambda c: ReadingLists(c).page(member_id))
        return any(row.key == key for row in rows)

    async def page(self, member_id: int, which: Which, limit: int, offset: int = 0) -> Page:
        """Some of what a member saved: unread before read, the last first."""

        async def work(connection: AsyncConnection) -> Page:
            lists = ReadingLists(connection)
            rows = await lists.page(member_id, read=_READ[which], limit=limit, offset=offset)
            return Page(which, await _kept(connection, rows), await lists.counts(member_id))

        return await self._database.read(work)

    async def all(self, member_id: int) -> tuple[Kept, ...]:
        """Everything a member saved."""
        return (await self.page(member_id, Which.ALL, MOST)).kept

    async def _find(self, member_id: int, text: str) -> Kept:
        typed = text.strip()
        kept = await self.all(member_id)
        named = identify.identify(typed)
        wanted = {typed, *((named,) if named else ())}
        for one in kept:
            if one.saved.key in wanted or (one.shown.paper and named in one.shown.paper.aliases):
                return one
        words = typed.casefold().split()
        titled = (one for one in kept if words and _fits(one, words))
        if found := next(titled, None):
            return found
        raise NotFound(
            sentence(
                "“{paper}” is not on your reading list: /papers saved shows what is.",
                paper=typed[:QUOTED],
            )
        )


def _full() -> UserError:
    return UserError(
        sentence(
            "Your reading list is full: it holds {n} papers. Make room with /papers unsave.", n=MOST
        )
    )


def _fits(kept: Kept, words: Sequence[str]) -> bool:
    title = plain(kept.shown.title).casefold()
    return all(word in title for word in words)


async def _kept(connection: AsyncConnection, rows: Sequence[Saved]) -> tuple[Kept, ...]:
    keys = [row.key for row in rows]
    papers = await Papers(connection).get_many([PaperId(key) for key in keys])
    entries = await Places(connection).of(keys)
    return tuple(
        Kept(row, Shown(papers.get(PaperId(row.key)), entries.get(row.key))) for row in rows
    )
