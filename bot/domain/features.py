"""A paper → weighted terms, so that papers can be compared (TF-IDF; Salton & Buckley 1988)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.words import BREAK, STOP_WORDS, stems

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping, Sequence

    from storage.models import Paper

Term = str
"""One stem, or two neighbouring ones joined by a space."""

Vector = dict[Term, float]

TITLE_COUNTS = 2
"""How often a word of the title counts; more made ranking worse on 24,122 papers of cs.CL."""

_PARTING = STOP_WORDS | {BREAK}


@dataclass(frozen=True, slots=True)
class Document:
    """A paper's words as stems."""

    title: tuple[str, ...]
    abstract: tuple[str, ...]

    @classmethod
    def of(cls, paper: Paper) -> Document:
        """Read title and abstract."""
        return cls(tuple(stems(paper.title)), tuple(stems(paper.abstract)))

    def counts(self, known: Container[Term] | None = None) -> dict[Term, int]:
        """How often each term occurs, titles weighted; of pairs only those in `known`, if given.

        Nearly all pairs of a paper are known nowhere else: they would take most of the memory.
        """
        counts: dict[Term, int] = {}
        for part, step in ((self.abstract, 1), (self.title, TITLE_COUNTS)):
            for term in terms(part, known):
                counts[term] = counts.get(term, 0) + step
        return counts


def parts(stem: str) -> bool:
    """Whether this is no term, and no pair of terms spans it: stop words, numbers, breaks."""
    return stem in _PARTING or stem.isdigit()


def terms(words: Sequence[str], known: Container[Term] | None = None) -> Iterator[Term]:
    """The words and pairs of neighbours in `words`; stop words, numbers and breaks part them.

    With `known` a pair that is not in it is left out.
    """
    previous = BREAK
    for word in words:
        if parts(word):
            previous = BREAK
            continue
        yield word
        if previous:
            pair = f"{previous} {word}"
            if known is None or pair in known:
                yield pair
        previous = word


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """How rare each known term is.

    Single words it does not know count as `unseen`, if that is more than nothing; pairs it does not
    know are left out, which keeps a model small.
    """

    rarity: Mapping[Term, float]
    unseen: float = 0.0

    def vector(self, counts: Mapping[Term, int]) -> Vector:
        """The weights of a paper's terms, of length 1 in all."""
        vector: Vector = {}
        for term, count in counts.items():
            rarity = self.rarity.get(term)
            if rarity is None:
                if " " in term or not self.unseen:
                    continue
                rarity = self.unseen
            vector[term] = rarity if count == 1 else (1 + math.log(count)) * rarity
        return unit(vector)

    def vector_of(self, document: Document) -> Vector:
        """The weights of the terms of `document`."""
        return self.vector(document.counts(self.rarity))


def unit(vector: Vector) -> Vector:
    """The same direction with length 1; an empty or zero vector stays as it is."""
    length = math.sqrt(sum(weight * weight for weight in vector.values()))
    return {term: weight / length for term, weight in vector.items()} if length else vector


def dot(one: Mapping[Term, float], other: Mapping[Term, float]) -> float:
    """The inner product, whatever the order; of two vectors of length 1, their cosine."""
    if len(other) < len(one):
        one, other = other, one
    return math.fsum(weight * other.get(term, 0.0) for term, weight in one.items())
