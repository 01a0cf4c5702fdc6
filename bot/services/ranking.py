"""How well a paper fits the list: a model made from the list, kept until the list changes."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain import relevance
from bot.services.aside import aside
from storage.catalogue import Catalogue
from storage.changes import Changes
from storage.papers import Papers
from storage.precedence import ANSWERS_FIRST

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.domain.relevance import Model, Score
    from storage.database import Database
    from storage.models import Entry, Paper

BACKGROUND = 2000
"""Papers that came last, against which the list's own words stand out."""

SLICE = 50
"""Papers scored in one go in the worker thread."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A paper with its score and the section it seems to belong to.

    Where a paper was not asked for by anybody and is below the threshold, it has neither reasons
    nor a section.
    """

    paper: Paper
    score: Score
    section: str


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What the list teaches at one of its revisions."""

    revision: int
    model: Model
    sections: tuple[str, ...]
    known: tuple[tuple[str, str], ...]


class Ranking:
    """Scores papers against the list as it stands."""

    def __init__(
        self,
        *,
        database: Database,
        keywords: Mapping[str, float],
        examples: Sequence[Paper] = (),
        threshold: float,
    ) -> None:
        self.threshold = threshold
        self._database = database
        self._keywords = dict(keywords)
        self._examples = tuple(examples)
        self._knowledge: Knowledge | None = None
        self._lock = asyncio.Lock()

    async def knowledge(self, *, of_any_list: bool = False) -> Knowledge:
        """The model of the current list, trained in a thread when the list has changed.

        With `of_any_list` one from before the change will do.
        """
        if of_any_list and self._knowledge is not None:
            return self._knowledge
        async with self._lock:
            known = self._knowledge
            if known is None or known.revision != await self._database.read(_revision):
                known = self._knowledge = await self._train(*await self._database.read(_list_now))
            return known

    def renew(self) -> None:
        """Learn anew at the next use: what is usual on arXiv changes."""
        self._knowledge = None

    async def rank(self, papers: Sequence[Paper]) -> tuple[Ranked, ...]:
        """Score papers in slices, so that the event loop keeps turning."""
        knowledge = await self.knowledge()
        found: list[Ranked] = []
        for start in range(0, len(papers), SLICE):
            await ANSWERS_FIRST.stand_back()
            part = papers[start : start + SLICE]
            found.extend(await aside(_rank_slice, knowledge, part, self.threshold))
        return tuple(found)

    async def judge(self, paper: Paper) -> Ranked:
        """Score one paper that somebody asks for, whatever its score."""
        knowledge = await self.knowledge()
        return await aside(_rank, knowledge, paper)

    async def _train(
        self, revision: int, sections: tuple[str, ...], entries: tuple[tuple[Entry, Paper], ...]
    ) -> Knowledge:
        listed = [(paper, entry.section) for entry, paper in entries]
        positives = [*listed, *((paper, "") for paper in self._examples)]
        background = await self._database.read(_background)
        model = await aside(relevance.train, positives, background, self._keywords)
        known = tuple(
            (paper.title, paper.authors[0].family if paper.authors else "") for paper, _ in listed
        )
        return Knowledge(revision, model, sections, known)


async def _revision(connection: AsyncConnection) -> int:
    return await Catalogue(connection).revision()


async def _list_now(
    connection: AsyncConnection,
) -> tuple[int, tuple[str, ...], tuple[tuple[Entry, Paper], ...]]:
    catalogue = Catalogue(connection)
    entries = [entry for entry in await catalogue.entries() if entry.paper is not None]
    papers = await Papers(connection).get_many([entry.paper for entry in entries if entry.paper])
    sections = tuple(section.title for section in await catalogue.sections())
    pairs = tuple((entry, papers[entry.paper]) for entry in entries if entry.paper in papers)
    return await _revision(connection), sections, pairs


async def _background(connection: AsyncConnection) -> tuple[Paper, ...]:
    latest = await Changes(connection).latest(BACKGROUND)
    found = await Papers(connection).load(latest)
    return tuple(paper for paper in found.values() if paper.abstract)


def _rank_slice(knowledge: Knowledge, papers: Sequence[Paper], least: float) -> list[Ranked]:
    return [_rank(knowledge, paper, least) for paper in papers]


def _rank(knowledge: Knowledge, paper: Paper, least: float = 0.0) -> Ranked:
    model, sections = knowledge.model, knowledge.sections
    score = relevance.score(model, paper, least)
    wanted = score.value >= least
    return Ranked(paper, score, relevance.suggest_section(model, paper, sections) if wanted else "")
