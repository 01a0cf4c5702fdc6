"""Where papers that teach the ranker stand: the list, the candidates, other lists, the rest.

Each shelf is read in pages: it is asked for what comes from a place on, and gives the next place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bot.domain import outcomes
from bot.domain.duplicates import title_key
from storage.history import History
from storage.lessons import Lessons
from storage.models import CandidateState, Label
from storage.papers import Papers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from storage.lessons import Lesson
    from storage.models import Paper, PaperId

PAGE = 500
"""Papers read at once."""

_APPROVED = (CandidateState.APPROVED,)
_OTHERS = tuple(state for state in CandidateState if state is not CandidateState.APPROVED)


class Found(NamedTuple):
    """Something that may teach. Without a label it teaches nothing, nor does what repeats it."""

    id: str
    title: str
    abstract: str
    label: Label | None
    reason: str = ""

    def names(self) -> set[str]:
        """What it and its twins are known by."""
        return {self.id, title_key(self.title)} - {""}


class Page(NamedTuple):
    """Some of what was found, and the place from which on there is more, None at the end."""

    found: list[Found]
    next: int | str | None


async def listed(after: int, connection: AsyncConnection) -> Page:
    """The papers of the list."""
    page = await Lessons(connection).listed(after, PAGE)
    return _page(page, [_found(one, Label.LISTED) for one in page])


async def approved(after: int, connection: AsyncConnection) -> Page:
    """What was approved, be it on the list or not any more."""
    page = await Lessons(connection).proposed(_APPROVED, after, PAGE)
    return _page(page, [_found(one, Label.LISTED) for one in page])


async def without_paper(after: int, connection: AsyncConnection) -> Page:
    """Entries of the list that name no paper, by their own titles."""
    page = await Lessons(connection).without_paper(after, PAGE)
    found = [Found(_by_title(one.title), one.title, "", Label.LISTED) for one in page]
    return _page(page, found)


async def judged(after: int, connection: AsyncConnection) -> Page:
    """What was turned down; what waits, or was withdrawn, teaches nothing."""
    page = await Lessons(connection).proposed(_OTHERS, after, PAGE)
    rejected = [one.number for one in page if one.state is CandidateState.REJECTED]
    verdicts = await History(connection).of_candidates(rejected)
    found: list[Found] = []
    for one in page:
        turned_down = outcomes.rejection(verdicts.get(one.number, ()))
        is_rejected = one.state is CandidateState.REJECTED
        reason = turned_down.reason if is_rejected and turned_down else ""
        found.append(_found(one, Label.REJECTED if is_rejected else None)._replace(reason=reason))
    return _page(page, found)


async def admired(examples: Sequence[Paper], start: int, connection: AsyncConnection) -> Page:
    """The papers of example lists, as they are stored where they are."""
    some = examples[start : start + PAGE]
    known = await Papers(connection).get_many({name for one in some for name in names_of(one)})
    found = [_admired_one(one, known) for one in some]
    end = start + PAGE
    return Page(found, end if end < len(examples) else None)


def names_of(paper: Paper) -> tuple[PaperId, ...]:
    """All ids of a paper, as far as it has any."""
    return tuple(one for one in (paper.id, *paper.aliases) if one)


def _admired_one(example: Paper, known: Mapping[PaperId, Paper]) -> Found:
    paper = next((known[one] for one in names_of(example) if one in known), None)
    if paper is not None and paper.title:
        label = None if paper.withdrawn else Label.EXAMPLE
        return Found(paper.id, paper.title, paper.abstract, label)
    return Found(example.id or _by_title(example.title), example.title, "", Label.EXAMPLE)


def _by_title(title: str) -> str:
    """What stands for the id where a list names no paper."""
    return f"title:{title_key(title) or title}"


async def background(before: str, connection: AsyncConnection) -> Page:
    """What is stored with its abstract, the newest first."""
    page = await Lessons(connection).before(before, PAGE)
    found = [Found(str(one.paper), one.title, one.abstract, Label.UNLABELLED) for one in page]
    return Page(found, str(page[-1].paper) if len(page) == PAGE else None)


def _found(lesson: Lesson, label: Label | None) -> Found:
    return Found(
        str(lesson.paper), lesson.title, lesson.abstract, None if lesson.withdrawn else label
    )


def _page(page: Sequence[Lesson], found: list[Found]) -> Page:
    return Page(found, page[-1].number if len(page) == PAGE else None)
