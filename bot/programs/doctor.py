"""`doctor`: one line a check, and what to do where one fails. `run` says the same at its start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.assembly import make_channel
from bot.chat import checks
from bot.chat.checks import Finding, Wanted
from bot.composition import open_core
from bot.domain.errors import UserError
from bot.programs import reachable
from storage.digests import Digests
from storage.errors import StorageError
from storage.papers import Papers

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.composition import Core
    from bot.config import Settings
    from bot.services.ports import Clock


async def examine(settings: Settings, clock: Clock) -> bool:
    """Print all findings; False where one is not well."""
    fine = True
    async for finding in _findings(settings, clock):
        print(f"{'ok  ' if finding.ok else 'FAIL'}  {finding.name}: {finding.sentence}", flush=True)
        fine = fine and finding.ok
    return fine


async def _findings(settings: Settings, clock: Clock) -> AsyncIterator[Finding]:
    yield _fine("configuration", "every key is known and has a value that fits")
    yield maintainers(settings)
    wanted: tuple[Wanted, ...] = ()
    try:
        async with open_core(settings, clock, command="doctor") as core:
            yield await _database(core)
            yield await _index(core)
            wanted = await wanted_channels(core)
            yield review_channel(wanted)
            async for finding in reachable.arxiv(core):
                yield finding
    except (StorageError, UserError) as error:
        yield _fault("database", str(error))
    for finding in await _discord(settings, wanted):
        yield finding


def _fine(name: str, sentence: str) -> Finding:
    return Finding(name, ok=True, sentence=sentence)


def _fault(name: str, sentence: str) -> Finding:
    return Finding(name, ok=False, sentence=sentence)


async def _discord(settings: Settings, wanted: tuple[Wanted, ...]) -> tuple[Finding, ...]:
    """Token, intents, invite, and the permissions in each channel that cards or digests go to."""
    try:
        token = settings.discord.read_token().get_secret_value()
    except UserError as error:
        return (_fault("token", str(error)),)
    found = await checks.doctor(
        token,
        api_url=settings.discord.api_url,
        gateway_url=settings.discord.gateway_url,
        guild_id=settings.discord.guild,
        channels=wanted,
    )
    return (*found, await reachable.gateway(settings.discord.gateway_url))


async def wanted_channels(core: Core) -> tuple[Wanted, ...]:
    """The channels the bot writes to."""
    review = await make_channel(core.settings, core.database).current()
    digests = await core.database.read(lambda c: Digests(c).channels())
    found = tuple(Wanted("digest channel", one.channel_id) for one in digests)
    return (Wanted("review channel", review, review=True), *found) if review else found


def maintainers(settings: Settings) -> Finding:
    """Whether anybody can decide."""
    review = settings.review
    if review.maintainers or review.maintainer_roles:
        count = f"roles: {len(review.maintainer_roles)}, members: {len(review.maintainers)}"
        return _fine("maintainers", count)
    sentence = "nobody can decide: set maintainer_roles or maintainers in [review]"
    return _fault("maintainers", sentence)


def review_channel(wanted: tuple[Wanted, ...]) -> Finding:
    """Whether cards have a place to go to."""
    if any(one.review for one in wanted):
        return _fine("review", "a channel for cards is set")
    sentence = "no channel gets cards: set channel in [review], or type /review here in Discord"
    return _fault("review", sentence)


async def _database(core: Core) -> Finding:
    papers = await core.database.read(lambda c: Papers(c).count())
    return _fine("database", f"{core.database.dialect}, {papers} papers")


async def _index(core: Core) -> Finding:
    try:
        await core.index.refresh(core.database)
    except OSError as error:
        folder = core.settings.database.data / "index"
        what = f"{error.filename or folder} cannot be used ({error.strerror})"
        return _fault("index", f"{what}; {folder} may be deleted, it is built again")
    return _fine("index", f"current at revision {core.index.revision}")
