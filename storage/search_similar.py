"""What is like a paper: whatever shares most of the words that tell it from others. Blocking."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from tantivy import Occur, Query

from storage.search_asking import SearchPage, ask, hits
from storage.search_document import LONGEST, TITLE_TIMES
from storage.search_query import key_is, present
from storage.search_tokens import SCHEMA, STOP_STEMS, stems

if TYPE_CHECKING:
    from storage.search_view import Layer, View

TELLING = 25
"""Words of a paper that are looked for."""

MOST = 200
"""Papers that are like one at most."""

FLOOR = 0.1
"""Share of a paper's own worth (each of its telling words found once) that another needs."""


class Likeness(NamedTuple):
    """A paper, the key of its own document, and where to look."""

    title: str
    abstract: str
    without: str
    listed: bool | None


class Term(NamedTuple):
    """A word of a paper: how much it tells by TF-IDF, and its inverse document frequency."""

    stem: str
    weight: float
    rarity: float


def similar(view: View, paper: Likeness, *, limit: int, offset: int) -> SearchPage:
    """One page of what is most like `paper`."""
    terms = _telling(view, paper)
    if not terms:
        return SearchPage(0, ())
    layers = list(view.layers())
    found = ask(layers, [_query(terms, paper, layer) for layer in layers], MOST)
    least = FLOOR * sum(term.weight * term.rarity for term in terms)
    near = [place for place in found.places if place.value >= least]
    return SearchPage(len(near), hits(layers, near[offset : offset + limit], scored=True))


def _telling(view: View, paper: Likeness) -> list[Term]:
    counted = Counter(stems(paper.abstract[:LONGEST]))
    for stem in stems(paper.title[:LONGEST]):
        counted[stem] += TITLE_TIMES
    whole = next(view.layers())
    terms = []
    for stem in counted.keys() - STOP_STEMS:
        if view.documents_with("body", stem) > 1:
            rarity = whole.rarity(stem)
            terms.append(Term(stem, (1 + math.log(counted[stem])) * rarity, rarity))
    return sorted(terms, key=lambda term: (-term.weight, term.stem))[:TELLING]


def _query(terms: list[Term], paper: Likeness, layer: Layer) -> Query:
    words = [(Occur.Should, _weighed(term, layer)) for term in terms]
    clauses = [
        (Occur.Must, Query.boolean_query(words)),
        (Occur.MustNot, key_is(paper.without)),
        *present(layer),
    ]
    if paper.listed is not None:
        listed = Query.term_query(SCHEMA, "listed", paper.listed)
        clauses.append((Occur.Must, Query.const_score_query(listed, 0.0)))
    return Query.boolean_query(clauses)


def _weighed(term: Term, layer: Layer) -> Query:
    query = Query.term_query(SCHEMA, "body", term.stem)
    return Query.boost_query(query, term.weight * layer.worth([term.stem]))
