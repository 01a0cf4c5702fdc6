"""Single papers and entries, as readers look at them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bot.domain import identify
from bot.domain import review as rules_of_review
from bot.domain.errors import NotFound
from bot.domain.sentences import sentence
from bot.services.search_request import SearchRequest
from bot.services.shown import Shown
from storage.catalogue import Catalogue
from storage.listing import entry_id_of
from storage.models import PaperId
from storage.papers import Papers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.services.search import Search
    from storage.database import Database
    from storage.models import Entry

__all__ = ["Latest", "Reading", "Shown", "shown_entries"]

QUOTED = 100
"""Characters of what was typed that an error repeats."""


class Latest(NamedTuple):
    """Some entries, how many there are in all, and the section they were asked of."""

    shown: tuple[Shown, ...]
    total: int
    section: str


class Reading:
    """Finds what a reader names."""

    def __init__(self, *, database: Database, search: Search) -> None:
        self._database = database
        self._search = search

    async def show(self, text: str) -> Shown:
        """The paper a reader means by an id, a link, `entry:ID` or words of its title.

        Raises:
            NotFound: nothing known fits.
        """
        key = text.strip()
        paper_id = identify.identify(key)
        found = await self._database.read(lambda c: _known(c, key, paper_id))
        if found is not None:
            return found
        if paper_id is not None:
            raise NotFound(
                sentence(
                    "I do not know {paper}. Suggest it with /papers submit, "
                    "or look for it with /papers search.",
                    paper=paper_id,
                )
            )
        return await self._by_title(key)

    async def _by_title(self, typed: str) -> Shown:
        """What completion proposes first, else what is found best among everything known."""
        told = any(map(str.isalnum, typed))
        proposed = await self._search.suggest(typed, limit=1) if told else ()
        if proposed:
            key = proposed[0][1]
            found = await self._database.read(lambda c: _known(c, key, None))
            if found is not None:
                return found
        everything = SearchRequest(typed, scope="everything")
        for result in (await self._search.search(everything, limit=1)).results:
            return Shown(result.paper, result.entry)
        raise NotFound(
            sentence(
                "Nothing found for “{query}”. Try /papers search with fewer words.",
                query=typed[:QUOTED],
            )
        )

    async def latest(self, limit: int, section: str = "", offset: int = 0) -> Latest:
        """The entries that came last, newest first.

        Raises:
            NotFound: no section is called so.
        """

        async def work(connection: AsyncConnection) -> Latest:
            catalogue = Catalogue(connection)
            sections = {one.title: one.entries for one in await catalogue.sections()}
            wanted = rules_of_review.choose_section(section, list(sections)) if section else None
            entries = await catalogue.latest(limit, wanted, offset)
            total = sum(sections.values()) if wanted is None else sections[wanted]
            return Latest(await shown_entries(connection, entries), total, wanted or "")

        return await self._database.read(work)


async def shown_entries(connection: AsyncConnection, entries: Sequence[Entry]) -> tuple[Shown, ...]:
    """The entries with their papers, in the same order."""
    papers = await Papers(connection).get_many([e.paper for e in entries if e.paper])
    return tuple(Shown(papers.get(e.paper) if e.paper else None, e) for e in entries)


async def _known(connection: AsyncConnection, key: str, paper_id: PaperId | None) -> Shown | None:
    """What a key of the bot's own or an identified paper stands for."""
    entry_id = entry_id_of(key)
    if entry_id is not None:
        entry = await Catalogue(connection).get(entry_id)
        return (await shown_entries(connection, [entry]))[0] if entry else None
    paper = await Papers(connection).get(paper_id or PaperId(key))
    if paper is None:
        return None
    return Shown(paper, await Catalogue(connection).entry_of(paper.id))
