"""The use cases around the review desk, over a board that refuses what Discord refuses."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot.domain.review import EMOJI, Rules
from bot.services.cards import Cards
from bot.services.delivery import Delivery
from bot.services.desk import Desk
from bot.services.digest import DigestService, Editor
from bot.services.listing import Listing
from bot.services.pauses import Pauses
from bot.services.ports import Reaction, Unreachable
from bot.services.ranking import Ranking
from bot.services.review import Review
from bot.services.review_channel import ReviewChannel
from bot.services.threshold import Threshold
from bot.services.training import Training
from storage.candidates import Candidates
from storage.models import Candidate, Member, Origin, Paper
from storage.papers import Papers
from tests.models import StrictTrainer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from storage.database import Database
    from tests.fakes import FakeClock

ANA = Member(1, "Ana")
BEN = Member(2, "Ben")
EVE = Member(3, "Eve")
CHANNEL = 100
MOST_NONCE = 25


@dataclass
class Posted:
    """A message as everybody sees it."""

    channel_id: int
    post: object
    key: str
    signs: list[str] = field(default_factory=list)


@dataclass
class StrictBoard:
    """A channel in memory. `fail_next` is raised by the next call, after its effect if `late`."""

    messages: dict[int, Posted] = field(default_factory=dict)
    reacted: dict[int, list[Reaction]] = field(default_factory=dict)
    fail_next: Unreachable | None = None
    late: bool = False
    forbidden: bool = False
    closed: set[int] = field(default_factory=set)
    refused: str = "\0"
    asked: int = 0
    members: dict[int, Member] = field(default_factory=lambda: {m.id: m for m in (ANA, BEN, EVE)})

    def _check(self, channel_id: int = 0) -> None:
        self.asked += 1
        if self.forbidden or channel_id in self.closed:
            raise Unreachable("missing: Send Messages")
        if self.fail_next is not None and not self.late:
            error, self.fail_next = self.fail_next, None
            raise error

    def _answer(self) -> None:
        if self.fail_next is not None:
            error, self.fail_next = self.fail_next, None
            raise error

    def _message(self, message_id: int) -> Posted:
        if message_id not in self.messages:
            raise Unreachable("unknown message", gone=True)
        return self.messages[message_id]

    async def post(self, channel_id: int, post: object, key: str) -> int:
        assert len(key) <= MOST_NONCE
        self._check(channel_id)
        if self.refused in getattr(post, "title", ""):
            raise Unreachable("400 Bad Request", refused=True)
        message_id = 1000 + len(self.messages)
        self.messages[message_id] = Posted(channel_id, post, key)
        self._answer()
        return message_id

    async def find(self, channel_id: int, key: str, since: datetime) -> int | None:
        assert since.tzinfo is not None
        self._check(channel_id)
        found = [
            message_id
            for message_id, message in self.messages.items()
            if (message.channel_id, message.key) == (channel_id, key)
        ]
        return found[-1] if found else None

    async def seed(self, channel_id: int, message_id: int) -> None:
        self._check(channel_id)
        self._message(message_id).signs = list(EMOJI)

    async def update(self, channel_id: int, message_id: int, card: object, key: str) -> None:
        self._check(channel_id)
        self._message(message_id).post = card

    async def member(self, channel_id: int, member_id: int) -> Member | None:
        self._check(channel_id)
        return self.members.get(member_id)

    async def stands(self, channel_id: int, message_id: int) -> bool:
        self._check(channel_id)
        return message_id in self.messages

    async def reactions(
        self, channel_id: int, message_ids: Sequence[int]
    ) -> dict[int, tuple[Reaction, ...]]:
        self._check(channel_id)
        standing = (one for one in message_ids if one in self.messages)
        return {one: tuple(self.reacted.get(one, ())) for one in standing}


class Shelf:
    """The public list."""

    content = b""

    async def publish(self, _name: str, content: bytes) -> None:
        self.content = content


async def no_backup(_replaced: object) -> None:
    """Nothing is kept."""


@dataclass
class Office:
    """Everything around the review desk, wired as the bot wires it."""

    database: Database
    clock: FakeClock
    board: StrictBoard
    shelf: Shelf
    listing: Listing
    trainer: StrictTrainer
    training: Training
    ranking: Ranking
    review: Review
    desk: Desk
    cards: Cards
    digests: DigestService
    channel: ReviewChannel
    decided: list[Candidate]

    async def candidate(
        self, paper: Paper, origin: Origin = Origin.HARVEST, score: float = 0.9
    ) -> Candidate:
        """Store a paper and queue it."""
        now = self.clock.now()
        await self.database.write(lambda c: Papers(c).store([paper], now))
        queued = await self.database.write(
            lambda c: Candidates(c).queue(
                paper.id,
                score=score,
                reasons=("synthetic data",),
                section="Research Papers",
                origin=origin,
                submitter=None,
                now=now,
            )
        )
        assert queued is not None
        return queued

    async def now_of(self, candidate: Candidate) -> Candidate:
        """The candidate as it stands."""
        found = await self.database.read(lambda c: Candidates(c).get(candidate.id))
        assert found is not None
        return found

    async def text(self) -> str:
        """The list's file."""
        document = await self.listing.document()
        assert document is not None
        return document.content.decode()


async def open_office(database: Database, clock: FakeClock, **rules: Any) -> Office:
    """The desk over the shipped list. Ana and Ben are maintainers."""
    board, shelf, decided = StrictBoard(), Shelf(), []
    listing = Listing(database=database, publisher=shelf, clock=clock, back_up=no_backup)
    await listing.ensure()

    async def hear(candidate: Candidate) -> None:
        decided.append(candidate)

    allowed = Rules(**{"maintainers": frozenset({ANA.id, BEN.id}), **rules})
    review = Review(database=database, rules=allowed, clock=clock, decided=hear)
    trainer = StrictTrainer()
    training = Training(
        database=database, trainer=trainer, clock=clock, keywords={"synthetic data": 1.0}
    )
    threshold = Threshold(database=database, configured=0.5)
    ranking = Ranking(database=database, training=training, threshold=threshold)
    desk = Desk(database=database, ranking=ranking, rules=allowed)
    pauses = Pauses(clock)
    delivery = Delivery(database=database, clock=clock)
    channel = ReviewChannel(database=database, configured=CHANNEL)
    cards = Cards(
        database=database,
        board=board,
        delivery=delivery,
        desk=desk,
        review=review,
        channel=channel,
        clock=clock,
        pauses=pauses,
    )
    digests = DigestService(
        database=database,
        announcer=board,
        delivery=delivery,
        editor=Editor(database=database, sets=("cs.CL",)),
        clock=clock,
        settle=timedelta(minutes=3),
        pauses=pauses,
    )
    return Office(
        database,
        clock,
        board,
        shelf,
        listing,
        trainer,
        training,
        ranking,
        review,
        desk,
        cards,
        digests,
        channel,
        decided,
    )
