"""One life of the desk, from the harvest to the digest, with everything people do in between."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tests.wire.lab import CARD_SIGNS, RELEVANT, fresh, said

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from simcord.backend.models import Message, User

    from tests.soak.crash_house import House
    from tests.wire.arxiv import Record

NAMES = ("PreferSynth", "SecondSynth", "ThirdSynth", "FourthSynth")
SUBMITTED = fresh(77, "AskedSynth: A Paper Somebody Asked for", "We introduce a data set.")
OPEN = "✅ add"
OTHER = "Survey Papers"


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
        self._direct = self._lab.discord.direct_channel(self._lab.eve)
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
            await self._house.until(lambda: NAMES[0] in self._digest())
            await self._click(self._lab.ana, NAMES[3], "Undo", OPEN)
            await self._house.until(lambda: NAMES[3] not in self._digest())

    async def _decide(self) -> None:
        """In every way there is: reactions, buttons, menus and words."""
        ana, ben = self._lab.ana, self._ben
        await self._submit()
        await self._react(ana, "AskedSynth", "✅")
        await self._react(ana, NAMES[0], "✅")
        await self._click(ben, NAMES[1], "Reject", "ben ·")
        await self._choose(ben, NAMES[1], "too thin")
        await self._click(ana, NAMES[2], "Approve", "ana ·")
        await self._click(ana, NAMES[2], "Undo", OPEN)
        await self._say(ben, NAMES[2], "review reject", "ben ·", paper=papers()[2].id)
        await self._shows(NAMES[0], "ana ·")
        await self._say(ana, NAMES[0], "review move", f"→ {OTHER}", paper="1", section=OTHER)
        await self._shows("AskedSynth", "ana ·")
        await self._house.until(lambda: self._lab.discord.messages(self._direct))
        await self._search()

    async def _click(self, person: User, name: str, label: str, words: str) -> None:
        """Press a card's button until the card shows these words."""
        await self._press(
            lambda card: self._lab.discord.click(person, card, label=label), name, words
        )

    async def _choose(self, person: User, name: str, value: str) -> None:
        """Choose in a card's menu."""
        await self._press(lambda card: self._lab.discord.select(person, card, [value]), name, value)

    async def _say(self, person: User, name: str, command: str, words: str, **options: str) -> None:
        """Type a command until the card shows these words."""
        where = self._lab.review
        await self._press(
            lambda _: self._lab.discord.slash(person, where, command, patience=20, **options),
            name,
            words,
        )

    async def _press(
        self, act: Callable[[Message], Awaitable[object]], name: str, words: str
    ) -> None:
        card = self._find(name)
        assert card is not None
        await self._house.press(lambda: act(card), lambda: words in said(card))

    async def _search(self) -> None:
        """A reader's question, which brings the index up to date."""
        answers = []

        async def ask() -> None:
            """Type it."""
            where = self._lab.eve, self._lab.digest
            answers.append(await self._lab.discord.slash(*where, "papers search", query="synth"))

        await self._house.press(ask, lambda: answers)

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

    def _digest(self) -> str:
        return "".join(said(message) for message in self._lab.discord.messages(self._lab.digest))

    def _find(self, name: str) -> Message | None:
        return next((card for card in self._lab.cards() if name in said(card)), None)
