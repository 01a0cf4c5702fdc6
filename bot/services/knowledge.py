"""What the list teaches at once, without any training: sections, neighbours, titles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from bot.domain.neighbours import Neighbours
from bot.domain.sections import Sections
from bot.services.versions import READ
from storage.catalogue import Catalogue
from storage.papers import Papers
from storage.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.domain.features import Vocabulary
    from storage.models import Paper


class Moment(NamedTuple):
    """The list's revision, and when abstracts of its papers came last."""

    revision: int
    abstracts: str | None


class ListNow(NamedTuple):
    """The list as it stands: its headings, and its papers, each with its section."""

    moment: Moment
    sections: tuple[str, ...]
    papers: tuple[tuple[Paper, str], ...]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What the list teaches at a moment, with the words of one version of the ranker.

    `known` are the titles of its papers with the family name of the first author.
    """

    moment: Moment
    ranker: int | None
    sections: tuple[str, ...]
    fitting: Sections
    neighbours: Neighbours
    known: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, now: ListNow, ranker: int | None, vocabulary: Vocabulary | None) -> Knowledge:
        """Learn from the list; 1,200 papers with abstracts take about a second."""
        papers = tuple(paper for paper, _ in now.papers)
        return cls(
            now.moment,
            ranker,
            now.sections,
            Sections.learn(now.papers, now.sections),
            Neighbours(papers, vocabulary),
            tuple((one.title, one.authors[0].family if one.authors else "") for one in papers),
        )


async def moment_of(connection: AsyncConnection) -> Moment:
    """How far the list is."""
    revision = await Catalogue(connection).revision()
    return Moment(revision, await Settings(connection).get(READ))


async def list_now(connection: AsyncConnection) -> ListNow:
    """The list with the papers its entries name."""
    catalogue = Catalogue(connection)
    entries = [entry for entry in await catalogue.entries() if entry.paper is not None]
    papers = await Papers(connection).get_many([entry.paper for entry in entries if entry.paper])
    sections = tuple(section.title for section in await catalogue.sections())
    placed = tuple(
        (papers[entry.paper], entry.section) for entry in entries if entry.paper in papers
    )
    return ListNow(await moment_of(connection), sections, placed)
