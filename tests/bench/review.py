"""`python -m tests.bench.review [--cards N]`: the desk over the wire, with 1,000 open cards.

The cards are made straight in the database and in the stand-in's channel, as the bot would have
posted them. Then: from a reaction to the edited card, and what a start costs after 50 reactions
that nobody heard. Prints; never fails on a time.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
import time
from collections import Counter
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING

from bot.assembly import open_bot
from bot.chat import render
from bot.clock import SystemClock
from bot.commands.cards import card_reply
from bot.composition import Core, open_core
from bot.config import load
from bot.domain.review import EMOJI
from bot.services.cards import Cards
from bot.services.delivery import Delivery
from bot.services.pauses import Pauses
from storage.candidates import Candidates
from storage.database import Database
from storage.models import CandidateState, Origin
from storage.papers import Papers
from tests.bench.startup import made_up
from tests.wire.lab import Lab, open_lab, said

if TYPE_CHECKING:
    from datetime import datetime

    from simcord.backend.models import Message

    from bot.domain.cards import Card
    from tests.wire.discord import Request
    from tests.wire.process import ChildProcess

REACTIONS = 40
PAUSE = 1.1
"""Seconds between two reactions: Discord takes five edits in five seconds, and no more."""
CHANGED = 50
DECIDED = (CandidateState.APPROVED, CandidateState.REJECTED)
LONGEST = 300.0
"""Seconds after which something is taken to be lost."""


class Planted:
    """A ReviewBoard that puts cards into the stand-in's channel without asking its API."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self._backend = lab.discord.backend

    async def post(self, channel_id: int, post: Card, key: str) -> int:
        """Put a card there."""
        reply = card_reply(post)
        view = render.view(reply, key=key)
        message = self._backend.create_message(
            channel_id,
            self._backend.bot_user.id,
            embeds=[dict(render.embed(reply, key=key).to_dict())],
            components=view.to_components() if view else [],
        )
        return int(message.id)

    async def seed(self, channel_id: int, message_id: int) -> None:
        """Put the bot's reactions under it."""
        for emoji in EMOJI:
            bot = self._backend.bot_user.id
            self._backend.add_reaction(channel_id, message_id, emoji, bot)

    async def find(self, channel_id: int, key: str, since: datetime) -> int | None:
        """Nothing was ever lost here."""
        return None


async def open_cards(lab: Lab, count: int) -> None:
    """Queue so many papers and let the bot's own code post them on the planted board."""
    settings, clock, chance = load(lab.config, {}), SystemClock(), random.Random(1)
    async with (
        open_core(settings, clock, command="benchmark", must_lead=True) as core,
        open_bot(core) as bot,
    ):
        await _queue(core, count, chance)
        cards = Cards(
            database=core.database,
            board=Planted(lab),  # type: ignore[arg-type] # what posting asks of one
            delivery=Delivery(database=core.database, clock=clock),
            desk=bot.desk,
            review=bot.review,
            channel=bot.review_channel,
            clock=clock,
            pauses=Pauses(clock),
        )
        await cards.follow()
    assert len(lab.cards()) == count


async def _queue(core: Core, count: int, chance: random.Random) -> None:
    papers = [made_up(number, chance) for number in range(count)]
    now = core.clock.now()
    await core.database.write(lambda c: Papers(c).store(papers, now))

    async def queue(connection: object) -> None:
        for paper in papers:
            await Candidates(connection).queue(
                paper.id,
                score=chance.random(),
                reasons=("word1", "word2"),
                section="Research Papers",
                origin=Origin.HARVEST,
                submitter=None,
                now=now,
            )

    await core.database.write(queue)


async def reactions(lab: Lab, cards: list[Message]) -> None:
    """Print how long it takes from a maintainer's reaction to the edited card."""
    taken = []
    async with lab.plain() as process:
        await _settled(lab, process)
        for number, card in enumerate(cards):
            taken.append(await _reaction(lab, card, "✅❌"[number % 2]))
            await asyncio.sleep(max(0.0, PAUSE - taken[-1]))
        for name, some in (("✅", taken[::2]), ("❌", taken[1::2]), ("both", taken)):
            print(
                f"reaction to edited card, {name:<4}: median {median(some) * 1000:.0f} ms, "
                f"p90 {quantiles(some, n=10)[-1] * 1000:.0f} ms, longest {max(some) * 1000:.0f} ms"
                f" ({len(some)} reactions, {PAUSE} s apart: no rate limit holds)"
            )
        print(f"memory {process.rss() / 2**20:.0f} MB")


async def _reaction(lab: Lab, card: Message, sign: str) -> float:
    """Seconds from a reaction until the card is edited."""
    begun = time.monotonic()
    await lab.discord.react(lab.ana, card, sign)
    edited = await lab.discord.until(lambda: _edit(lab, card, begun), LONGEST)
    return float(edited - begun)


def _edit(lab: Lab, card: Message, since: float) -> float:
    """When a card was edited after an instant; 0 where it was not."""
    edits = lab.discord.sent("PATCH", f"/messages/{card.id}", 200)
    return next((edit.time for edit in edits if edit.time > since), 0.0)


async def _settled(lab: Lab, process: ChildProcess) -> None:
    """Wait until the bot is up and has asked nothing for two seconds."""
    await process.line("ready", within=60)
    await lab.discord.until(lambda: time.monotonic() > lab.discord.requests[-1].time + 2, LONGEST)


async def recovery(lab: Lab, cards: list[Message]) -> None:
    """Print what a start takes after reactions that nobody heard."""
    for number, card in enumerate(cards):
        await lab.discord.react(lab.ana, card, "✅❌"[number % 2])
    before = len(lab.discord.requests)
    begun = time.monotonic()
    async with lab.plain() as process:
        await process.line("ready", within=60)
        ready = time.monotonic()
        await _decided(lab, REACTIONS + len(cards))
        decided = time.monotonic()
        await lab.discord.until(lambda: all("ana" in said(card) for card in cards), LONGEST)
        edited = time.monotonic()
    for what, moment in (("READY", ready), ("all decided", decided), ("all edited", edited)):
        print(
            f"{len(cards)} changed cards: {what} {moment - begun:.1f} s after the start"
            f" ({moment - ready:.1f} s after READY)"
        )
    print(f"(five edits in five seconds: {len(cards)} take {len(cards) - 5} s at least)")
    _requests(lab.discord.requests[before:], ready)


def _requests(asked: list[Request], ready: float) -> None:
    """Print what was asked, how often, and from when to when after READY."""
    kinds = Counter(_kind(request) for request in asked)
    for kind, count in kinds.most_common():
        times = [request.time - ready for request in asked if _kind(request) == kind]
        print(f"  {count:>4} {kind}  ({min(times):.1f} to {max(times):.1f} s)")
    print(f"  {len(asked)} requests, {sum(request.status == 429 for request in asked)} of them 429")


def _kind(request: Request) -> str:
    parts = ["…" if part.isdigit() or "%" in part else part for part in request.parts]
    return f"{request.method} /{'/'.join(parts)}"


async def _decided(lab: Lab, count: int) -> None:
    """Wait until so many are decided."""
    settings, clock = load(lab.config, {}), SystemClock()
    where = settings.database
    async with Database.open(where.url, data=where.data, now=clock.now) as database:
        while True:
            if await database.read(lambda c: Candidates(c).count(*DECIDED)) >= count:
                return
            await asyncio.sleep(0.05)


async def measure(count: int) -> None:
    """Print everything about a desk with so many open cards."""
    chance = random.Random(2)
    with tempfile.TemporaryDirectory() as folder:
        async with open_lab(Path(folder)) as lab:
            lab.configure(review={"cards_per_day": count})
            await open_cards(lab, count)
            print(f"{count:,} open cards", flush=True)
            chosen = chance.sample(lab.cards(), REACTIONS + CHANGED)
            await reactions(lab, chosen[:REACTIONS])
            await recovery(lab, chosen[REACTIONS:])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench.review", description=__doc__)
    parser.add_argument("--cards", type=int, default=1000, help="how many are open")
    asyncio.run(measure(parser.parse_args().cards))
