"""A list of thirteen papers and a few that were harvested, and a bot that readers ask about them.

One process serves all tests of a file: each asks as a member of its own.
"""

from __future__ import annotations

import asyncio
import json
import shutil
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from bot.composition import make_listing, open_database
from bot.config import load
from storage.models import Author, Paper, PaperId
from storage.papers import Papers
from storage.watermarks import Watermarks
from tests.wire.lab import START, Lab, open_lab

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from sqlalchemy.ext.asyncio import AsyncConnection

    from tests.wire.discord import Answer
    from tests.wire.discord.model import Message, User
    from tests.wire.discord.record import Request
    from tests.wire.process import ChildProcess

CHINESE = "zh-CN"
PRIVATE = 1 << 6
HARVESTED_SINCE = date(2024, 9, 1)

SURVEY, RESEARCH, ANALYSIS = "Survey Papers", "Research Papers", "Analysis Papers"
SECTIONS = (SURVEY, RESEARCH, ANALYSIS)
NAMES = ("Amber", "Basil", "Cedar", "Daisy", "Elder", "Fennel", "Ginger")
TOPICS = ("dialogue", "tables", "mathematics", "code", "speech", "retrieval", "safety")
LATEX = "100% Synthetic: Data & Models_v2 of $\\alpha$-Mixtures"
ENTRY = "A Page of Data Recipes"
HOSTILE = "@everyone *Distilled* [dialogue](https://evil.example) `rm`"
BEYOND = "Marigold: Distilled Conversations"


def _paper(number: int, title: str, abstract: str, **changes: Any) -> Paper:
    return Paper(
        **{
            "id": PaperId(f"arXiv:2405.{number:05}"),
            "title": title,
            "abstract": abstract,
            "authors": (Author("Müller", "Jörg"), Author("Øvergård", "Åse")),
            "published": date(2024, 5, number),
            "categories": ("cs.CL",),
            **changes,
        }
    )


LISTED = (
    *(
        _paper(
            number,
            f"{name}Synth: Synthetic Data for {topic.title()}",
            f"Annotation is costly. We generate synthetic {topic} corpora with language models.",
        )
        for number, (name, topic) in enumerate(zip(NAMES, TOPICS, strict=True), 1)
    ),
    _paper(
        11,
        "Annotation with Language Models: A Survey",
        "We review how language models annotate text.",
        id=PaperId("arXiv:2302.00011"),
        published=date(2023, 2, 11),
        comment="Accepted at ACL 2024",
    ),
    _paper(12, "Weighting Samples: A Survey", "We review how samples are weighted."),
    _paper(
        13,
        LATEX,
        "We mix sources at ratio $\\alpha$ and measure 100% of them.",
        authors=(Author("Nguyễn", "Thị Ánh"), Author("O'Brien", "Seán"), Author("王", "伟")),
    ),
    _paper(14, "Collapse of Recursive Training", "Models trained on their own text collapse."),
    _paper(
        15,
        "How Abilities are Affected by Composition",
        "We study supervised fine-tuning.",
        id=PaperId("acl:2024.acl-long.12"),
        published=None,
    ),
)
HARVESTED = (
    _paper(21, BEYOND, "We distil conversations about gardening."),
    _paper(22, HOSTILE, "Conversations about gardening that mention @here and <@1>."),
    _paper(23, "Xylophones", "Zithers hum."),
)
PAPER = LISTED[0]


def _markdown() -> bytes:
    """The list in the style of the shipped one; its last entry names no paper anybody knows."""
    parts = {SURVEY: LISTED[7:9], RESEARCH: LISTED[:7], ANALYSIS: LISTED[9:]}
    lines = ["# Reading Room", ""]
    for section, papers in parts.items():
        lines += [f"### {section}", ""]
        for paper in papers:
            place, _, number = paper.id.partition(":")
            url = f"https://arxiv.org/abs/{number}"
            if place == "acl":
                url = f"https://aclanthology.org/{number}/"
            title = paper.title.replace("*", "").replace("_", "\\_").replace("$", "\\$")
            lines += [f"- Müller J, Øvergård Å. {title}[J]. 2024.", "", f"  [Paper]({url})"]
            if paper is PAPER:
                lines.append("  [Project](https://github.com/example/amber)")
            lines.append("")
    lines += [f"- Cook A. {ENTRY}[J]. 2022.", "", "  [Page](https://recipes.example.org/data)", ""]
    return "\n".join(lines).encode()


@dataclass
class Library:
    """The scene, the process that serves it, and a new reader whenever one is needed."""

    lab: Lab
    bot: ChildProcess
    numbers: Iterator[int] = field(default_factory=count)

    def reader(self, locale: str = "") -> User:
        """Somebody who never asked before."""
        discord = self.lab.discord
        member = discord.member(self.lab.guild, f"reader-{next(self.numbers)}")
        if locale:
            discord.speaks(member, locale)
        return member

    async def ask(self, reader: User, command: str, **options: Any) -> Answer:
        """Type `/papers …` and check that the answer is for the reader's eyes only."""
        channel, typed = self.lab.digest, f"papers {command}"
        answer = await self.lab.discord.slash(reader, channel, typed, patience=20, **options)
        return private(answer, reader)

    async def press(self, reader: User, message: Message, label: str) -> Answer:
        """Press a button by what stands on it; whatever comes of it, only the reader sees it."""
        return private(await self.lab.discord.click(reader, message, label=label), reader)

    async def open(self, reader: User, message: Message, number: int) -> Answer:
        """Choose the paper that stands under a number in the menu of a message."""
        (menu,) = [one for one in controls(message) if one["type"] == 3]
        (value,) = [
            one["value"] for one in menu["options"] if one["label"].startswith(f"{number}. ")
        ]
        return private(await self.lab.discord.select(reader, message, [value]), reader)

    async def share(self, reader: User, answer: Answer) -> Message:
        """Press Share and give the message that everybody sees."""
        shared = await self.lab.discord.click(reader, message_of(answer), label="Share")
        assert not shared.ephemeral
        assert shared.message in self.lab.discord.messages(self.lab.digest)
        return message_of(shared)

    def answers(self) -> list[Request]:
        """What the bot sent in answer to interactions, completions left out."""
        sent = self.lab.discord.sent("POST", "/callback")
        return [one for one in sent if one.json["type"] in {4, 7}]


def private(answer: Answer, reader: User) -> Answer:
    """The answer, which nobody else sees and which is no apology."""
    message = message_of(answer)
    assert answer.ephemeral, answer.text
    assert message.flags & PRIVATE
    assert message.visible_to(reader.id)
    assert "went wrong" not in answer.text, answer.text
    assert "出了问题" not in answer.text, answer.text
    return answer


def message_of(answer: Answer) -> Message:
    """The message of an answer, which has one."""
    assert answer.message is not None
    return answer.message


def controls(message: Message) -> list[dict[str, Any]]:
    """Buttons, those that lead somewhere among them, and menus, in order."""
    return [one for row in message.components for one in row["components"]]


def labels(message: Message) -> list[str]:
    """What stands on the buttons."""
    return [one["label"] for one in controls(message) if one["type"] == 2]


def face(message: Message) -> str:
    """All of a message that a press could change."""
    parts = [message.content, message.embeds, message.components]
    return json.dumps(parts, ensure_ascii=False, sort_keys=True)


@asynccontextmanager
async def open_library(
    folder: Path, database: Path, content: bytes | None = None
) -> AsyncIterator[Lab]:
    """A lab whose bot finds the list above, or another one, and the papers."""
    async with open_lab(folder, rate_limits=False, forked=True) as lab:
        (folder / "data").mkdir()
        await asyncio.to_thread(shutil.copy, database, folder / "data" / "papers.db")
        await _stock(lab, _markdown() if content is None else content, empty=content is not None)
        yield lab


async def _stock(lab: Lab, content: bytes, *, empty: bool) -> None:
    settings = load(lab.config, {})

    async def papers(connection: AsyncConnection) -> None:
        await Papers(connection).store((*LISTED, *HARVESTED), START)
        watermarks = Watermarks(connection)
        await watermarks.reach("cs.CL", HARVESTED_SINCE)
        await watermarks.move("cs.CL", START - timedelta(hours=6))

    async with open_database(settings, lab.clock) as database:
        await make_listing(settings, lab.clock, database).take("list.md", content, replace=False)
        if not empty:
            await database.write(papers)
