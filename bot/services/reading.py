"""Single papers and entries, as readers look at them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple

from bot.domain import identify
from bot.domain import review as rules_of_review
from bot.domain.errors import NotFound
from bot.domain.query import parse
from bot.domain.sentences import sentence
from bot.domain.words import STOP_WORDS
from bot.services.search_request import SearchRequest
from bot.services.shown import Shown
from storage.catalogue import Catalogue
from storage.listing import entry_id_of
from storage.models import PaperId
from storage.papers import Papers
from storage.search_tokens import plain_words, stems

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
        """The entry whose title or id begins so, else what holds all words, as typed or meant."""
        proposed = await self._search.suggest(typed, limit=1)
        if proposed and _begins(typed, " ".join(proposed[0])):
            key = proposed[0][1]
            found = await self._database.read(lambda c: _known(c, key, None))
            if found is not None:
                return found
        results = await self._search.search(SearchRequest(typed, scope="everything"), limit=1)
        for result in results.results:
            shown = Shown(result.paper, result.entry)
            if await asyncio.to_thread(_holds, shown, results.corrected or typed):
                return shown
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


def _begins(typed: str, entry: str) -> bool:
    """Whether each word typed begins one of the entry's."""
    words = frozenset(plain_words(typed))
    held = plain_words(entry)
    return _enough(words) and all(any(one.startswith(word) for one in held) for word in words)


def _holds(shown: Shown, typed: str) -> bool:
    """Whether all words that tell something are in a paper: what shares but one is another."""
    words = parse(typed).words
    telling = [word for word in words if word.casefold() not in STOP_WORDS] or words
    abstract = shown.paper.abstract if shown.paper else ""
    names = (f"{author.given} {author.family}" for author in shown.authors)
    held = frozenset(stems(" ".join((shown.title, abstract, *names))))
    wanted = frozenset(stems(" ".join(telling)))
    return _enough(wanted) and held >= wanted


def _enough(words: frozenset[str]) -> bool:
    """A single letter, which is somebody's initial, names no paper."""
    return sum(map(len, words)) > 1
