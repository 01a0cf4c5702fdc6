"""One server with a review and a digest channel, an arXiv, and the bot's configuration for both.

All of it but Discord lives in a time of its own, which begins on a Tuesday morning and runs fast:
tests do not depend on the day or hour they run at, and nobody waits for arXiv's 3 seconds.
"""

from __future__ import annotations

import json
import shutil
import sys
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tests.process import CLOCK, SPACING, SetClock
from tests.wire.arxiv import ArxivStandIn, Record
from tests.wire.discord import DiscordStandIn
from tests.wire.process import BotProcess, ChildProcess, ForkedProcess

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from simcord.backend.models import Channel, Guild, Message, Role, User

CARD_SIGNS = ("✅", "❌", "💤")
START = datetime(2024, 9, 17, 9, tzinfo=UTC)
"""A Tuesday."""
SPEED = 20.0


def this_month(number: int) -> str:
    """An arXiv id of the month in which the lab's time begins."""
    return f"{START:%y%m}.{number:05}"


def fresh(number: int, title: str, abstract: str, **changes: object) -> Record:
    """A record announced on the day on which the lab's time begins."""
    today = START.date()
    record = Record(
        id=this_month(number),
        title=title,
        authors=(("Lovelace", "Ada"), ("Hopper", "Grace")),
        abstract=abstract,
        created=today,
        datestamp=today,
    )
    return record if not changes else Record(**{**vars(record), **changes})  # type: ignore[arg-type]


RELEVANT = fresh(
    1,
    "PreferSynth: Synthetic Preference Data Generation with Large Language Models",
    "Preference data are scarce. We propose PreferSynth, a method that generates synthetic "
    "instruction tuning data with large language models, and show that training on the synthetic "
    "data beats human annotation.",
)
OFF_TOPIC = fresh(
    2,
    "A Corpus Study of Vowel Length in Estonian",
    "We measure vowel length in recordings of read speech.",
)


@dataclass
class Lab:
    """The whole scene."""

    discord: DiscordStandIn
    arxiv: ArxivStandIn
    folder: Path
    guild: Guild
    review: Channel
    digest: Channel
    maintainers: Role
    ana: User
    eve: User
    clock: SetClock = field(default_factory=lambda: SetClock.at(START, SPEED))
    spacing: str = ""
    """Seconds between two questions to arXiv, other than the bot's own."""
    forked: bool = False
    """Whether its processes are forked off one that has imported the bot (see tests.forks)."""

    @property
    def config(self) -> Path:
        return self.folder / "config.toml"

    def configure(self, **sections: dict[str, object]) -> None:
        """Write config.toml; `sections` are merged over what points the bot at the stand-ins."""
        data = self.folder / "data"
        settings: dict[str, dict[str, object]] = {
            "discord": {
                "guild": self.guild.id,
                "api_url": self.discord.api_url,
                "gateway_url": self.discord.gateway_url,
                "token_file": str(self.folder / "token"),
            },
            "arxiv": {
                "sets": ["cs.CL"],
                "oai_url": self.arxiv.oai_url,
                "api_url": self.arxiv.api_url,
                "contact": "lab@example.org",
                "look_back": "1d",
            },
            "database": {"url": f"sqlite+aiosqlite:///{data}/papers.db", "data": str(data)},
            "review": {
                "channel": self.review.id,
                "maintainer_roles": [self.maintainers.id],
                "settle": "0s",
            },
            "publish": {"path": str(self.folder / "public.md")},
        }
        for name, values in sections.items():
            settings.setdefault(name, {}).update(values)
        lines = []
        for name, values in settings.items():
            lines += [
                f"[{name}]",
                *(f"{key} = {json.dumps(value)}" for key, value in values.items()),
            ]
        self.config.write_text("\n".join(lines) + "\n", encoding="utf-8")
        (self.folder / "token").write_text(self.discord.token, encoding="utf-8")

    def now(self) -> datetime:
        """The lab's time."""
        return self.clock.now()

    def move(self, moment: datetime, speed: float = SPEED) -> None:
        """Let it be another time, for arXiv and for the processes started from now on."""
        self.clock = SetClock.at(moment, speed)

    @asynccontextmanager
    async def bot(self) -> AsyncIterator[ChildProcess]:
        """`run` as a process of its own, ready."""
        async with self.process() as process:
            await process.line("ready", within=30)
            yield process

    def process(self, *arguments: str) -> ChildProcess:
        """A command on this configuration, in the lab's time; `run` if none is named."""
        options = ("--config", str(self.config), *(arguments or ("run",)))
        env = {CLOCK: self.clock.written, SPACING: self.spacing}
        if self.forked:
            return ForkedProcess("tests.process", "start", *options, env=env)
        return ChildProcess(sys.executable, "-m", "tests.process", *options, env=env)

    def plain(self, *arguments: str) -> ChildProcess:
        """The same as its users start it: `python -m bot`, by the machine's clock."""
        return BotProcess(self.config, *arguments)

    async def output(self, *arguments: str, status: int = 0, within: float = 60) -> str:
        """Run a command to its end and give its standard output."""
        async with self.process(*arguments) as process:
            assert await process.wait(within) == status, process.output
            return "\n".join(process.stdout)

    def cards(self) -> list[Message]:
        """The messages of the review channel, oldest first."""
        return self.discord.messages(self.review)

    async def open_card(self, words: str, within: float = 30) -> Message:
        """Wait for an open card with `words` in its title that has been seeded."""

        def found() -> Message | None:
            for message in self.cards():
                signs = [reaction.emoji for reaction in message.reactions]
                titled = any(words in embed.get("title", "") for embed in message.embeds)
                if titled and all(sign in signs for sign in CARD_SIGNS):
                    return message
            return None

        message: Message = await self.discord.until(found, within)
        return message

    def public_list(self) -> str:
        """What the public Markdown file says."""
        path = self.folder / "public.md"
        return path.read_text(encoding="utf-8") if path.exists() else ""


@asynccontextmanager
async def open_lab(
    folder: Path, database: Path | None = None, *, rate_limits: bool = True, forked: bool = False
) -> AsyncIterator[Lab]:
    """Start both stand-ins and write a configuration for them.

    The bot finds a copy of `database`; where there is none, it makes its own.
    """
    async with AsyncExitStack() as stack:
        discord = await stack.enter_async_context(DiscordStandIn(rate_limits=rate_limits))
        arxiv = await stack.enter_async_context(ArxivStandIn())
        guild = discord.guild("Lab")
        maintainers = discord.role(guild, "maintainers")
        lab = Lab(
            discord=discord,
            arxiv=arxiv,
            folder=folder,
            guild=guild,
            review=discord.channel(guild, "review"),
            digest=discord.channel(guild, "papers"),
            maintainers=maintainers,
            ana=discord.member(guild, "ana", [maintainers]),
            eve=discord.member(guild, "eve"),
            forked=forked,
        )
        arxiv.oai.now = lab.now
        arxiv.archive.add(OFF_TOPIC)  # on a day without any paper the bot would ask again and again
        lab.configure()
        if database is not None:
            (folder / "data").mkdir()
            shutil.copy(database, folder / "data" / "papers.db")
        yield lab


def said(message: Message) -> str:
    """All the text of a message."""
    return message.content + json.dumps(message.embeds, ensure_ascii=False)
