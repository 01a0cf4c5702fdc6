"""All examples as numbers: which stem stands where, and how often each term occurs."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from bot.domain.features import TITLE_COUNTS, parts
from bot.domain.words import BREAK, stem_or_break, tokens
from bot.learning.matrix import Matrix

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from bot.domain.features import Term
    from storage.models import Example

BLOCK = 1_000
"""Papers counted in one go, which bounds the memory."""

_ENDS = -1  # stands for BREAK


class _Numbers(dict[str, int]):
    """Tokens → numbers of their stems."""

    def __init__(self) -> None:
        super().__init__()
        self.stems: dict[str, int] = {}

    def __missing__(self, token: str) -> int:
        stem = stem_or_break(token)
        number = _ENDS if stem == BREAK else self.stems.setdefault(stem, len(self.stems))
        self[token] = number
        return number


class Corpus(NamedTuple):
    """The stems of all papers in a row: title, break, abstract, break, and so on.

    `words` are the numbers of stems, -1 for a break; `paper` and `in_title` say where each stands.
    """

    stems: tuple[str, ...]
    words: NDArray[np.int32]
    paper: NDArray[np.int32]
    in_title: NDArray[np.bool_]
    size: int

    @classmethod
    def read(cls, examples: Iterable[Example]) -> Corpus:
        """Read all examples once; of their texts nothing is kept but the stems."""
        numbers, words, lengths = _Numbers(), array("i"), array("i")
        number = numbers.__getitem__
        for example in examples:
            for text in (example.title, example.abstract):
                before = len(words)
                words.extend(map(number, tokens(text)))
                words.append(_ENDS)
                lengths.append(len(words) - before)
        parts_of = np.asarray(lengths, np.int32)
        at = np.repeat(np.arange(len(parts_of), dtype=np.int32), parts_of)
        return cls(
            tuple(numbers.stems),
            np.asarray(words, np.int32),
            at // 2,
            at % 2 == 0,
            len(parts_of) // 2,
        )

    def number_of(self) -> dict[str, int]:
        """The number of each stem."""
        return {stem: number for number, stem in enumerate(self.stems)}

    def counted(self, least: int) -> tuple[Matrix, tuple[Term, ...]]:
        """How often each term occurs in each paper, titles weighted, and the terms.

        Only terms that occur in `least` papers or more. As `bot.domain.features` counts them.
        """
        pairs = self._frequent_pairs(least)
        matrix = Matrix.stacked(
            [self._count(first, pairs) for first in range(0, self.size, BLOCK)],
            len(self.stems) + len(pairs),
        )
        kept = np.flatnonzero(matrix.papers_with() >= least)
        return matrix.only(kept), self._terms(kept, pairs)

    def _terms(self, kept: NDArray[np.intp], pairs: NDArray[np.int64]) -> tuple[Term, ...]:
        single = len(self.stems)
        names = (
            (self.stems[one],) if one < single else self._names(int(pairs[one - single]))
            for one in kept.tolist()
        )
        return tuple(" ".join(name) for name in names)

    def _names(self, pair: int) -> tuple[str, str]:
        first, second = divmod(pair, len(self.stems))
        return self.stems[first], self.stems[second]

    def _count(self, first: int, pairs: NDArray[np.int64]) -> Matrix:
        """The rows of BLOCK papers from `first` on."""
        start, end = np.searchsorted(self.paper, (first, first + BLOCK))
        words, single = self.words[start:end], len(self.stems)
        weight = np.where(self.in_title[start:end], TITLE_COUNTS, 1).astype(np.int32)
        row = self.paper[start:end] - first
        alone = np.flatnonzero(self._is_term(words))
        keys, places = self._pairs(words)
        found = np.searchsorted(pairs, keys)
        known = np.flatnonzero(found < len(pairs))
        known = known[pairs[found[known]] == keys[known]]
        at = np.concatenate([alone, places[known]])
        term = np.concatenate([words[alone].astype(np.int64), single + found[known]])
        size = min(BLOCK, self.size - first)
        return Matrix.summed(row[at], term, weight[at], (size, single + len(pairs)))

    def _frequent_pairs(self, least: int) -> NDArray[np.int64]:
        """The keys of the pairs of neighbours that occur `least` times or more, sorted."""
        keys = self._pairs(self.words)[0]
        keys.sort()
        begins = np.flatnonzero(np.diff(keys, prepend=-1))
        times = np.diff(begins, append=len(keys))
        return keys[begins[times >= least]]

    def _pairs(self, words: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
        """The key of each pair of neighbours that are terms, and where it begins."""
        good = self._is_term(words)
        places = np.flatnonzero(good[:-1] & good[1:])
        first, second = words[places].astype(np.int64), words[places + 1]
        return first * len(self.stems) + second, places

    def _is_term(self, words: NDArray[np.int32]) -> NDArray[np.bool_]:
        good = np.array([not parts(stem) for stem in self.stems] + [False], np.bool_)
        return good[words]  # -1 is the last one: a break
