"""What is like a paper: whatever shares most of the words that tell it from others. Blocking."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from tantivy import Occur, Query

from storage.search_asking import Hit, SearchPage
from storage.search_document import LONGEST, TITLE_TIMES
from storage.search_query import NO_META, key_is
from storage.search_tokens import SCHEMA, STOP_STEMS, stems

if TYPE_CHECKING:
    from tantivy import Searcher

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


def similar(searcher: Searcher, paper: Likeness, *, limit: int, offset: int) -> SearchPage:
    """One page of what is most like `paper`."""
    terms = _telling(searcher, paper)
    if not terms:
        return SearchPage(0, ())
    result = searcher.search(_query(terms, paper), MOST, count=False)
    least = FLOOR * sum(weight * rarity for _, weight, rarity in terms)
    near = [(score, address) for score, address in result.hits if score >= least]
    hits = (Hit(searcher.doc(at)["key"][0], score) for score, at in near[offset : offset + limit])
    return SearchPage(len(near), tuple(hits))


def _telling(searcher: Searcher, paper: Likeness) -> list[tuple[str, float, float]]:
    """(stem, weight, inverse document frequency) of the words that tell most, by TF-IDF."""
    counted = Counter(stems(paper.abstract[:LONGEST]))
    for stem in stems(paper.title[:LONGEST]):
        counted[stem] += TITLE_TIMES
    documents = searcher.num_docs
    terms = []
    for stem in counted.keys() - STOP_STEMS:
        known = searcher.doc_freq("body", stem)
        if known > 1:
            # The formula tantivy's BM25 has for it.
            rarity = math.log(1 + (documents - known + 0.5) / (known + 0.5))
            terms.append((stem, (1 + math.log(counted[stem])) * rarity, rarity))
    return sorted(terms, key=lambda term: (-term[1], term[0]))[:TELLING]


def _query(terms: list[tuple[str, float, float]], paper: Likeness) -> Query:
    words = Query.boolean_query(
        [
            (Occur.Should, Query.boost_query(Query.term_query(SCHEMA, "body", stem), weight))
            for stem, weight, _ in terms
        ]
    )
    clauses = [(Occur.Must, words), NO_META, (Occur.MustNot, key_is(paper.without))]
    if paper.listed is not None:
        listed = Query.term_query(SCHEMA, "listed", paper.listed)
        clauses.append((Occur.Must, Query.const_score_query(listed, 0.0)))
    return Query.boolean_query(clauses)
