"""A process that asks arXiv, started with DATABASE_URL DATA OAI_URL SPACING TIMES.

It exits 1 with the sentence of a SourceError.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import aiohttp

from bot.clock import SystemClock
from bot.domain.errors import SourceError
from bot.sources.manners import Manners
from bot.sources.oai import OaiHarvester
from storage.database import Database


async def ask(database_url: str, data: str, oai_url: str, spacing: str, times: str) -> None:
    """Ask so often, as fast as the manners allow."""
    clock = SystemClock()
    async with (
        Database.open(database_url, data=Path(data), now=clock.now) as database,
        aiohttp.ClientSession() as session,
    ):
        manners = Manners(database=database, clock=clock, spacing=float(spacing))
        harvester = OaiHarvester(session=session, manners=manners, base_url=oai_url)
        for _ in range(int(times)):
            await harvester.reachable()


if __name__ == "__main__":
    try:
        asyncio.run(ask(*sys.argv[1:]))
    except SourceError as fault:
        sys.exit(str(fault))
