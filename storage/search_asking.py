"""One search: documents with all words, then (where these are few) with any of them. Blocking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from storage.models import Sort
from storage.search_query import Plan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tantivy import DocAddress, Query

    from storage.models import ParsedQuery
    from storage.search_view import Layer, View

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


class Place(NamedTuple):
    """Where a document stands: its score or the value sorted by, and its address in a layer."""

    value: float
    layer: int
    address: DocAddress

    @property
    def at(self) -> tuple[int, int, int]:
        """The address as a value."""
        return self.layer, self.address.segment_ord, self.address.doc


class Found(NamedTuple):
    """How many documents fit, and the first of them."""

    total: int
    places: Sequence[Place]

    def then(self, more: Found) -> Found:
        """These, and behind them whatever else is in `more`, which counts these too."""
        mine = {place.at for place in self.places}
        return Found(more.total, [*self.places, *(p for p in more.places if p.at not in mine)])


def search(view: View, wanted: Wanted, *, limit: int, offset: int) -> SearchPage:
    """One page of what fits."""
    layers = list(view.layers())
    plans = [
        Plan(wanted.query, layer, listed=wanted.listed, section=wanted.section) for layer in layers
    ]
    if plans[0].empty:
        return SearchPage(0, ())
    ranked = plans[0].ranked
    order = SORT_FIELDS.get(wanted.sort) or (None if ranked else SORT_FIELDS[Sort.NEWEST])
    reach = max(limit + offset, ENOUGH)
    found = ask(layers, [plan.all_words() for plan in plans], reach, order)
    if found.total < ENOUGH and plans[0].widens:
        found = found.then(ask(layers, [plan.any_word() for plan in plans], reach, order))
    places = found.places[offset : offset + limit]
    return SearchPage(found.total, hits(layers, places, scored=order is None))


def ask(
    layers: Sequence[Layer], queries: Sequence[Query], limit: int, order: str | None = None
) -> Found:
    """What fits in each layer, best first (or by the field `order`, the greatest first)."""
    total = 0
    places: list[Place] = []
    for number, (layer, query) in enumerate(zip(layers, queries, strict=True)):
        result = layer.searcher.search(query, limit, order_by_field=order)
        total += int(result.count or 0)  # type: ignore[attr-defined]
        places += [Place(float(value), number, address) for value, address in result.hits]
    if len(layers) > 1:
        places.sort(key=lambda place: -place.value)
    return Found(total, places[:limit])


def hits(layers: Sequence[Layer], places: Sequence[Place], *, scored: bool) -> tuple[Hit, ...]:
    """The keys of what was found."""
    return tuple(
        Hit(layers[layer].searcher.doc(address)["key"][0], value if scored else 0.0)
        for value, layer, address in places
    )
