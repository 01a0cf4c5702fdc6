"""What a search sees: the index as it was committed, and what changed since then, in memory."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tantivy import Searcher


class Layer(NamedTuple):
    """One index of a view; its documents under the keys `replaced` do not count.

    What it holds is ranked by how rare words are in `committed`: among a few documents of today
    every word is as rare as any other.
    """

    searcher: Searcher
    replaced: frozenset[str]
    committed: Searcher

    def worth(self, stems: Sequence[str]) -> float:
        """By how much to multiply the score of these words, found together, in this layer."""
        if self.searcher is self.committed:
            return 1.0
        return sum(self.rarity(stem) for stem in stems) / sum(
            _rarity(self.searcher, stem) for stem in stems
        )

    def rarity(self, stem: str) -> float:
        """The inverse document frequency of a word."""
        return _rarity(self.committed, stem)


@dataclass(frozen=True, slots=True)
class View:
    """`later` holds what changed since the commit, `replaced` the keys of all that did."""

    committed: Searcher
    later: Searcher | None = None
    replaced: frozenset[str] = frozenset()

    def layers(self) -> Iterator[Layer]:
        """The indexes that are asked, the largest first."""
        yield Layer(self.committed, self.replaced, self.committed)
        if self.later is not None:
            yield Layer(self.later, frozenset(), self.committed)

    @property
    def documents(self) -> int:
        """How many there are, about."""
        return int(self.committed.num_docs) + (self.later.num_docs if self.later else 0)

    def documents_with(self, field: str, word: str) -> int:
        """How many documents have a word of the index, about."""
        return sum(layer.searcher.doc_freq(field, word) for layer in self.layers())


def _rarity(searcher: Searcher, stem: str) -> float:
    """As tantivy's BM25 has it (src/query/bm25.rs)."""
    having = searcher.doc_freq("body", stem)
    documents = max(searcher.num_docs, having)  # what was deleted is counted in the latter only
    return math.log(1 + (documents - having + 0.5) / (having + 0.5))
