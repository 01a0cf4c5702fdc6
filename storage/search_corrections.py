"""What is looked for instead of words the index hardly knows."""

from __future__ import annotations

import asyncio
import string
import threading
import time
from contextlib import suppress
from heapq import nlargest
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

import structlog

from storage.search_spelling import MOST_WORDS, SHORTEST, Spelling, Turns
from storage.search_tokens import STOP_STEMS, plain_words, stems

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from storage.models import ParsedQuery
    from storage.search_spelling import Neighbour
    from storage.search_view import View

STEPS = (10_000, MOST_WORDS)
"""Words of the first table and of the one that replaces it: the first must be there soon."""

PATIENCE = 1.0
"""Seconds a search waits for the first table; without it nothing is corrected."""

HARDLY = 2_000
"""How many times as many documents must have the word that replaces one the index has."""

RARE = 6
"""Letters from which on a word some document has is replaced at all."""

SMALL = 2_000
"""Documents below which many right words are unknown: only what is surely a typo is corrected."""

GROWN = 1.5
"""A table is made anew when the index holds so many times the documents it was made of."""

log = structlog.get_logger()


class Unknown(NamedTuple):
    """A word the index hardly knows: as it was typed and as the index has it.

    `documents` have it in spite of all; only names are right for an author.
    """

    typed: str
    word: str
    documents: int
    of_author: bool


class Corrections:
    """Corrects queries; its table of words is made at the first one it is asked for."""

    def __init__(self) -> None:
        self._spelling: Spelling | None = None
        self._made_of = 0
        self._making: asyncio.Task[None] | None = None
        self._made = asyncio.Event()
        self._closed = threading.Event()

    async def of(self, query: ParsedQuery, view: View) -> Mapping[str, str]:
        """Word as typed → the word that is meant, in whole words of the index."""
        spelling = await self._current(view)
        return (
            {} if spelling is None else await asyncio.to_thread(_corrected, query, spelling, view)
        )

    async def close(self) -> None:
        """Give up a table that is being made."""
        self._closed.set()
        await self.complete()

    async def complete(self) -> None:
        """Wait for a table that is being made."""
        if self._making is not None:
            await asyncio.wait([self._making])

    async def _current(self, view: View) -> Spelling | None:
        outgrown = view.committed.num_docs > GROWN * self._made_of
        if outgrown and self._making is None and not self._closed.is_set():
            self._making = asyncio.create_task(self._make(view))
        if self._making is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._made.wait(), PATIENCE)
        return self._spelling

    async def _make(self, view: View) -> None:
        begun = time.perf_counter()
        try:
            turns = Turns(self._closed.is_set)
            words = await asyncio.to_thread(_vocabulary, view, turns)
            self._made_of = view.committed.num_docs
            for most in STEPS if self._spelling is None else STEPS[-1:]:
                made = await asyncio.to_thread(Spelling, words[:most], turns)
                self._spelling = made
                self._made.set()
            seconds = round(time.perf_counter() - begun, 2)
            log.info("made the table of spellings", seconds=seconds, bytes=made.size)
        finally:
            self._making = None


def unknown(query: ParsedQuery, view: View) -> list[Unknown]:
    """The words that may be misspelt. Blocking."""
    words = dict.fromkeys(word for text in (*query.words, *query.titles) for word in text.split())
    names = dict.fromkeys(word for text in query.authors for word in text.split())
    found = [_judged(word, view, of_author=False) for word in words]
    found += [_judged(word, view, of_author=True) for word in names if word not in words]
    return [one for one in found if one is not None and one.documents <= _most(one, view)]


def _most(one: Unknown, view: View) -> float:
    """In how many documents a word may be and still be taken for misspelt; a short one in none."""
    return view.documents / HARDLY if len(one.word) >= RARE else 0


def _judged(typed: str, view: View, *, of_author: bool) -> Unknown | None:
    """A word that could be misspelt, None for what is no plain word: an id, `GPT-4`, `LoRA`."""
    if not typed.isalpha() or typed[1:] != typed[1:].lower():
        return None
    words = plain_words(typed)
    if len(words) != 1 or not _plain(words[0]):
        return None
    (word,), (stem,) = words, stems(typed)
    documents = view.documents_with("authors", word)
    if not of_author:
        documents += view.documents_with("body", stem)
    return None if stem in STOP_STEMS else Unknown(typed, word, documents, of_author)


def _plain(word: str) -> bool:
    return len(word) >= SHORTEST and word.isascii() and word.isalpha()


def _corrected(query: ParsedQuery, spelling: Spelling, view: View) -> dict[str, str]:
    meant = ((one.typed, _meant(one, spelling, view)) for one in unknown(query, view))
    return {typed: word for typed, word in meant if word is not None}


def _meant(one: Unknown, spelling: Spelling, view: View) -> str | None:
    for near in spelling.nearest(one.word):
        documents = near.documents
        if one.of_author:
            documents = view.documents_with("authors", near.word)
        alike = near.distance == 1 or near.word[0] == one.word[0]
        if view.documents < SMALL:
            alike = _surely(one.word, near)
        if alike and documents > HARDLY * one.documents:
            return near.word
    return None


def _surely(typed: str, near: Neighbour) -> bool:
    """Whether a typo is likelier than a word of its own.

    Of 2,183 right words of titles and of the field, 40 abstracts without this correct 38, with it 3
    (British spellings).
    """
    exchanged = sorted(typed) == sorted(near.word)
    long = len(typed) >= (RARE - 1 if exchanged else RARE)
    return long and near.distance == 1 and near.word[0] == typed[0]


def _vocabulary(view: View, turns: Turns) -> list[tuple[str, int]]:
    words: list[tuple[str, int]] = []
    for begun in _beginnings():
        if not turns.go_on():
            break
        words += (one for one in view.committed.terms_with_prefix("words", begun) if _plain(one[0]))
    return nlargest(MOST_WORDS, words, key=itemgetter(1))


def _beginnings() -> Iterator[str]:
    """Of words: all at once would hold the interpreter for too long where the index is large."""
    for first in string.ascii_lowercase:
        for second in string.ascii_lowercase:
            yield first + second
