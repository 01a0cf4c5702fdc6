"""What the ranker learns from, read from the database piece by piece, in an order of its own."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections import Counter
from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING

from bot.domain.rejections import COVERED
from bot.services import shelves
from bot.services.sweep import was_swept
from storage.lessons import NEWEST
from storage.models import Example, Label
from storage.precedence import ANSWERS_FIRST

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping, Sequence

    from bot.services.shelves import Found, Page
    from storage.database import Database
    from storage.models import Paper

MOST_BACKGROUND = 24_000
"""Papers that nobody has judged, the newest: about a month of the default categories."""

STEP = 50
"""Papers given between two turns of the event loop: about 2 ms."""


class TrainingSet:
    """Reads what the ranker learns from; `examples` are the papers of lists that one admires."""

    def __init__(self, database: Database, examples: Sequence[Paper] = ()) -> None:
        self._database = database
        self._examples = tuple(examples)
        self._shelves: tuple[tuple[Callable[..., Awaitable[Page]], int | str], ...] = (
            (shelves.listed, 0),
            (shelves.approved, 0),
            (shelves.without_paper, 0),
            (shelves.judged, 0),
            (partial(shelves.admired, self._examples), 0),
            (shelves.background, NEWEST),
        )

    async def read(self) -> AsyncGenerator[Example, None]:
        """Each paper once; the same database gives the same ones in the same order.

        Whoever waits for an answer goes first. Raises StorageError.
        """
        sieve, given = _Sieve(), 0
        for shelf, first in self._shelves:
            place: int | str | None = first
            while place is not None and not sieve.full:
                await ANSWERS_FIRST.stand_back()
                page = await self._database.read(partial(shelf, place))
                place = page.next
                for example in sieve.pick(page.found):
                    yield example
                    given += 1
                    if given % STEP == 0:
                        await asyncio.sleep(0)


class _Sieve:
    """Lets each paper through once, by its id and its title: the first of them counts."""

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._unwanted: set[str] = set()
        self._left = MOST_BACKGROUND

    @property
    def full(self) -> bool:
        """Whether there is background enough."""
        return self._left <= 0

    def pick(self, found: Sequence[Found]) -> Iterator[Example]:
        """What of it teaches, and was not there before."""
        for one in found:
            if self._is_new(one) and one.label is not None and (one.title or one.abstract):
                yield Example(one.id, one.title, one.abstract, one.label, one.reason)

    def _is_new(self, one: Found) -> bool:
        names = one.names()
        if one.label is Label.REJECTED and says_nothing(one.reason):
            # It is as good as unjudged, but nobody wants more of its like because others list it.
            self._unwanted |= names
            return False
        if names & self._seen or (one.label is Label.EXAMPLE and names & self._unwanted):
            return False
        if one.label is Label.UNLABELLED:
            if self.full:
                return False
            self._left -= 1
        self._seen |= names
        return True


def says_nothing(reason: str) -> bool:
    """Whether a rejection for this reason says nothing about a paper's topic."""
    return was_swept(reason) or reason == COVERED


class Tally:
    """How many examples of each kind went by, and the fingerprint of all that is learnt from."""

    def __init__(self, keywords: Mapping[str, float], model_format: int) -> None:
        self.counts: Counter[Label] = Counter()
        self._digest = hashlib.sha256(_packed([model_format, sorted(keywords.items())]))

    async def of(self, examples: AsyncGenerator[Example, None]) -> AsyncGenerator[Example, None]:
        """The same examples, taken note of as they go by."""
        async with aclosing(examples):
            async for one in examples:
                self.counts[one.label] += 1
                said = [one.id, one.title, one.abstract, one.label, one.reason]
                self._digest.update(_packed(said))
                yield one

    @property
    def fingerprint(self) -> str:
        """The same one means that the same is learnt."""
        return self._digest.hexdigest()


def _packed(value: object) -> bytes:
    return json.dumps(value).encode("ascii") + b"\n"
