"""What a search found, as values."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.services.plain_text import is_plain, plain
from storage.models import PaperId
from storage.search_snippet import snippet

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from bot.services.listed import Standing
    from bot.services.search_request import SearchRequest
    from storage.models import Entry, Paper, ParsedQuery
    from storage.search import Hit


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One paper that fits, its place on the list if it has one, or an entry without a paper.

    `snippet` is a passage of the abstract: (text, whether it was looked for) in order.
    """

    paper: Paper | None
    entry: Entry | None
    score: float
    snippet: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class SearchResults:
    """The answer to `request`: how many fit in all and one page of them, best first.

    `corrected` is what was looked for instead, empty where that is the text itself. `beyond` are a
    few papers that are not on the list, given with the first page where hardly anything on it fits;
    `harvested_since` is the day from which on what harvests brought is complete, None where nothing
    was harvested or it was not asked.
    """

    request: SearchRequest
    corrected: str
    total: int
    results: tuple[SearchResult, ...]
    beyond: tuple[SearchResult, ...] = ()
    harvested_since: date | None = None

    @property
    def query(self) -> str:
        """The text as it was typed."""
        return self.request.text


async def results_of(
    hits: Sequence[Hit], query: ParsedQuery, standing: Standing
) -> tuple[SearchResult, ...]:
    """What hits are now."""
    known = [
        (standing.papers.get(PaperId(hit.key)), standing.entries.get(hit.key), hit.score)
        for hit in hits
    ]
    return await made(known, query)


async def made(
    known: Sequence[tuple[Paper | None, Entry | None, float]], query: ParsedQuery
) -> tuple[SearchResult, ...]:
    """Results of papers, entries and scores, with the passages that fit the query best.

    In a thread where LaTeX has to be read, which may take milliseconds; else a thread would.
    """

    def work() -> tuple[SearchResult, ...]:
        """The results, the CPU's work of it."""
        return tuple(
            SearchResult(
                paper, entry, score, snippet(query, plain(paper.abstract if paper else ""))
            )
            for paper, entry, score in known
        )

    if all(is_plain(paper.abstract) for paper, _, _ in known if paper):
        return work()
    return await asyncio.to_thread(work)
