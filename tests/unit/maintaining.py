"""All of /review on a real database, typed and pressed by name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.commands import definitions
from bot.commands.digest import DigestCommands
from bot.commands.papers_group import PapersGroup, PapersServices
from bot.commands.registry import Commands, Context
from bot.commands.review_group import ReviewGroup, ReviewServices
from bot.console import arguments, find
from bot.console import render as in_terminal
from bot.domain.announcements import Calendar
from bot.services.digest_channels import DigestChannels
from bot.services.history import HistoryService
from bot.services.ledger import Ledger
from bot.services.reading import Reading
from bot.services.recall import RecallService
from bot.services.search import Search
from bot.services.sitting import SittingService
from bot.services.submit import Submissions
from bot.services.sweep import SweepService
from bot.services.threshold import Threshold
from bot.services.threshold_preview import ThresholdPreview
from storage.models import Candidate, Member, Paper, PaperId, Via
from storage.search import SearchIndex
from tests.factories import paper
from tests.unit.desk import ANA, CHANNEL, Office, open_office

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.commands.reply import Button, Reply
    from storage.database import Database
    from tests.fakes import FakeClock

GUILD = 10


@dataclass
class Archive:
    """arXiv: it has every paper that is asked for."""

    asked: list[PaperId] = field(default_factory=list)

    async def lookup(self, ids: Sequence[PaperId]) -> tuple[Paper, ...]:
        self.asked += ids
        return tuple(paper(id=one, title=f"A Paper Called {one}") for one in ids)


@dataclass
class Desks:
    """The office with its commands, as maintainers use them."""

    office: Office
    commands: Commands
    history: HistoryService
    followed: list[str]
    reposted: list[int]

    async def type(self, line: str, member: Member = ANA, via: Via = Via.COMMAND) -> Reply:
        """What a member is answered who types a command."""
        command, rest = find(self.commands, line.removeprefix("/"))
        return await command.run(_context(member, via), arguments(command, rest))

    async def read(self, line: str, member: Member = ANA, via: Via = Via.CONSOLE) -> list[str]:
        """The same as a terminal shows it."""
        return in_terminal(await self.type(line, member, via)).splitlines()

    async def press(
        self, action: str, argument: str, value: str = "", member: Member = ANA
    ) -> Reply:
        """What pressing a button answers."""
        return await self.commands.press(_context(member, Via.BUTTON), action, argument, value)

    async def push(self, reply: Reply, label: str, member: Member = ANA) -> Reply:
        """Press the button of a reply that is called so."""
        button = button_of(reply, label)
        return await self.press(button.action, button.argument, member=member)

    async def papers(self, count: int, **more: object) -> list[Candidate]:
        """So many candidates, the best first."""
        return [
            await self.office.candidate(
                paper(id=PaperId(f"arXiv:2409.1{number:04}"), title=f"Paper {number} on Data"),
                **{"score": 0.9 - number / 1000, **more},  # type: ignore[arg-type]
            )
            for number in range(1, count + 1)
        ]


def _context(member: Member, via: Via) -> Context:
    at_console = via is Via.CONSOLE
    return Context(member, via, None if at_console else CHANNEL, None if at_console else GUILD)


def button_of(reply: Reply, label: str) -> Button:
    """The button of a reply that is called so."""
    (button,) = [button for button in reply.buttons if button.label == label]
    return button


def shown(reply: Reply) -> list[str]:
    """What a terminal shows of a reply."""
    return in_terminal(reply).splitlines()


async def open_desks(database: Database, clock: FakeClock, **rules: object) -> Desks:
    """The office over the shipped list; Ana and Ben are maintainers, Eve is none."""
    office = await open_office(database, clock, **rules)
    followed: list[str] = []
    reposted: list[int] = []

    async def queued() -> None:
        followed.append("queued")

    async def repost(candidate: int) -> str:
        reposted.append(candidate)
        return "Its card is put up again."

    search = Search(database=database, index=SearchIndex.open(None, writable=False))
    reading = Reading(database=database, search=search)
    review, desk = office.review, office.desk
    submissions = Submissions(
        database=database,
        sources={"arXiv": Archive()},
        ranking=office.ranking,
        rules=review.rules,
        clock=clock,
        queued=queued,
    )
    history = HistoryService(database=database, clock=clock)
    threshold = Threshold(database=database, configured=0.5)
    group = ReviewGroup(
        ReviewServices(
            review=review,
            desk=desk,
            reading=reading,
            submissions=submissions,
            channel=office.channel,
            ledger=Ledger(
                database=database, clock=clock, sets=("cs.CL",), times=(), calendar=Calendar()
            ),
            sitting=SittingService(database=database, review=review, desk=desk, clock=clock),
            history=history,
            sweep=SweepService(database=database, rules=review.rules, clock=clock, done=queued),
            recall=RecallService(
                database=database, threshold=threshold, clock=clock, sets=("cs.CL",)
            ),
            threshold=threshold,
            preview=ThresholdPreview(database=database, clock=clock),
            clock=clock,
            repost=repost,
        )
    )
    channels = DigestChannels(database=database, clock=clock, time="09:00", zone="UTC")
    commands = definitions.build(
        definitions.Groups(
            papers=PapersGroup(
                PapersServices(
                    database=database,
                    clock=clock,
                    search=search,
                    reading=reading,
                    submissions=submissions,
                )
            ),
            review=group,
            digest=DigestCommands(channels=channels, require_maintainer=lambda _: None),
            search=search,
        )
    )
    return Desks(office, commands, history, followed, reposted)
