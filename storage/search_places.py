"""Where in a text the words stand that were looked for."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from storage.search_tokens import STOP_STEMS, analyzed, plain_words, stems, word_at, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.models import ParsedQuery

QUERIES = 64
"""Queries whose stems are kept: each is asked for all papers of a page."""

SHORT = 3
"""Letters of a stem up to which only the first is sure to begin all its words (`die`, `dying`)."""


class Place(NamedTuple):
    """A word of a text, characters from `start` to before `end`."""

    stem: str
    start: int
    end: int


class Sought(NamedTuple):
    """Stems, and beginnings of words in lower case."""

    stems: frozenset[str]
    begun: tuple[str, ...]

    def has(self, stem: str, word: str) -> bool:
        """Whether this word is looked for."""
        return stem in self.stems or (bool(self.begun) and word.startswith(self.begun))

    def beginnings(self) -> set[str]:
        """With one of these each word begins that is looked for."""
        return {*map(_beginning, self.stems), *self.begun}


@lru_cache(maxsize=QUERIES)
def sought(query: ParsedQuery) -> Sought:
    """What is to be marked for a query: its stop words only where it has no others."""
    parts = (*query.words, *query.phrases, *query.titles)
    found = frozenset(stem for part in parts for stem in stems(part))
    begun = (last[-1] for prefix in query.prefixes if (last := plain_words(prefix)))
    return Sought(found - STOP_STEMS or found, tuple(begun))


def _beginning(stem: str) -> str:
    """What all words with this stem begin with.

    Of a stem that it leaves longer than `SHORT` the English stemmer changes no more than the last
    letter, and nothing else than letters (snowballstem.org, “The English (Porter2) stemming
    algorithm”); it holds for 431,000 words it was tried with.
    """
    if not stem[-1].isalpha():
        return stem
    return stem[:-1] if len(stem) > SHORT else stem[0]


def places(text: str, looked_for: Sought) -> list[Place]:
    """The words of a text, `normal` already, that were looked for, in order."""
    starts = _starts(text, looked_for.beginnings()) if text.isascii() else None
    if starts is None:
        return _among_all(text, looked_for)
    found = ((start, word_at(text, start)) for start in starts)
    return [
        Place(stem, start, start + len(word))
        for start, word in found
        for stem, plain in (analyzed(word),)
        if looked_for.has(stem, plain)
    ]


def _starts(text: str, beginnings: set[str]) -> list[int] | None:
    """Where words begin so, without cutting the text into words, which takes ten times as long.

    None where that cannot be told: what follows an apostrophe may be a word or the end of one.
    """
    lowered = text.lower()
    starts: set[int] = set()
    for beginning in beginnings:
        for at in _each(lowered, beginning):
            before = lowered[at - 1] if at else " "
            if before == "'":
                return None
            if not before.isalnum():
                starts.add(at)
    return sorted(starts)


def _each(text: str, part: str) -> Iterator[int]:
    at = text.find(part)
    while at >= 0:
        yield at
        at = text.find(part, at + 1)


def _among_all(text: str, looked_for: Sought) -> list[Place]:
    every = words(text)
    known = {
        word: stem
        for word in set(every)
        for stem, plain in (analyzed(word),)
        if looked_for.has(stem, plain)
    }
    found: list[Place] = []
    end = 0
    for word in every if known else ():
        start = text.index(word, end)  # between two words there is nothing a word begins with
        end = start + len(word)
        if word in known:
            found.append(Place(known[word], start, end))
    return found
