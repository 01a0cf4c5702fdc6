"""A process that holds the line to arXiv, or gives up waiting: `hold` or `give-up`, URL, DATA."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from storage.database import Database
from tests.storage.conftest import NOW


async def main(job: str, url: str, data: str) -> None:
    """Hold the line until the input ends, or wait a moment for it and leave."""
    async with Database.open(url, data=Path(data), now=lambda: NOW) as database:
        if job == "hold":
            async with database.line():
                print("held", flush=True)
                await asyncio.to_thread(sys.stdin.read)
            return
        try:
            async with asyncio.timeout(0.3), database.line():
                print("held", flush=True)
        except TimeoutError:
            print("gave up", flush=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
