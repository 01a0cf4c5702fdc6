"""A process of its own on a database: `count` adds to a number, `hold` holds the lease."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from storage.database import Database
from storage.settings import Settings
from tests.storage.conftest import NOW

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection


async def add_one(connection: AsyncConnection) -> None:
    """Read a number, dawdle, write it back: right only if nobody writes in between."""
    settings = Settings(connection)
    number = int(await settings.get("number") or 0)
    await asyncio.sleep(0.001)
    await settings.put("number", str(number + 1))


async def main(job: str, url: str, data: str) -> None:
    """Open the database and do the job."""
    async with Database.open(url, data=Path(data), now=lambda: NOW) as database:
        if job == "count":
            for _ in range(40):
                await database.write(add_one)
        if job == "hold":
            async with database.lease("bot run on host one, process 17"):
                print("held", flush=True)
                await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
