"""Processes for the tests of search: `python -m tests.storage.search_worker WHAT URL FOLDER …`."""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.domain.query import parse
from storage import search_follow
from storage.database import Database
from storage.search import SearchIndex
from storage.search_index import Shelf

NOW = datetime(2024, 9, 16, 9, 0, tzinfo=UTC)


def die_in_commit(number: str, when: str) -> None:
    """Let this process die in its nth commit, "before" or "after" it stands."""
    commit = Shelf.commit
    left = int(number)
    search_follow.BATCH = 20

    def dying(shelf: Shelf, *arguments: Any) -> None:
        nonlocal left
        left -= 1
        if not left and when == "before":
            os._exit(9)
        commit(shelf, *arguments)
        if not left:
            os._exit(9)

    Shelf.commit = dying  # type: ignore[method-assign]


async def follow(database: Database, index: SearchIndex) -> None:
    """Bring the index up to date."""
    await index.refresh(database)
    await index.complete()


async def answer(database: Database, index: SearchIndex) -> None:
    """For each line of input, refresh and print the keys found and the index's revision."""
    while line := await asyncio.to_thread(sys.stdin.readline):
        await index.refresh(database)
        page = await index.search(parse(line), listed=None, section=None, limit=10)
        print(*[hit.key for hit in page.hits], index.revision, flush=True)


async def main() -> None:
    """Do what the command line says."""
    what, url, folder, *rest = sys.argv[1:]
    if rest:
        die_in_commit(*rest)
    async with (
        Database.open(url, data=Path(folder).parent, now=lambda: NOW) as database,
        SearchIndex.open(Path(folder), writable=what == "follow") as index,
    ):
        await (follow if what == "follow" else answer)(database, index)


if __name__ == "__main__":
    asyncio.run(main())
