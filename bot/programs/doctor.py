"""`doctor`: one line a check, and what to do where one fails. `run` says the same at its start."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import aiohttp

from bot.chat.checks import Check, examine_discord
from bot.composition import make_channel, open_core
from bot.domain.errors import UserError
from bot.sources.manners import Manners
from bot.sources.oai import OaiHarvester
from storage.digests import Digests
from storage.errors import StorageError
from storage.papers import Papers

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.composition import Core
    from bot.config import Settings
    from bot.services.ports import Clock


async def examine(settings: Settings, clock: Clock) -> bool:
    """Print all checks; False where one found something."""
    fine = True
    async for check in _checks(settings, clock):
        print(f"{'ok  ' if check.ok else 'FAIL'}  {check.name}: {check.sentence}", flush=True)
        fine = fine and check.ok
    return fine


async def _checks(settings: Settings, clock: Clock) -> AsyncIterator[Check]:
    yield Check("configuration", True, "every key is known and has a value that fits")
    yield _maintainers(settings)
    channels: dict[str, int] = {}
    try:
        async with open_core(settings, clock, holder="doctor") as core:
            yield await _database(core)
            yield await _index(core)
            channels = await _channels(core)
            yield await _arxiv(core)
    except StorageError as error:
        yield Check("database", False, str(error))
    for check in await discord_checks(settings, channels):
        yield check


async def discord_checks(settings: Settings, channels: dict[str, int]) -> tuple[Check, ...]:
    """Token, intents, invite, and the permissions in each channel that cards or digests go to."""
    try:
        token = settings.discord.read_token().get_secret_value()
    except UserError as error:
        return (Check("token", False, str(error)),)
    return await examine_discord(
        token,
        api_url=str(settings.discord.api_url),
        guild_id=settings.discord.guild,
        channels=channels,
    )


async def _channels(core: Core) -> dict[str, int]:
    """What the bot writes to, by what it is for."""
    review = await make_channel(core.settings, core.database).current()
    digests = await core.database.read(lambda c: Digests(c).channels())
    found = {f"digest channel {one.channel_id}": one.channel_id for one in digests}
    return {"review channel": review, **found} if review else found


def _maintainers(settings: Settings) -> Check:
    review = settings.review
    if review.maintainers or review.maintainer_roles:
        count = f"{len(review.maintainer_roles)} roles, {len(review.maintainers)} members"
        return Check("maintainers", True, count)
    return Check(
        "maintainers",
        False,
        "nobody can decide: set maintainer_roles or maintainers under [review] in config.toml",
    )


async def _database(core: Core) -> Check:
    papers = await core.database.read(lambda c: Papers(c).count())
    return Check("database", True, f"{core.database.dialect}, {papers} papers")


async def _index(core: Core) -> Check:
    results = await core.search.search("the", limit=1)
    return Check("index", True, f"revision {core.index.revision}, answers ({results.total} hits)")


async def _arxiv(core: Core) -> Check:
    arxiv = core.settings.arxiv
    manners = Manners(database=core.database, clock=core.clock, contact=arxiv.contact)
    async with aiohttp.ClientSession() as session:
        harvester = OaiHarvester(session=session, manners=manners, base_url=arxiv.oai_url)
        try:
            await asyncio.wait_for(harvester.reachable(), timeout=60)
        except UserError as error:
            return Check("arXiv", False, str(error))
        except TimeoutError:
            return Check("arXiv", False, f"{arxiv.oai_url} did not answer within a minute")
    return Check("arXiv", True, arxiv.oai_url)
