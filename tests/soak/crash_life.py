"""One life of the desk, from the harvest to the digest, with everything people do in between."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tests.wire.lab import CARD_SIGNS, RELEVANT, fresh, said

if TYPE_CHECKING:
    from simcord.backend.models import Message, User

    from tests.soak.crash_house import House
    from tests.wire.arxiv import Record

NAMES = ("PreferSynth", "SecondSynth", "ThirdSynth", "FourthSynth")
SUBMITTED = fresh(77, "AskedSynth: A Paper Somebody Asked for", "We introduce a data set.")
OPEN = "✅ add"


def papers() -> list[Record]:
    """What arXiv announces, all of it relevant."""
    return [
        fresh(
            number,
            RELEVANT.title.replace(NAMES[0], name),
            RELEVANT.abstract.replace(NAMES[0], name),
        )
        for number, name in enumerate(NAMES, 1)
    ]


class Life:
    """What Ana, Ben (maintainers) and Eve do in a house. Lived once."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._lab = house.lab
        self._ben = self._lab.discord.member(self._lab.guild, "ben", [self._lab.maintainers])

    async def live(self) -> None:
        """Three acts; what is left to be done after the last one is the bot's."""
        self._lab.arxiv.archive.add(*papers())
        self._lab.configure(review={"cards_per_day": 50, "settle": "20s"})
        due = self._lab.now() + timedelta(hours=2)
        async with self._house.open():
            for name in NAMES:
                await self._card(name)
            await self._follow_digest(f"{due:%H:%M}")
            await self._decide()
        await self._react(self._lab.ana, NAMES[3], "✅")
        await self._react(self._lab.eve, NAMES[3], "❌")
        async with self._house.open():
            await self._shows(NAMES[3], "ana ·")
        self._lab.move(due + timedelta(minutes=1))
        async with self._house.open():
            await self._house.until(lambda: self._lab.discord.messages(self._lab.digest))

    async def _decide(self) -> None:
        await self._submit()
        await self._react(self._lab.ana, NAMES[0], "✅")
        await self._shows(NAMES[0], "ana ·")
        await self._react(self._ben, NAMES[1], "❌")
        await self._shows(NAMES[1], "ben ·")
        await self._react(self._lab.ana, "AskedSynth", "✅")
        await self._shows("AskedSynth", "ana ·")

    async def _submit(self) -> None:
        self._lab.arxiv.archive.add(SUBMITTED)
        link = f"https://arxiv.org/abs/{SUBMITTED.id}"
        await self._house.press(
            lambda: self._lab.discord.slash(
                self._lab.eve, self._lab.digest, "papers submit", paper=link, patience=20
            ),
            lambda: self._find("AskedSynth"),
        )
        await self._card("AskedSynth")

    async def _follow_digest(self, time: str) -> None:
        answers = []

        async def ask() -> None:
            """Type the command."""
            where = self._lab.ana, self._lab.digest
            answers.append(
                await self._lab.discord.slash(*where, "digest here", time=time, zone="UTC")
            )

        await self._house.press(ask, lambda: answers)

    async def _react(self, person: User, name: str, sign: str) -> None:
        card = self._find(name)
        assert card is not None
        await self._lab.discord.react(person, card, sign)

    async def _card(self, name: str) -> None:
        """Wait for a card with its reactions."""

        def seeded() -> bool:
            card = self._find(name)
            signs = [reaction.emoji for reaction in card.reactions] if card else []
            return all(sign in signs for sign in CARD_SIGNS)

        await self._house.until(seeded)

    async def _shows(self, name: str, words: str) -> None:
        await self._house.until(lambda: words in self._text(name))

    def _text(self, name: str) -> str:
        card = self._find(name)
        return said(card) if card else ""

    def _find(self, name: str) -> Message | None:
        return next((card for card in self._lab.cards() if name in said(card)), None)
