"""The running bot put together: the ways to arXiv, the use cases, and the commands bound to them.

Apart from the composition of what every command stands on, since aiohttp and the arXiv side are
imported by this module, and most commands start faster without.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import aiohttp
import structlog

from bot.commands import definitions
from bot.commands.digest import DigestCommands
from bot.commands.maintainers import require_maintainer
from bot.commands.papers_group import PapersGroup, PapersServices
from bot.commands.review_group import ReviewGroup, ReviewServices
from bot.console import CONSOLE
from bot.domain.announcements import Calendar
from bot.domain.errors import UserError
from bot.domain.review import Rules
from bot.domain.sentences import sentence
from bot.learning.process import ChildTrainer
from bot.services.desk import Desk
from bot.services.digest_channels import DigestChannels
from bot.services.harvesting import Harvesting
from bot.services.history import HistoryService
from bot.services.intake import Intake
from bot.services.ledger import Ledger
from bot.services.listing import papers_of
from bot.services.ranking import Ranking
from bot.services.reading import Reading
from bot.services.recall import RecallService
from bot.services.review import Review
from bot.services.review_channel import ReviewChannel
from bot.services.sitting import SittingService
from bot.services.submit import Submissions
from bot.services.sweep import SweepService
from bot.services.threshold import Threshold
from bot.services.threshold_preview import ThresholdPreview
from bot.services.training import Training
from bot.services.trouble import Trouble
from bot.sources.anthology import AnthologyLookup
from bot.sources.api import ArxivLookup
from bot.sources.manners import Manners
from bot.sources.oai import OaiHarvester
from bot.sources.openreview import OpenReviewLookup
from bot.sources.window import ArxivWindow

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
    from pathlib import Path

    from bot.commands.registry import Commands
    from bot.composition import Core
    from bot.config import Settings
    from bot.services.ports import PaperLookup
    from storage.database import Database
    from storage.models import Candidate, Paper


log = structlog.get_logger()


class Changes:
    """Lets the Discord face follow decisions once it is up; until then nobody listens.

    `post_again(candidate id)` puts up a card that was deleted, and says what came of it.
    """

    def __init__(self, core: Core) -> None:
        self._core = core
        self._trouble = Trouble("public list not written")
        self.follow: Callable[[], Awaitable[None]] = _nothing
        self.post_again: Callable[[int], Awaitable[str]] = _no_cards_here

    async def decided(self, _candidate: Candidate) -> None:
        """A verdict is committed: publish the list, then let the cards follow."""
        await self.publish()
        await self.follow()

    async def queued(self) -> None:
        """A submission entered the queue."""
        await self.follow()

    async def repost(self, candidate_id: int) -> str:
        """Put a candidate's card up again where somebody deleted it; what there is to say."""
        return await self.post_again(candidate_id)

    async def publish(self) -> None:
        """Let the public copy follow the list; where that fails, the log says so."""
        try:
            await self._core.listing.publish()
        except UserError as error:
            # The verdict stands; the public copy is repaired by the next call.
            self._trouble.met(0, str(error))
        else:
            self._trouble.over(0)


@dataclass(frozen=True, slots=True)
class Arxiv:
    """The ways to arXiv: the route of record, single papers, and the cross-check."""

    harvester: OaiHarvester
    lookup: ArxivLookup
    window: ArxivWindow


@dataclass(frozen=True, slots=True)
class Bot:
    """The use cases and the commands bound to them.

    `changes` tells faces that something was decided or queued; `examples` are the papers of the
    lists that one admires.
    """

    core: Core
    changes: Changes
    arxiv: Arxiv
    examples: tuple[Paper, ...]
    training: Training
    ranking: Ranking
    review: Review
    desk: Desk
    submissions: Submissions
    review_channel: ReviewChannel
    commands: Commands


async def _nothing() -> None:
    return None


async def _no_cards_here(_candidate_id: int) -> str:
    return sentence("Cards stand in Discord: ask there, or wait until `run` is up.")


@asynccontextmanager
async def open_bot(core: Core, *, by_person: bool = True) -> AsyncIterator[Bot]:
    """The use cases and the commands, on one line to arXiv.

    Unless a person waits for a harvest, it keeps to the hours and pauses arXiv asks for.
    """
    arxiv = core.settings.arxiv
    manners = Manners(database=core.database, clock=core.clock, contact=arxiv.contact)
    async with (
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit_per_host=1)) as session,
        ArxivLookup(session=session, manners=manners, base_url=arxiv.api_url) as lookup,
        ArxivWindow(session=session, manners=manners, base_url=arxiv.api_url) as window,
    ):
        harvester = OaiHarvester(
            session=session, manners=manners, base_url=arxiv.oai_url, by_person=by_person
        )
        agent, clock = manners.user_agent, core.clock
        sources: dict[str, PaperLookup] = {
            "arXiv": lookup,
            "acl": AnthologyLookup(session=session, user_agent=agent, clock=clock),
            "openreview": OpenReviewLookup(session=session, user_agent=agent, clock=clock),
        }
        yield _make_bot(core, Arxiv(harvester, lookup, window), sources)


def _make_bot(core: Core, arxiv: Arxiv, sources: Mapping[str, PaperLookup]) -> Bot:
    settings, clock, database = core.settings, core.clock, core.database
    changes = Changes(core)
    examples = _examples(settings.relevance.examples)
    training = _make_training(core, examples)
    threshold = Threshold(database=database, configured=settings.relevance.threshold)
    ranking = Ranking(database=database, training=training, threshold=threshold)
    review = Review(database=database, rules=rules(settings), clock=clock, decided=changes.decided)
    submissions = _make_submissions(core, changes, sources, ranking, review.rules)
    desk = Desk(database=database, ranking=ranking, rules=review.rules)
    channel = make_channel(settings, database)
    cases = _Cases(core, changes, threshold, review, desk, submissions, channel)
    return Bot(
        core=core,
        changes=changes,
        arxiv=arxiv,
        examples=examples,
        training=training,
        ranking=ranking,
        review=review,
        desk=desk,
        submissions=submissions,
        review_channel=channel,
        commands=_make_commands(cases),
    )


def _make_training(core: Core, examples: Sequence[Paper]) -> Training:
    return Training(
        database=core.database,
        trainer=ChildTrainer(),
        clock=core.clock,
        keywords=core.settings.relevance.keywords,
        examples=examples,
    )


def _make_submissions(
    core: Core,
    changes: Changes,
    sources: Mapping[str, PaperLookup],
    ranking: Ranking,
    allowed: Rules,
) -> Submissions:
    return Submissions(
        database=core.database,
        sources=sources,
        ranking=ranking,
        rules=allowed,
        clock=core.clock,
        queued=changes.queued,
    )


def make_channel(settings: Settings, database: Database) -> ReviewChannel:
    """Where the cards go."""
    return ReviewChannel(database=database, configured=settings.review.channel)


def _examples(paths: Sequence[Path]) -> tuple[Paper, ...]:
    """The papers of the Markdown lists that serve as further examples. Raises UserError."""
    found: list[Paper] = []
    for path in paths:
        try:
            content = path.read_bytes()
        except OSError as error:
            raise UserError(
                f"[relevance] examples: {path} cannot be read: {error.strerror}."
            ) from error
        papers = papers_of(content)
        if not papers:
            log.warning("examples name no paper", file=str(path), needs="a list in Markdown")
        found.extend(papers)
    return tuple(found)


def rules(settings: Settings) -> Rules:
    """Who decides. Whoever can type at the console owns the database already."""
    review = settings.review
    return Rules(
        maintainer_roles=frozenset(review.maintainer_roles),
        maintainers=frozenset(review.maintainers) | {CONSOLE.id},
        approvals_needed=review.approvals_needed,
        cards_per_day=review.cards_per_day,
        settle=review.settle,
    )


@dataclass(frozen=True, slots=True)
class _Cases:
    """What the commands are bound to."""

    core: Core
    changes: Changes
    threshold: Threshold
    review: Review
    desk: Desk
    submissions: Submissions
    channel: ReviewChannel


def _make_commands(of: _Cases) -> Commands:
    """The commands of all groups."""
    core = of.core
    reading = Reading(database=core.database, search=core.search)
    papers = PapersServices(
        database=core.database,
        clock=core.clock,
        search=core.search,
        reading=reading,
        submissions=of.submissions,
    )
    groups = definitions.Groups(
        papers=PapersGroup(papers),
        review=ReviewGroup(_review_services(of, reading)),
        digest=_digest_commands(core, of.review.rules),
        search=core.search,
    )
    return definitions.build(groups)


def _review_services(of: _Cases, reading: Reading) -> ReviewServices:
    core, review, desk, threshold = of.core, of.review, of.desk, of.threshold
    database, clock, sets = core.database, core.clock, core.settings.arxiv.sets
    return ReviewServices(
        review=review,
        desk=desk,
        reading=reading,
        submissions=of.submissions,
        channel=of.channel,
        ledger=make_ledger(core),
        sitting=SittingService(database=database, review=review, desk=desk, clock=clock),
        history=HistoryService(database=database, clock=clock),
        sweep=SweepService(
            database=database, rules=review.rules, clock=clock, done=of.changes.queued
        ),
        recall=RecallService(database=database, threshold=threshold, clock=clock, sets=sets),
        threshold=threshold,
        preview=ThresholdPreview(database=database, clock=clock),
        clock=clock,
        repost=of.changes.repost,
    )


def _digest_commands(core: Core, allowed: Rules) -> DigestCommands:
    digest = core.settings.digest
    channels = DigestChannels(
        database=core.database,
        clock=core.clock,
        time=f"{digest.time:%H:%M}",
        zone=str(digest.zone),
    )
    return DigestCommands(
        channels=channels, require_maintainer=partial(require_maintainer, allowed)
    )


def make_ledger(core: Core) -> Ledger:
    """What the harvests of the configured sets did."""
    return Ledger(
        database=core.database,
        clock=core.clock,
        sets=core.settings.arxiv.sets,
        times=core.settings.schedule.harvest,
        calendar=calendar(core.settings),
    )


def make_intake(bot: Bot) -> Intake:
    """The harvest of the configured sets."""
    return Intake(
        database=bot.core.database,
        harvester=bot.arxiv.harvester,
        ranking=bot.ranking,
        clock=bot.core.clock,
        sets=bot.core.settings.arxiv.sets,
        calendar=calendar(bot.core.settings),
        look_back=bot.core.settings.arxiv.look_back,
    )


def make_harvesting(bot: Bot, *, done: Callable[[], Awaitable[None]]) -> Harvesting:
    """The harvest as `run` does it; `done` hears when something may have come."""
    return Harvesting(
        database=bot.core.database,
        intake=make_intake(bot),
        window=bot.arxiv.window,
        clock=bot.core.clock,
        done=done,
    )


def calendar(settings: Settings) -> Calendar:
    """When arXiv announces."""
    return Calendar(frozenset(settings.arxiv.holidays))
