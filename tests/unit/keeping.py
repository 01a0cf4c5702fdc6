"""What members keep, on a real database and index: typed by name, pressed by action."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from bot.commands.keeping_definitions import KeepingGroup, keeping_commands, keeping_presses
from bot.commands.registry import Context
from bot.services.reading import Reading
from bot.services.search import Search
from storage.catalogue import Catalogue
from storage.models import Author, Link, ListedEntry, Member, Paper, PaperId, Via
from storage.papers import Papers
from storage.search import SearchIndex
from tests.factories import ENTRY, PAPER

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.commands.reply import Reply
    from storage.database import Database
    from tests.fakes import FakeClock

ANA, BEN = Member(101, "Ana"), Member(102, "Ben")
SURVEY, HARVESTED = PaperId("arXiv:2402.13446"), PaperId("arXiv:2411.00001")
SECTIONS = ("Survey Papers", "Research Papers", "Tools")

LISTED = (
    ListedEntry(
        "Survey Papers",
        "- Tan Z, Li D. 数据 & =Annotation: A survey[J]. arXiv preprint arXiv:2402.13446, 2024.\n"
        "  [Paper](https://arxiv.org/abs/2402.13446)\n",
        "数据 & =Annotation: A survey",
        (SURVEY,),
        (Author("Tan", "Z"), Author("Li", "D")),
        2024,
        (Link("Paper", "https://arxiv.org/abs/2402.13446"),),
    ),
    ENTRY,
    ListedEntry(
        "Tools", "- [A Tool](https://example.org/tool)\n", "A Tool", links=(
            Link("Link", "https://example.org/tool"),
        ), year=2023,
    ),
)  # fmt: skip
CONTENT = b"# List\n\nAs it stands.\r\n"

KNOWN = (
    PAPER,
    Paper(
        SURVEY,
        "=数据 & {Annotation}: 100% of $\\alpha$",
        (Author("Tan", "Zhen"), Author("李", "四")),
        abstract="We survey annotation.",
        published=date(2024, 2, 21),
        categories=("cs.CL",),
        comment="12 pages; accepted at EMNLP 2024",
        doi="10.1000/x_1",
        aliases=(PaperId("acl:2024.emnlp-main.54"),),
    ),
    replace(PAPER, id=HARVESTED, title="Harvested Only", authors=(Author("Gemini Team"),)),
)


@dataclass
class Keeping:
    """The commands and buttons of what members keep."""

    group: KeepingGroup
    database: Database
    clock: FakeClock

    async def type(
        self, name: str, member: Member = ANA, via: Via = Via.COMMAND, **given: Any
    ) -> Reply:
        """What a command answers."""
        command = next(one for one in keeping_commands(self.group) if one.name == name)
        return await command.run(Context(member, via), given)

    async def press(self, action: str, argument: str, member: Member = ANA) -> Reply:
        """What a button answers."""
        context = Context(member, Via.BUTTON)
        return await keeping_presses(self.group)[action](context, argument, "")


async def open_keeping(database: Database, clock: FakeClock) -> Keeping:
    """A list of three entries, of which one has no paper, and a paper that is not on it."""

    async def work(connection: AsyncConnection) -> None:
        await Papers(connection).store(KNOWN, clock.now())
        await Catalogue(connection).replace("l.md", CONTENT, SECTIONS, LISTED, clock.now())

    await database.write(work)
    search = Search(database=database, index=SearchIndex.open(None, writable=False))
    reading = Reading(database=database, search=search)
    group = KeepingGroup(database=database, clock=clock, search=search, reading=reading)
    return Keeping(group, database, clock)


def said(reply: Reply) -> str:
    """All the text of an answer."""
    lines = ("".join(span.text for span in line.spans) for line in reply.lines)
    return "\n".join([reply.title, *lines, reply.footer])
