"""What `doctor` finds out over the network: arXiv's two addresses and Discord's gateway."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import aiohttp

from bot.chat.checks import Finding
from bot.domain.errors import UserError
from bot.sources.api import ArxivLookup
from bot.sources.manners import Manners
from bot.sources.oai import OaiHarvester
from storage.models import PaperId

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable

    from bot.composition import Core

PATIENCE = 60
"""Seconds for one answer; arXiv may ask for a pause before it gives one."""
KNOWN = PaperId("arXiv:2402.13446")
"""Any paper will do; this one stands on the shipped list."""


async def arxiv(core: Core) -> AsyncIterator[Finding]:
    """Whether the harvest and the lookup of single papers get an answer."""
    settings = core.settings.arxiv
    manners = Manners(database=core.database, clock=core.clock, contact=settings.contact)
    async with aiohttp.ClientSession() as session:
        harvester = OaiHarvester(session=session, manners=manners, base_url=settings.oai_url)
        yield await _answers("arXiv", "oai_url", settings.oai_url, harvester.reachable())
        api_url = settings.api_url
        async with ArxivLookup(session=session, manners=manners, base_url=api_url) as lookup:
            yield await _answers("arXiv lookup", "api_url", api_url, lookup.lookup((KNOWN,)))


async def _answers(name: str, key: str, url: str, work: Awaitable[object]) -> Finding:
    hint = f"check the network, and {key} in [arxiv]"
    try:
        await asyncio.wait_for(work, PATIENCE)
    except UserError as error:
        return Finding(name, ok=False, sentence=f"{error}; {hint}")
    except TimeoutError:
        return Finding(
            name, ok=False, sentence=f"{url} did not answer in {PATIENCE} seconds; {hint}"
        )
    return Finding(name, ok=True, sentence=url)


async def gateway(url: str) -> Finding:
    """Whether Discord's gateway accepts a connection; nobody logs in over it."""
    try:
        async with (
            aiohttp.ClientSession() as session,
            asyncio.timeout(PATIENCE),
            session.ws_connect(url),
        ):
            return Finding("gateway", ok=True, sentence=url)
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        reason = str(error) or f"no answer in {PATIENCE} seconds"
        hint = "check the network, and gateway_url in [discord]"
        return Finding("gateway", ok=False, sentence=f"{url} cannot be reached: {reason}; {hint}")
