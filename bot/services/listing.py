"""The curated list as a whole: seed, import, export, and the public copy that follows it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from bot.domain import markdown_list
from bot.services import mojibake
from storage.catalogue import Catalogue
from storage.errors import ListExists
from storage.models import Paper, PaperId

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.domain.markdown_list import ParsedList
    from bot.services.ports import Clock, ListPublisher
    from storage.database import Database
    from storage.models import ListDocument, ListedEntry

SEED = "SynData-Papers.md"


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What a list file holds: counts, titles that stand twice, and what looked odd."""

    sections: int
    entries: int
    with_id: int
    duplicates: tuple[str, ...]
    warnings: tuple[str, ...]


def inspect(content: bytes) -> ImportReport:
    """What importing these bytes would find; touches nothing."""
    parsed = markdown_list.parse(content)
    return ImportReport(
        sections=len(parsed.sections),
        entries=len(parsed.entries),
        with_id=sum(bool(found.entry.ids) for found in parsed.entries),
        duplicates=parsed.duplicates,
        warnings=(*parsed.warnings, *mojibake.find_mojibake(content)),
    )


class Listing:
    """Import and export of the one list a database holds."""

    def __init__(
        self,
        *,
        database: Database,
        publisher: ListPublisher,
        clock: Clock,
        back_up: Callable[[ListDocument], Awaitable[None]],
    ) -> None:
        self._database = database
        self._publisher = publisher
        self._clock = clock
        self._back_up = back_up
        self._publishing = asyncio.Lock()

    async def document(self) -> ListDocument | None:
        """The list as it stands, or None in a new database."""
        return await self._database.read(lambda c: Catalogue(c).document())

    async def ensure(self) -> None:
        """Give a new database the shipped list."""
        if await self.document() is None:
            content = (files("storage") / "seed" / SEED).read_bytes()
            # Another process that starts at the same moment may have been first.
            with suppress(ListExists):
                await self.take(SEED, content, replace=False)

    async def take(self, name: str, content: bytes, *, replace: bool) -> ImportReport:
        """Make `content` the list.

        Raises:
            ListExists: a list stands already and `replace` is false.
        """
        standing = await self.document()
        if standing is not None and not replace:
            raise ListExists(
                f"This database holds the list {standing.name} already; "
                "say --replace to put this one in its place (a backup is made first)."
            )
        if standing is not None:
            await self._back_up(standing)
        report, parsed = await asyncio.to_thread(_read, content)
        await self._store(name, content, parsed, expected=standing)
        await self.publish()
        return report

    async def _store(
        self, name: str, content: bytes, parsed: ParsedList, *, expected: ListDocument | None
    ) -> None:
        entries: tuple[ListedEntry, ...] = tuple(found.entry for found in parsed.entries)
        now = self._clock.now()

        async def work(connection: AsyncConnection) -> None:
            catalogue = Catalogue(connection)
            if await catalogue.document() != expected:
                raise ListExists("The list was changed while it was being replaced; try again.")
            await catalogue.replace(name, content, parsed.sections, entries, now)

        await self._database.write(work)

    async def publish(self) -> None:
        """Make the public copy equal to the list.

        Calls queue up, so the last state is what stays. Another process may publish a change of
        its own at the same moment: whoever writes last must have written the newest state.
        """
        async with self._publishing:
            document = await self.document()
            while document is not None:
                await self._publisher.publish(document.name, document.content)
                written, document = document, await self.document()
                if document == written:
                    return


def papers_of(content: bytes) -> tuple[Paper, ...]:
    """The papers a list file names, as far as it tells about them."""
    entries = (found.entry for found in markdown_list.parse(content).entries)
    return tuple(
        Paper(
            entry.ids[0] if entry.ids else PaperId(""),
            entry.title,
            entry.authors,
            aliases=entry.ids[1:],
        )
        for entry in entries
    )


def _read(content: bytes) -> tuple[ImportReport, ParsedList]:
    return inspect(content), markdown_list.parse(content)
