"""What the ranker learns from, read from the database piece by piece, in an order of its own."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections import Counter
from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from bot.domain import outcomes
from bot.domain.duplicates import title_key
from bot.services.sweep import was_swept
from storage.history import History
from storage.lessons import NEWEST, Lessons
from storage.models import CandidateState, Example, Label
from storage.papers import Papers
from storage.precedence import ANSWERS_FIRST

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping, Sequence
    from typing import Any

    from sqlalchemy.ext.asyncio import AsyncConnection

    from storage.database import Database
    from storage.lessons import Lesson
    from storage.models import Paper, PaperId

MOST_BACKGROUND = 24_000
"""Papers that nobody has judged, the newest: about a month of the default categories."""

COVERED = "covered already"
"""The reason recorded where a rejected paper is on topic, but stands on the list as another."""

PAGE = 500
"""Papers read at once."""

STEP = 50
"""Papers given between two turns of the event loop: about 2 ms."""

_APPROVED = (CandidateState.APPROVED,)
_OTHERS = tuple(state for state in CandidateState if state is not CandidateState.APPROVED)


class _Found(NamedTuple):
    """Something that may teach. Without a label it teaches nothing, nor does what repeats it."""

    id: str
    title: str
    abstract: str
    label: Label | None
    reason: str = ""

    def names(self) -> set[str]:
        """What it and its twins are known by."""
        return {self.id, title_key(self.title)} - {""}


class _Page(NamedTuple):
    """Some of what was found, and the place from which on there is more, None at the end."""

    found: list[_Found]
    next: int | str | None


class TrainingSet:
    """Reads what the ranker learns from; `examples` are the papers of lists that one admires."""

    def __init__(self, database: Database, examples: Sequence[Paper] = ()) -> None:
        self._database = database
        self._examples = tuple(examples)
        self._shelves: tuple[tuple[Callable[..., Awaitable[_Page]], int | str], ...] = (
            (_listed, 0),
            (_approved, 0),
            (_without_paper, 0),
            (_judged, 0),
            (partial(_admired, self._examples), 0),
            (_background, NEWEST),
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

    def pick(self, found: Sequence[_Found]) -> Iterator[Example]:
        """What of it teaches, and was not there before."""
        for one in found:
            if self._is_new(one) and one.label is not None and (one.title or one.abstract):
                yield Example(one.id, one.title, one.abstract, one.label, one.reason)

    def _is_new(self, one: _Found) -> bool:
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


async def _listed(after: int, connection: AsyncConnection) -> _Page:
    page = await Lessons(connection).listed(after, PAGE)
    return _page(page, [_found(one, Label.LISTED) for one in page])


async def _approved(after: int, connection: AsyncConnection) -> _Page:
    page = await Lessons(connection).proposed(_APPROVED, after, PAGE)
    return _page(page, [_found(one, Label.LISTED) for one in page])


async def _without_paper(after: int, connection: AsyncConnection) -> _Page:
    page = await Lessons(connection).without_paper(after, PAGE)
    found = [_Found(f"entry:{one.number}", one.title, "", Label.LISTED) for one in page]
    return _page(page, found)


async def _judged(after: int, connection: AsyncConnection) -> _Page:
    """What was turned down; what waits, or was withdrawn, teaches nothing."""
    page = await Lessons(connection).proposed(_OTHERS, after, PAGE)
    rejected = [one.number for one in page if one.state is CandidateState.REJECTED]
    verdicts = await History(connection).of_candidates(rejected)
    found: list[_Found] = []
    for one in page:
        turned_down = outcomes.rejection(verdicts.get(one.number, ()))
        is_rejected = one.state is CandidateState.REJECTED
        reason = turned_down.reason if is_rejected and turned_down else ""
        found.append(_found(one, Label.REJECTED if is_rejected else None)._replace(reason=reason))
    return _page(page, found)


async def _admired(examples: Sequence[Paper], start: int, connection: AsyncConnection) -> _Page:
    """The papers of example lists, as they are stored where they are."""
    some = examples[start : start + PAGE]
    known = await Papers(connection).get_many({name for one in some for name in names_of(one)})
    found = [_admired_one(one, known) for one in some]
    end = start + PAGE
    return _Page(found, end if end < len(examples) else None)


def names_of(paper: Paper) -> tuple[PaperId, ...]:
    """All ids of a paper, as far as it has any."""
    return tuple(one for one in (paper.id, *paper.aliases) if one)


def _admired_one(example: Paper, known: Mapping[PaperId, Paper]) -> _Found:
    paper = next((known[one] for one in names_of(example) if one in known), None)
    if paper is not None and paper.title:
        label = None if paper.withdrawn else Label.EXAMPLE
        return _Found(paper.id, paper.title, paper.abstract, label)
    return _Found(
        example.id or f"title:{title_key(example.title) or example.title}",
        example.title,
        "",
        Label.EXAMPLE,
    )


async def _background(before: str, connection: AsyncConnection) -> _Page:
    page = await Lessons(connection).before(before, PAGE)
    found = [_Found(str(one.paper), one.title, one.abstract, Label.UNLABELLED) for one in page]
    return _Page(found, str(page[-1].paper) if len(page) == PAGE else None)


def _found(lesson: Lesson, label: Label | None) -> _Found:
    return _Found(
        str(lesson.paper), lesson.title, lesson.abstract, None if lesson.withdrawn else label
    )


def _page(page: Sequence[Any], found: list[_Found]) -> _Page:
    return _Page(found, page[-1].number if len(page) == PAGE else None)
