"""From a parsed query to tantivy's Query objects, never through its own query grammar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tantivy import FieldType, Occur, Query

from storage.search_document import UNKNOWN, day_number, first_day_of, last_day_of
from storage.search_tokens import SCHEMA, STOP_STEMS, heading, plain_words, stems

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tantivy import Searcher

    from storage.models import ParsedQuery
    from storage.search_view import Layer

META_KEY = "revision"
"""The key of the one document that is no paper: it carries the revision. Real keys hold a colon."""

EXPANSIONS = 128
"""Words a beginning (`synth*`) stands for at most."""

MOST_PREFIXES = 8
"""Beginnings that count; each may have to look at every document."""

MOST_PARTS = 32
"""Words of which any is looked for, the rarest there are; a line of Chinese has one a character."""

Clause = tuple[Occur, Query]


def key_is(key: str) -> Query:
    """The document with this key."""
    return Query.term_query(SCHEMA, "key", key)


NO_META: Clause = (Occur.MustNot, key_is(META_KEY))


def present(layer: Layer) -> list[Clause]:
    """What leaves out all that is no document, or another one by now."""
    if not layer.replaced:
        return [NO_META]
    replaced = Query.term_set_query(SCHEMA, "key", sorted(layer.replaced))
    return [NO_META, (Occur.MustNot, replaced)]


class Plan:
    """The queries for one search: `all_words` first, `any_word` where that finds too little.

    It is `empty` where nothing was asked for, whatever the scope.
    """

    def __init__(
        self, query: ParsedQuery, layer: Layer, *, listed: bool | None, section: str | None
    ) -> None:
        self._layer = layer
        self._words = [found for word in query.words if (found := stems(word))]
        kept = [w for w in self._words if not STOP_STEMS.issuperset(w)]
        self._words = kept or self._words
        begun = query.prefixes[:MOST_PREFIXES]
        wanted = [_prefix(layer.searcher, prefix) for prefix in begun]
        wanted += [self._ranked(found) for text in query.phrases if (found := stems(text))]
        filters = list(_filters(query, section))
        self._excluded = list(_excluded(query))
        self.ranked = bool(self._words or wanted)
        self.empty = not (self.ranked or filters or self._excluded)
        self.widens = len(self._words) > 1
        self._required: list[Clause] = [(Occur.Must, each) for each in wanted]
        filters += [] if listed is None else [Query.term_query(SCHEMA, "listed", listed)]
        self._required += [(Occur.Must, Query.const_score_query(each, 0.0)) for each in filters]

    def all_words(self) -> Query:
        """Every word, those typed with a hyphen as a phrase."""
        return self._with([(Occur.Must, self._ranked(word)) for word in self._words])

    def any_word(self) -> Query:
        """Any word."""
        every = list(dict.fromkeys(stem for word in self._words for stem in word))
        known = [stem for stem in every if self._layer.searcher.doc_freq("body", stem)]
        parts = sorted(known or every, key=self._layer.rarity, reverse=True)[:MOST_PARTS]
        return self._with([(Occur.Should, self._ranked([part])) for part in parts])

    def _with(self, words: list[Clause]) -> Query:
        clauses = [*words, *self._required] or [(Occur.Must, Query.all_query())]
        everything = [*clauses, *self._excluded, *present(self._layer)]
        return Query.boolean_query(everything, 1 if Occur.Should in dict(words) else 0)

    def _ranked(self, tokens: Sequence[str]) -> Query:
        worth = self._layer.worth(tokens)
        query = _phrase("body", tokens)
        return query if worth == 1 else Query.boost_query(query, worth)


def _term(field: str, token: str) -> Query:
    return Query.term_query(SCHEMA, field, token)


def _phrase(field: str, tokens: Sequence[str]) -> Query:
    if len(tokens) == 1:
        return _term(field, tokens[0])
    return Query.phrase_query(SCHEMA, field, list(tokens))


def _prefix(searcher: Searcher, prefix: str) -> Query:
    *before, last = plain_words(prefix) or [""]
    terms = searcher.terms_with_prefix("words", last, limit=EXPANSIONS) if last else []
    begun = Query.term_set_query(SCHEMA, "words", [term for term, _ in terms])
    whole = [_term("words", word) for word in before]
    return Query.boolean_query([(Occur.Must, each) for each in [*whole, begun]])


def _filters(query: ParsedQuery, section: str | None) -> Iterator[Query]:
    if section is not None:
        yield _term("heading", heading(section))
    for text in query.sections:
        yield from (_term("section", word) for word in plain_words(text))
    for text in query.authors:
        yield from (_term("authors", word) for word in plain_words(text))
    for text in query.titles:
        if found := stems(text):
            yield _phrase("title", found)
    yield from _days(query)


def _days(query: ParsedQuery) -> Iterator[Query]:
    """What was, or may have been, published between the days and in the years."""
    first, last = query.first_year, query.last_year
    since = [] if query.since is None else [day_number(query.since)]
    until = [] if query.until is None else [day_number(query.until)]
    since += [] if first is None else [first_day_of(first)]
    until += [] if last is None else [last_day_of(last)]
    if since:
        yield Query.range_query(SCHEMA, "last_day", FieldType.Integer, max(since), None)
    if until:
        yield Query.range_query(SCHEMA, "first_day", FieldType.Integer, UNKNOWN + 1, min(until))


def _excluded(query: ParsedQuery) -> Iterator[Clause]:
    for text in query.excluded:
        if found := stems(text):
            yield Occur.MustNot, _phrase("body", found)
