"""What a life came to, as lines: at Discord, in the database, in the list and in the search."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING

from bot.composition import open_database
from bot.config import load
from storage.candidates import Candidates
from storage.models import CandidateState
from storage.papers import Papers
from tests.wire.discord.answers import controls
from tests.wire.lab import said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simcord.backend.models import Message
    from sqlalchemy.ext.asyncio import AsyncConnection

    from tests.soak.crash_house import House
    from tests.wire.lab import Lab

TIMES = re.compile(r"\d\d:\d\d(?: UTC)?|<t:\d+:\w>")
KEYS = re.compile(r"\b[a-z]\d+\.\d+\.\d+\b")
"""They hold numbers of verdicts, which two people may give in either order."""

Story = Counter[str]
"""Each line with how often it is so."""


def at_discord(lab: Lab) -> Story:
    """Every message, with its reactions and what can be pressed."""
    places = {
        "review": lab.review,
        "papers": lab.digest,
        "to eve": lab.discord.direct_channel(lab.eve),
    }
    return Counter(
        f"{place}: {_message(lab, message)}"
        for place, channel in places.items()
        for message in lab.discord.messages(channel)
    )


def _message(lab: Lab, message: Message) -> str:
    names = lab.discord.backend.get_user
    reactions = [
        f"{one.emoji} {'+'.join(sorted(names(user).name for user in one.user_ids))}"
        for one in message.reactions
    ]
    pressed = [one.get("label") or one.get("placeholder") for one in controls(message)]
    shown = TIMES.sub("TIME", KEYS.sub("KEY", said(message)))
    return f"{shown} {sorted(reactions)} {pressed}"


async def whole(house: House) -> Story:
    """All four, of a house whose bot has ended."""
    lab = house.lab
    public = lab.public_list()
    exported = await house.command("export")
    found = json.loads(await house.command("search", "synth", "--json", "--limit", "50"))
    async with open_database(load(lab.config, {}), lab.clock) as database:
        decided = await database.read(_decided)
    return (
        at_discord(lab)
        + Counter(f"list: {line}" for line in public.splitlines())
        + Counter([f"public file {'equals' if public == exported else 'is not'} the list"])
        + Counter(f"found: {one['title']} in {one['section']}" for one in found["results"])
        + Counter(decided)
    )


async def _decided(connection: AsyncConnection) -> list[str]:
    lines = []
    for candidate in await Candidates(connection).in_state(*CandidateState):
        paper = await Papers(connection).get(candidate.paper)
        verdicts = await Candidates(connection).verdicts(candidate.id)
        told = ", ".join(f"{one.action} by {one.member_name}" for one in verdicts)
        lines.append(f"database: {paper and paper.title} {candidate.state}: {told}")
    return lines


def differences(expected: Story, found: Story) -> Iterator[str]:
    """What was lost and what doubled, a line each."""
    yield from (f"lost ×{times}: {line}" for line, times in (expected - found).items())
    yield from (f"too many ×{times}: {line}" for line, times in (found - expected).items())
