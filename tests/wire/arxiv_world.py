"""The sources with a stand-in for arXiv before them, a real database and a clock that hurries."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import aiohttp
import pytest

from bot.sources.api import ArxivLookup
from bot.sources.manners import Manners
from bot.sources.oai import OaiHarvester
from storage.models import PaperId
from tests.conftest import SHARED
from tests.wire.arxiv import ArxivStandIn, Fault, Record
from tests.wire.arxiv_clock import HastyClock, opened

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.services.ports import HarvestPage
    from storage.models import Paper

ARXIV = SHARED / "arxiv"
needs_recordings = pytest.mark.skipif(
    not ARXIV.is_dir(), reason="no recorded answers beside the project"
)
SINCE = date(2024, 9, 1)
SHORT = aiohttp.ClientTimeout(total=0.5)
FAULTS = {
    Fault.HTML200: "HTML page",
    Fault.RATE_EXCEEDED: "Rate exceeded",
    Fault.EMPTY: "empty body",
    Fault.TRUNCATED: "broken or cut off",
    Fault.NO_RESULTS: "without records|sent none",
    Fault.TOO_MANY: "429",
    Fault.FORBIDDEN: "403",
    Fault.NOT_ACCEPTABLE: "406",
    Fault.SERVER_ERROR: "500",
    Fault.RESET: "cannot be reached",
    Fault.BROKEN_OFF: "cannot be reached",
    Fault.TIMEOUT: "did not answer in time",
    Fault.ERROR_ENTRY: "internal error|<feed>",
}
"""Each fault, and what the error about it says."""
REFUSALS = {Fault.RATE_EXCEEDED, Fault.TOO_MANY, Fault.FORBIDDEN, Fault.NOT_ACCEPTABLE}


@dataclass
class World:
    """The sources and what they talk to."""

    arxiv: ArxivStandIn
    clock: HastyClock
    harvester: OaiHarvester
    by_person: OaiHarvester
    papers: ArxivLookup

    async def harvest(self, until: date | None = None) -> list[HarvestPage]:
        """All pages of cs.CL."""
        return [page async for page in self.harvester.pages("cs.CL", SINCE, until)]

    async def lookup(self, *numbers: str) -> tuple[Paper, ...]:
        """Papers by their arXiv numbers."""
        return await self.papers.lookup([PaperId(f"arXiv:{number}") for number in numbers])


@asynccontextmanager
async def new_world(path: Path) -> AsyncIterator[World]:
    """A stand-in with pages of two records, and the sources before it."""
    clock = HastyClock()
    async with (
        ArxivStandIn(page_size=2, now=clock.now) as arxiv,
        opened(path, clock) as database,
        aiohttp.ClientSession() as session,
    ):
        manners = Manners(
            database=database, clock=clock, contact="me@example.org", random=lambda: 0.0
        )
        machine, person = (
            OaiHarvester(
                session=session,
                manners=manners,
                base_url=arxiv.oai_url,
                by_person=by_person,
                timeout=SHORT,
            )
            for by_person in (False, True)
        )
        async with ArxivLookup(
            session=session, manners=manners, base_url=arxiv.api_url, timeout=SHORT
        ) as papers:
            yield World(arxiv, clock, machine, person, papers)


def five() -> list[Record]:
    """Five papers in cs.CL, three pages of two."""
    return [Record(f"2409.0000{n}", title=f"Paper {n} & more") for n in range(1, 6)]
