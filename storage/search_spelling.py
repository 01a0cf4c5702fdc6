"""Which words are meant by a misspelt one: a table of deletions in the manner of SymSpell.

Two words within a few edits have a string in common that both become by a few deletions (Wolf
Garbe, SymSpell), so that finding neighbours takes some look-ups. The table holds hashes only, and
those of the words' beginnings, to stay small: 8 bytes each.
"""

from __future__ import annotations

import sys
import time
from array import array
from bisect import bisect_left
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

MOST_WORDS = 50_000
"""Words in a table, the commonest."""

SHORTEST = 4
"""Letters from which on a word is corrected: shorter ones have too many neighbours."""

LONG = 8
"""Letters from which on two edits are mended."""

COMMON = 20_000
"""Words of which two edits are mended: a rarer one is a poor guess, and would cost as much."""

PREFIX = 7
"""Letters of a word whose deletions are in the table."""

TURN = 0.002
"""Seconds of Python after which other threads have their turn, the event loop's above all."""

SURER = 10
"""By how much likelier a letter is left out or exchanged than mistaken for just this other one.

With it .938 of single typos in SciFact's words become the very word again, without it .903.
"""

_INDEX_BITS = 16
_HASH_BITS = 40
_BUCKETS = 256
_BUCKET_SHIFT = 32
_HASHES = (1 << _HASH_BITS) - 1
_INDICES = (1 << _INDEX_BITS) - 1


class Turns:
    """Interrupts long work now and then, and ends it where it is not wanted any more."""

    def __init__(self, stopped: Callable[[], bool]) -> None:
        self._stopped = stopped
        self._next = time.perf_counter() + TURN

    def go_on(self) -> bool:
        """Whether to go on; others had their turn when it was due."""
        if time.perf_counter() > self._next:
            time.sleep(0)
            self._next = time.perf_counter() + TURN
        return not self._stopped()


class Neighbour(NamedTuple):
    """A word of the table, its distance from the one asked for, and how many documents have it."""

    word: str
    distance: int
    documents: int


class Spelling:
    """The words of an index and their deletions. About 12 MB for 50,000 words."""

    def __init__(self, words: Sequence[tuple[str, int]], turns: Turns) -> None:
        """Of (word, documents that have it), commonest first."""
        self._words = [word for word, _ in words[:MOST_WORDS]]
        self._documents = array("I", (documents for _, documents in words[:MOST_WORDS]))
        self._buckets = [array("Q") for _ in range(_BUCKETS)]
        for number, word in enumerate(self._words):
            if not turns.go_on():
                return
            self._add(number, word)
        for number, bucket in enumerate(self._buckets):
            turns.go_on()
            self._buckets[number] = array("Q", sorted(bucket))

    def _add(self, number: int, word: str) -> None:
        buckets = self._buckets
        for hashed in _hashes(word, 2 if number < COMMON and len(word) >= LONG else 1):
            buckets[hashed >> _BUCKET_SHIFT].append(hashed << _INDEX_BITS | number)

    @property
    def size(self) -> int:
        """Bytes of the table, the words themselves included."""
        arrays = [self._documents, *self._buckets]
        words = sum(8 + sys.getsizeof(word) for word in self._words)
        return words + sum(one.itemsize * len(one) for one in arrays)

    def nearest(self, word: str) -> Iterator[Neighbour]:
        """Words one edit away, the likeliest first; of a long word then those two edits away."""
        if len(word) < SHORTEST:
            return
        for edits in (1, 2) if len(word) >= LONG else (1,):
            found = {number for hashed in _hashes(word, edits) for number in self._at(hashed)}
            near = [
                Neighbour(self._words[number], edits, self._documents[number])
                for number in found
                if distance(word, self._words[number], edits) == edits
            ]
            yield from sorted(near, key=lambda one: (-_likelihood(word, one), one.word))

    def _at(self, hashed: int) -> Iterator[int]:
        bucket = self._buckets[hashed >> _BUCKET_SHIFT]
        for place in range(bisect_left(bucket, hashed << _INDEX_BITS), len(bucket)):
            entry = bucket[place]
            if entry >> _INDEX_BITS != hashed:
                return
            yield entry & _INDICES


def _hashes(word: str, deletions: int) -> set[int]:
    begun = word[:PREFIX]
    kept = [begun, *map("".join, combinations(begun, len(begun) - 1))]
    if deletions > 1:
        kept += map("".join, combinations(begun, len(begun) - 2))
    return {hash(text) & _HASHES for text in kept}


def _likelihood(typed: str, meant: Neighbour) -> int:
    """How common the word is, and more where a letter was left out or exchanged: see SURER."""
    certain = len(meant.word) > len(typed) or sorted(meant.word) == sorted(typed)
    return meant.documents * (SURER if certain else 1)


def distance(one: str, other: str, most: int) -> int:
    """Edits between two words, at most `most` + 1: a transposition of neighbours is one.

    The optimal string alignment distance, a row at a time.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    one, other = _differing(one, other)
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        now = [row]
        for column, against in enumerate(other, 1):
            edits = min(last[column] + 1, now[-1] + 1, last[column - 1] + (letter != against))
            crossed = column > 1 and row > 1 and letter == other[column - 2]
            if crossed and one[row - 2] == against:
                edits = min(edits, before[column - 2] + 1)
            now.append(edits)
        if min(now) > most:
            return most + 1
        before, last = last, now
    return min(last[-1], most + 1)


def _differing(one: str, other: str) -> tuple[str, str]:
    """Both without what they begin and end with alike."""
    start, shorter = 0, min(len(one), len(other))
    while start < shorter and one[start] == other[start]:
        start += 1
    end = 0
    while end < shorter - start and one[-1 - end] == other[-1 - end]:
        end += 1
    return one[start : len(one) - end], other[start : len(other) - end]
