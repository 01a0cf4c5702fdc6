"""What happens at once, late, twice or never: the desk decides everything once all the same."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot.composition import open_database
from bot.config import load
from storage.candidates import Candidates
from storage.models import CandidateState
from storage.papers import Papers
from tests.wire.lab import CARD_SIGNS, RELEVANT, fresh, open_lab, said

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from simcord.backend.models import Message, User
    from sqlalchemy.ext.asyncio import AsyncConnection

    from tests.wire.discord.faults import How
    from tests.wire.lab import Lab

NAMES = ("OneSynth", "TwoSynth", "TreSynth", "ForSynth")
OPEN = "✅ add"


@pytest.fixture
async def desk(tmp_path: Path, checked_database: Path) -> AsyncIterator[Lab]:
    """Four papers to decide on, and no limit to how fast."""
    async with open_lab(tmp_path, checked_database, rate_limits=False, forked=True) as lab:
        for number, name in enumerate(NAMES, 1):
            texts = (
                text.replace("PreferSynth", name) for text in (RELEVANT.title, RELEVANT.abstract)
            )
            lab.arxiv.archive.add(fresh(number, *texts))
        yield lab


@pytest.fixture
def ben(desk: Lab) -> User:
    """A second maintainer."""
    return desk.discord.member(desk.guild, "ben", [desk.maintainers])


async def cards(lab: Lab) -> list[Message]:
    """All four, seeded."""
    return [await lab.open_card(name) for name in NAMES]


async def decided(lab: Lab) -> dict[str, tuple[str, list[tuple[str, str]]]]:
    """By name: the state, and who did what."""

    async def read(connection: AsyncConnection) -> dict[str, tuple[str, list[tuple[str, str]]]]:
        candidates = Candidates(connection)
        found = {}
        for one in await candidates.in_state(*CandidateState):
            paper = await Papers(connection).get(one.paper)
            assert paper is not None
            verdicts = await candidates.verdicts(one.id)
            told = [(str(verdict.action), verdict.member_name) for verdict in verdicts]
            found[paper.title.partition(":")[0]] = (str(one.state), told)
        return found

    async with open_database(load(lab.config, {}), lab.clock) as database:
        return await database.read(read)


async def agrees(lab: Lab) -> None:
    """One card a paper, seeded; one verdict on each; card, database and list say the same."""
    stands = await decided(lab)
    assert len(lab.cards()) == len(NAMES)
    for name in NAMES:
        (card,) = (card for card in lab.cards() if name in said(card))
        state, ((action, member),) = stands[name]
        assert (state, action) in {("approved", "approve"), ("rejected", "reject")}
        assert f"{member} ·" in said(card)
        assert ("✅" in said(card)) == (state == "approved")
        assert lab.public_list().count(f"{name}:") == (state == "approved")
        assert [one.emoji for one in card.reactions][:3] == list(CARD_SIGNS)


async def test_two_maintainers_in_the_same_millisecond(desk: Lab, ben: User) -> None:
    """Whoever is heard first decides, by reaction or button; the other one changes nothing."""
    ana, discord = desk.ana, desk.discord
    async with desk.bot():
        both, conflict, mixed, pressed = await cards(desk)
        answers = await asyncio.gather(
            discord.react(ana, both, "✅"),
            discord.react(ben, both, "✅"),
            discord.react(ana, conflict, "✅"),
            discord.react(ben, conflict, "❌"),
            discord.react(ana, mixed, "❌"),
            discord.click(ben, mixed, label="Approve"),
            discord.click(ana, pressed, label="Approve"),
            discord.click(ben, pressed, label="Reject"),
        )
        await discord.until(lambda: all(OPEN not in said(card) for card in desk.cards()))
        told = [answer.text for answer in answers[-2:] if answer.message and answer.ephemeral]
        assert len(told) == 1, "one of the two presses came too late, and is told so"
    await agrees(desk)


@pytest.mark.long
async def test_reactions_in_an_outage_are_heard_once(desk: Lab, ben: User) -> None:
    """Replayed by a RESUME, or never told because the session is new: each decides once."""
    discord = desk.discord
    async with desk.bot():
        first, second, third, fourth = await cards(desk)
        async with discord.away(resumable=True):
            await discord.react(desk.ana, first, "✅")
            await discord.react(desk.eve, second, "✅")
            await discord.react(ben, second, "❌")
        await discord.until(lambda: "ana ·" in said(first) and "ben ·" in said(second), 20)
        async with discord.away():
            await discord.react(desk.ana, third, "❌")
            await discord.react(ben, fourth, "✅")
        await discord.until(lambda: "ana ·" in said(third) and "ben ·" in said(fourth), 20)
    await agrees(desk)


@pytest.mark.long
async def test_a_reaction_while_the_card_is_being_posted(desk: Lab) -> None:
    """Discord shows the card before it answers the bot: what is pressed in between counts."""
    discord, posts = desk.discord, f"channels/{desk.review.id}/messages"
    discord.delay("POST", posts, 1.0, times=len(NAMES))
    async with desk.bot():
        for number in range(len(NAMES)):
            await discord.until(lambda number=number: len(desk.cards()) > number, 30)
            await discord.react(desk.ana, desk.cards()[number], "✅❌"[number % 2])
        await discord.until(lambda: all("ana ·" in said(card) for card in desk.cards()), 20)
        seeded = desk.cards()[0]
        await discord.click(desk.ana, seeded, label="Undo")
        await discord.until(lambda: OPEN in said(seeded))
        await desk.open_card(said(seeded)[:0])
        signs = [one.emoji for one in seeded.reactions]
        assert all(sign in signs for sign in CARD_SIGNS), "opened again without the signs to press"


FAULTS: tuple[tuple[str, How, bool], ...] = (
    ("POST", 503, True),
    ("POST", "drop", True),
    ("POST", "drop", False),
    ("POST", 429, False),
    ("POST", 502, True),
    ("PUT", 503, False),
    ("PUT", "drop", True),
    ("PATCH", 502, False),
    ("PATCH", 503, True),
    ("PATCH", "drop", False),
    ("PATCH", 429, False),
)


@pytest.mark.long
async def test_lost_and_refused_answers_neither_lose_nor_double_anything(desk: Lab) -> None:
    """429, 502, 503 and cut connections, before and after the effect, at posts, signs and edits."""
    place = f"channels/{desk.review.id}/messages"
    for method, how, after_effect in FAULTS:
        desk.discord.fail(method, place, how, after_effect=after_effect)
    async with desk.bot():
        desk.discord.rest.forget_nonces()
        for number, card in enumerate(await cards(desk)):
            await desk.discord.react(desk.ana, card, "✅❌"[number % 2])
        await desk.discord.until(lambda: all("ana ·" in said(card) for card in desk.cards()), 40)
    assert desk.discord.rest.faults.waiting == 0
    await agrees(desk)
