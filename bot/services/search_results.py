"""What a search found, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.services.plain_text import plain
from storage.models import PaperId
from storage.search_snippet import snippet

if TYPE_CHECKING:
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


def result_of(hit: Hit, query: ParsedQuery, standing: Standing) -> SearchResult:
    """What a hit is now."""
    paper = standing.papers.get(PaperId(hit.key))
    return made(paper, standing.entries.get(hit.key), hit.score, query)


def made(
    paper: Paper | None, entry: Entry | None, score: float, query: ParsedQuery
) -> SearchResult:
    """A result with the passage of its abstract that fits the query best."""
    abstract = plain(paper.abstract) if paper else ""
    return SearchResult(paper, entry, score, snippet(query, abstract))
