"""Which words are meant by a misspelt one: a table of deletions in the manner of SymSpell.

Two words within a few edits have a string in common that both become by a few deletions (Wolf
Garbe, SymSpell), so that finding neighbours takes some look-ups. The table holds hashes only, and
those of the words' beginnings, to stay small: 8 bytes each.
"""

from __future__ import annotations

import sys
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

TURN = 0.0005
"""Seconds of Python after which another thread gets the interpreter, the event loop's above all.

Beside a table in the making a search for a rare word took 2.4 ms (p50) with Python's own 5 ms.
"""

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
    """Lets others have their turn during long work, and ends it where it is not wanted any more."""

    def __init__(self, stopped: Callable[[], bool]) -> None:
        """From now on no thread of this process keeps others waiting for longer than `TURN`."""
        self._stopped = stopped
        sys.setswitchinterval(min(TURN, sys.getswitchinterval()))

    def go_on(self) -> bool:
        """Whether to go on."""
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

    The optimal string alignment distance; `most` is small.
    """
    if not _within(one, other, most):
        return most + 1
    return next(edits for edits in range(most + 1) if _within(one, other, edits))


def _within(one: str, other: str, edits: int) -> bool:
    """Whether so many edits are enough: each is tried where the words differ first."""
    longer = len(one) - len(other)
    if abs(longer) > edits:
        return False
    if not edits:
        return one == other
    alike = _alike(one, other)
    one, other, edits = one[alike:], other[alike:], edits - 1
    if not one or not other:
        return True
    if not edits and longer:
        return one[1:] == other if longer > 0 else one == other[1:]
    crossed = one[:2] == other[1::-1] and _within(one[2:], other[2:], edits)
    if crossed or _within(one[1:], other[1:], edits):
        return True
    return _within(one[1:], other, edits) or _within(one, other[1:], edits)


def _alike(one: str, other: str) -> int:
    """How many letters both begin with."""
    for at, (letter, against) in enumerate(zip(one, other, strict=False)):
        if letter != against:
            return at
    return min(len(one), len(other))
