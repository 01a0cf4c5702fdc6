"""One search: documents with all words, then (where these are few) with any of them. Blocking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from storage.models import Sort
from storage.search_query import Plan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tantivy import DocAddress, Query, Searcher

    from storage.models import ParsedQuery

ENOUGH = 3
"""Results that hold all words, from which on those with only some of them are left out."""

SORT_FIELDS = {Sort.NEWEST: "first_day", Sort.ADDED: "added"}


@dataclass(frozen=True, slots=True)
class Hit:
    """A document's key and its score; higher is better, 0 where nothing was ranked."""

    key: str
    score: float


@dataclass(frozen=True, slots=True)
class SearchPage:
    """How many documents fit in all, and some of them, best first."""

    total: int
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for, where, and what comes first; `section` is a whole title."""

    query: ParsedQuery
    listed: bool | None = None
    section: str | None = None
    sort: Sort = Sort.RELEVANCE


class Found(NamedTuple):
    """How many documents fit, and the first of them: (score or value sorted by, address)."""

    total: int
    places: Sequence[tuple[float, DocAddress]]

    def then(self, more: Found) -> Found:
        """These, and behind them whatever else is in `more`, which counts these too."""
        mine = {(address.segment_ord, address.doc) for _, address in self.places}
        others = [one for one in more.places if (one[1].segment_ord, one[1].doc) not in mine]
        return Found(more.total, [*self.places, *others])


def search(searcher: Searcher, wanted: Wanted, *, limit: int, offset: int) -> SearchPage:
    """One page of what fits."""
    plan = Plan(wanted.query, searcher, listed=wanted.listed, section=wanted.section)
    if plan.empty:
        return SearchPage(0, ())
    order = SORT_FIELDS.get(wanted.sort) or (None if plan.ranked else SORT_FIELDS[Sort.NEWEST])
    reach = max(limit + offset, ENOUGH)
    found = _ask(searcher, plan.all_words(), reach, order)
    if found.total < ENOUGH and plan.widens:
        found = found.then(_ask(searcher, plan.any_word(), reach, order))
    hits = (
        Hit(searcher.doc(address)["key"][0], 0.0 if order else float(score))
        for score, address in found.places[offset : offset + limit]
    )
    return SearchPage(found.total, tuple(hits))


def _ask(searcher: Searcher, query: Query, limit: int, order: str | None) -> Found:
    result = searcher.search(query, limit, order_by_field=order)
    return Found(int(result.count or 0), result.hits)  # type: ignore[attr-defined]
