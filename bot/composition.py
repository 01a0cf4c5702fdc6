"""The composition root: opens resources with `async with` and hands them down."""

from __future__ import annotations

import asyncio
import os
import socket
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from bot.domain.errors import UserError
from bot.publish.markdown_file import MarkdownFile, Unpublished
from bot.services.listing import Listing
from bot.services.search import Search
from storage.database import Database
from storage.errors import LeaseHeld
from storage.search import SearchIndex

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.config import Settings
    from bot.services.ports import Clock
    from storage.models import ListDocument

LEASE_TRIES = 12
LEASE_PAUSE = 0.25
"""Seconds between two tries: `export` or `doctor` must not keep `run` from starting."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Core:
    """What every command stands on: the database, the list, the index."""

    settings: Settings
    clock: Clock
    database: Database
    index: SearchIndex
    listing: Listing
    search: Search


@asynccontextmanager
async def open_database(settings: Settings, clock: Clock) -> AsyncIterator[Database]:
    """The database alone, migrated."""
    data = settings.database.data
    await asyncio.to_thread(_make, data)
    async with Database.open(settings.database.url, data=data, now=clock.now) as database:
        yield database


def _make(data: Path) -> None:
    try:
        data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(
            f"The folder {data} cannot be made ({error.strerror}): see `data` in [database]."
        ) from error


@asynccontextmanager
async def open_core(
    settings: Settings,
    clock: Clock,
    *,
    command: str,
    must_lead: bool = False,
    may_lead: bool = True,
) -> AsyncIterator[Core]:
    """Database, list and index. The leaseholder writes the index; other processes only read it.

    What takes hours and needs no index leaves the lease alone (`may_lead`), so that `run` can start
    beside it.

    Raises:
        LeaseHeld: `must_lead`, and another process runs on this database.
    """
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(open_database(settings, clock))
        holder = f"`{command}` (process {os.getpid()} on {socket.gethostname()})"
        patient = clock if must_lead else None
        leads = may_lead and await _lead(stack, database, holder, patient)
        listing = make_listing(settings, clock, database)
        await listing.ensure()
        folder = settings.database.data / "index"
        index = SearchIndex.open(folder, writable=leads)
        stack.push_async_callback(index.close)
        search = Search(database=database, index=index)
        yield Core(settings, clock, database, index, listing, search)


async def _lead(
    stack: AsyncExitStack, database: Database, holder: str, patient: Clock | None
) -> bool:
    """Whether this process leads. One that has to (`patient`) waits for a short command to end.

    Raises:
        LeaseHeld: the process has to lead, and another one holds the lease for longer.
    """
    for tries_left in reversed(range(LEASE_TRIES + 1 if patient else 1)):
        try:
            await stack.enter_async_context(database.lease(holder))
        except LeaseHeld:
            if not patient:
                return False
            if not tries_left:
                raise
            await patient.sleep(LEASE_PAUSE)
        else:
            return True
    return False


def make_listing(settings: Settings, clock: Clock, database: Database) -> Listing:
    """The list's use cases over a database."""
    publish = settings.publish
    publisher = MarkdownFile(publish.path) if publish.mode == "file" else Unpublished()

    async def back_up(replaced: ListDocument) -> None:
        target = settings.database.data / "backups" / f"{clock.now():%Y%m%dT%H%M%S%fZ}-replaced"
        if database.dialect == "sqlite":
            await database.backup(target.with_suffix(".db"))
        else:
            # PostgreSQL keeps its own backups; papers and verdicts stay, so the list alone is at
            # stake.
            await asyncio.to_thread(_write, target.with_suffix(".md"), replaced.content)
        log.info("backed up", reason="the list is replaced", folder=str(target.parent))

    return Listing(database=database, publisher=publisher, clock=clock, back_up=back_up)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
