"""SIGKILL around every effect on the far side, one after the other in one life of the bot."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.composition import open_database
from bot.config import load
from storage.candidates import Candidates
from storage.digests import Digests
from storage.models import CandidateState, DigestChannel
from tests.wire.lab import RELEVANT, fresh, said

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import TypeVar

    from sqlalchemy.ext.asyncio import AsyncConnection

    from tests.wire.lab import Lab

    T = TypeVar("T")

OTHER = fresh(
    3, *(text.replace("PreferSynth", "SecondSynth") for text in (RELEVANT.title, RELEVANT.abstract))
)
NEVER = 60.0


@dataclass(frozen=True)
class Point:
    """A request at which the bot is killed: before it has its effect, or after, unanswered."""

    method: str
    path: str
    after: bool


async def kill_at(lab: Lab, point: Point) -> None:
    """Run the bot until it sends this request, and kill it there."""
    seen = len(lab.discord.sent(point.method, point.path))
    if point.after:
        lab.discord.delay(point.method, point.path, NEVER)
    else:
        lab.discord.fail(point.method, point.path, "drop")
    async with lab.process() as process:
        await lab.discord.until(
            lambda: len(lab.discord.sent(point.method, point.path)) > seen or process.returncode, 30
        )
        assert process.returncode is None, process.output
        await process.kill()
    lab.discord.rest.faults.clear()


async def with_database(lab: Lab, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
    """Work on the bot's database while it is away."""
    settings = load(lab.config, {})
    async with open_database(settings, lab.clock) as database:
        return await database.write(work)


async def follow_digest(lab: Lab) -> None:
    """The digest channel gets its digest at midnight, since yesterday."""
    since = lab.now() - timedelta(days=1)
    channel = DigestChannel(lab.digest.id, lab.guild.id, 0, 0, "UTC", since)
    await with_database(lab, lambda c: Digests(c).set_channel(channel))


async def through_all_points(lab: Lab) -> None:
    """Harvest, cards, reactions, verdicts and digest, each interrupted wherever it can be."""
    lab.arxiv.archive.add(RELEVANT, OTHER)
    cards = f"channels/{lab.review.id}/messages"
    async with lab.process() as process:
        await lab.discord.until(lambda: lab.arxiv.requests, 30)
        await process.kill()
    for after in (False, True):
        await kill_at(lab, Point("POST", cards, after))
    for after in (False, True):
        await kill_at(lab, Point("PUT", "/reactions/", after))
    async with lab.bot():
        first, second = await lab.open_card("PreferSynth"), await lab.open_card("SecondSynth")
    await lab.discord.react(lab.ana, first, "✅")
    await lab.discord.react(lab.ana, second, "❌")
    for after in (False, True):
        await kill_at(lab, Point("PATCH", f"{cards}/", after))
    await follow_digest(lab)
    for after in (False, True):
        await kill_at(lab, Point("POST", f"channels/{lab.digest.id}/messages", after))
    async with lab.bot():
        await lab.discord.until(lambda: all("ana ·" in said(card) for card in lab.cards()))


async def everything_agrees(lab: Lab) -> None:
    """Discord, database, public list and index tell the same story, each thing once."""
    assert len(lab.cards()) == 2
    for card in lab.cards():
        assert [reaction.emoji for reaction in card.reactions] == ["✅", "❌", "💤"]
    (digest,) = lab.discord.messages(lab.digest)
    assert said(digest).count(RELEVANT.title) == 1
    assert "SecondSynth" not in said(digest)

    async def verdicts(connection: AsyncConnection) -> list[tuple[str, int]]:
        candidates = Candidates(connection)
        return [
            (one.state, len(await candidates.verdicts(one.id)))
            for one in await candidates.in_state(*CandidateState)
        ]

    assert sorted(await with_database(lab, verdicts)) == [("approved", 1), ("rejected", 1)]
    assert lab.public_list().count("PreferSynth") == 1
    assert "SecondSynth" not in lab.public_list()
    assert await lab.output("export") == lab.public_list().rstrip("\n")
    found = json.loads(await lab.output("search", "prefersynth", "--json"))
    assert [result["title"] for result in found["results"]] == [RELEVANT.title]


async def test_nothing_is_lost_and_nothing_doubled_wherever_it_is_killed(lab: Lab) -> None:
    """Nine kills, before and after each effect; then all four agree."""
    await through_all_points(lab)
    await everything_agrees(lab)
