"""What the keywords say of all examples at once, as `bot.domain.prior` says it of one."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from bot.domain.prior import IN_TITLE, said

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from bot.domain.prior import Phrase
    from bot.learning.corpus import Corpus

FEWEST = 1e-4
"""A phrase counts as no rarer than this share of the papers."""


class Found:
    """How much each paper says each phrase: once in the abstract is 1."""

    def __init__(self, corpus: Corpus, phrases: Mapping[Phrase, float]) -> None:
        self._size = corpus.size
        self._weights = phrases
        self._said = dict(_said(corpus, phrases))

    def by_rarity(self) -> dict[Phrase, float]:
        """The weights by how rare their phrases are: × -ln of the share of papers that have it."""
        return {
            phrase: -weight * math.log(max(float(np.mean(self._said[phrase] > 0)), FEWEST))
            for phrase, weight in self._weights.items()
        }

    def sums(self, weights: Mapping[Phrase, float]) -> NDArray[np.float64]:
        """What all phrases add to each paper, by these weights."""
        total = np.zeros(self._size)
        for phrase, weight in weights.items():
            total += weight * self._said[phrase]
        return total


def _said(
    corpus: Corpus, phrases: Mapping[Phrase, float]
) -> Iterator[tuple[Phrase, NDArray[np.float32]]]:
    number_of = corpus.number_of()
    for phrase in phrases:
        at = _places([number_of.get(stem, len(number_of)) for stem in phrase], corpus)
        in_title = corpus.in_title[at]
        titles = np.bincount(corpus.paper[at[in_title]], minlength=corpus.size) > 0
        times = np.bincount(corpus.paper[at[~in_title]], minlength=corpus.size)
        scale = np.array([said(number) for number in range(int(times.max(initial=0)) + 1)])
        yield phrase, (scale[times] + IN_TITLE * titles).astype(np.float32)


def _places(stems: list[int], corpus: Corpus) -> NDArray[np.intp]:
    """Where a phrase begins. None spans two texts, since breaks stand between them."""
    words = corpus.words
    at = np.flatnonzero(words[: max(0, len(words) - len(stems) + 1)] == stems[0])
    for place, stem in enumerate(stems[1:], 1):
        at = at[words[at + place] == stem]
    return at
