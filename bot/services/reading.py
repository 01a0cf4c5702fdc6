"""Single papers and entries, as readers look at them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain import identify
from bot.domain import review as rules_of_review
from bot.domain.errors import NotFound
from storage.catalogue import Catalogue
from storage.papers import Papers

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.services.search import Search
    from storage.database import Database
    from storage.models import Entry, Link, Paper, PaperId


@dataclass(frozen=True, slots=True)
class Shown:
    """A paper, its entry, or both. `section` is empty where it is not on the list."""

    paper: Paper | None
    entry: Entry | None

    @property
    def title(self) -> str:
        """The paper's title, else the entry's."""
        if self.paper is not None and self.paper.title:
            return self.paper.title
        return self.entry.title if self.entry else ""

    @property
    def url(self) -> str:
        """The paper's page, else the entry's first link, else nothing."""
        if self.paper is not None:
            return identify.abs_url(self.paper.id)
        return self.links[0].url if self.links else ""

    @property
    def section(self) -> str:
        """The section it stands in."""
        return self.entry.section if self.entry else ""

    @property
    def added_at(self) -> datetime | None:
        """When it came onto the list, where that is known."""
        return self.entry.added_at if self.entry else None

    @property
    def links(self) -> tuple[Link, ...]:
        """The entry's links as the list labels them, else the paper's."""
        if self.entry is not None and self.entry.links:
            return self.entry.links
        return self.paper.links if self.paper else ()


class Reading:
    """Finds what a reader names."""

    def __init__(self, *, database: Database, search: Search) -> None:
        self._database = database
        self._search = search

    async def show(self, text: str) -> Shown:
        """The paper a reader means by an id, a link or words of its title.

        Raises:
            NotFound: nothing known fits.
        """
        paper_id = identify.identify(text)
        if paper_id is not None:
            found = await self._database.read(lambda c: _known(c, paper_id))
            if found is None:
                raise NotFound(
                    f"I do not know {paper_id}. Suggest it with /papers submit, "
                    "or look for it with /papers search."
                )
            return found
        results = await self._search.search(text, scope="everything", limit=1)
        if not results.results:
            raise NotFound(
                f"Nothing found for “{text[:100]}”. Try /papers search with fewer words."
            )
        return Shown(results.results[0].paper, results.results[0].entry)

    async def latest(self, limit: int, section: str = "") -> tuple[Shown, ...]:
        """The entries that came last, newest first.

        Raises:
            NotFound: no section is called so.
        """

        async def work(connection: AsyncConnection) -> tuple[Shown, ...]:
            catalogue = Catalogue(connection)
            titles = [one.title for one in await catalogue.sections()]
            wanted = rules_of_review.choose_section(section, titles) if section else None
            entries = await catalogue.latest(limit, wanted)
            papers = await Papers(connection).get_many([e.paper for e in entries if e.paper])
            return tuple(Shown(papers.get(e.paper) if e.paper else None, e) for e in entries)

        return await self._database.read(work)


async def _known(connection: AsyncConnection, paper_id: PaperId) -> Shown | None:
    paper = await Papers(connection).get(paper_id)
    if paper is None:
        return None
    return Shown(paper, await Catalogue(connection).entry_of(paper.id))
