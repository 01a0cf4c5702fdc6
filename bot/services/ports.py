"""What the services need from outside, as Protocols.

Chat, sources, publish and the root supply them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence
    from datetime import date, datetime

    from bot.domain.cards import Card, DigestPost, OutcomePost
    from storage.models import Example, Member, Paper, PaperId


class Clock(Protocol):
    """The one place time comes from."""

    def now(self) -> datetime:
        """The current instant, aware, in UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Pause the calling task."""
        ...


@dataclass(frozen=True, slots=True)
class HarvestPage:
    """One page of a harvest. `last` is true when no resumption token follows.

    `response_date` is arXiv's clock; `faults` names each record that could not be read, and
    `requests` is how many it took until arXiv was not busy.
    """

    papers: tuple[Paper, ...]
    deleted: tuple[PaperId, ...]
    response_date: datetime
    last: bool
    faults: tuple[str, ...] = ()
    requests: int = 1


class Harvester(Protocol):
    """The route of record: every record of a set modified since a day."""

    def pages(
        self, set_name: str, since: date, until: date | None = None
    ) -> AsyncIterator[HarvestPage]:
        """Yield pages in order. `set_name` is a category (`cs.CL`). Raises SourceError.

        Never a false end.
        """
        ...


@dataclass(frozen=True, slots=True)
class WindowSlice:
    """All papers of one slice of a window, each once, and how many requests they took."""

    papers: tuple[Paper, ...]
    requests: int


class PaperWindow(Protocol):
    """The cross-check: papers by the day of their submission."""

    def submitted(
        self, sets: Sequence[str], since: datetime, until: datetime
    ) -> AsyncIterator[WindowSlice]:
        """Yield all papers of any of these categories submitted from `since` to `until`, in slices.

        A slice is only given when arXiv sent as many papers as it said there are. Raises
        SourceError.
        """
        ...


class PaperLookup(Protocol):
    """Single papers by id."""

    async def lookup(self, ids: Sequence[PaperId]) -> tuple[Paper, ...]:
        """The papers that exist among `ids` (arXiv ids only), in any order. Raises SourceError."""
        ...


@dataclass(frozen=True, slots=True)
class Reaction:
    """One member's reaction on a card, in plain values."""

    member: Member
    emoji: str


class Unreachable(Exception):
    """A message could not be sent, edited or read: the text says which channel and why.

    Whether it was sent is unknown when `ambiguous` (dropped connection, 503); otherwise it was not.
    `gone` says that the message itself no longer exists (it was deleted by hand), `refused` that
    Discord does not take this one message as it is (400): others may pass; `closed` that a member
    takes no direct messages.
    """

    def __init__(
        self,
        reason: str,
        *,
        ambiguous: bool = False,
        gone: bool = False,
        refused: bool = False,
        closed: bool = False,
    ) -> None:
        super().__init__(reason)
        self.ambiguous = ambiguous
        self.gone = gone
        self.refused = refused
        self.closed = closed


class ReviewBoard(Protocol):
    """The review channel."""

    async def post(self, channel_id: int, post: Card, key: str) -> int:
        """Send a card and return its message id. Raises Unreachable."""
        ...

    async def find(self, channel_id: int, key: str, since: datetime) -> int | None:
        """The bot's own message with this key, or None. Raises Unreachable."""
        ...

    async def seed(self, channel_id: int, message_id: int) -> None:
        """Put the reactions a maintainer presses under the card. Raises Unreachable."""
        ...

    async def update(self, channel_id: int, message_id: int, card: Card, key: str) -> None:
        """Edit a card so that it shows `card`. Raises Unreachable."""
        ...

    async def reactions(
        self, channel_id: int, message_ids: Sequence[int]
    ) -> Mapping[int, tuple[Reaction, ...]]:
        """All members' deciding reactions on each of these cards of a channel.

        Roles are fetched afresh, bots left out; a card that was deleted is not among the keys.
        Raises Unreachable.
        """
        ...

    async def member(self, channel_id: int, member_id: int) -> Member | None:
        """A member of the channel's server with the roles held now, or None. Raises Unreachable."""
        ...

    async def stands(self, channel_id: int, message_id: int) -> bool:
        """Whether a card was not deleted. Raises Unreachable."""
        ...


class Courier(Protocol):
    """Direct messages, and what is said to one member in a channel."""

    async def open(self, member_id: int) -> int:
        """The channel of a member's direct messages. Raises Unreachable."""
        ...

    async def post(self, channel_id: int, post: OutcomePost, key: str) -> int:
        """Say it, and return the message id. Raises Unreachable."""
        ...

    async def find(self, channel_id: int, key: str, since: datetime) -> int | None:
        """The bot's own message with this key, or None. Raises Unreachable."""
        ...


class Announcer(Protocol):
    """The digest channels."""

    async def post(self, channel_id: int, post: DigestPost, key: str) -> int:
        """Send a digest and return its message id. Raises Unreachable."""
        ...

    async def update(self, channel_id: int, message_id: int, post: DigestPost, key: str) -> None:
        """Edit a digest so that it shows `post`. Raises Unreachable."""
        ...

    async def find(self, channel_id: int, key: str, since: datetime) -> int | None:
        """The bot's own message with this key, or None. Raises Unreachable."""
        ...


class ListPublisher(Protocol):
    """Where the public list goes."""

    async def publish(self, name: str, content: bytes) -> None:
        """Make the public copy equal to `content`. Raises UserError."""
        ...


class Trainer(Protocol):
    """Where the ranker learns: away from the event loop."""

    async def train(self, keywords: Mapping[str, float], examples: AsyncIterator[Example]) -> bytes:
        """The model learnt from `examples`, as `Model.dump` gives it. Raises TrainingFailed.

        The examples are read as they are needed, and closed at the end where they can be. What
        reading them raises is passed on. Whoever cancels this leaves nothing running.
        """
        ...
