"""What relevance learns: TF-IDF with a Rocchio model, and a keyword prior beside it.

A paper's similarity is its inner product with (mean of the list's papers − mean of the
background); Rocchio 1971. It and the weight of the keywords found are each counted in standard
deviations above the mean of the background and added; the keywords count less the more papers the
list has. On 24,122 papers of cs.CL a logistic regression ranked no better.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain import reference
from bot.domain.features import Document, Term, Vector, Vocabulary, dot, mean, unit
from bot.domain.prior import Prior

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from storage.models import Paper, PaperId

ENOUGH_BACKGROUND = 300
"""Background papers from which on they are measured; with fewer, `reference` stands in for them."""

MOST_BACKGROUND = 3_000
"""More background papers than this are thinned out evenly, which bounds time and memory."""

_PRIOR_WEIGHT = 2.0
_PRIOR_HALVES_AT = 30  # papers in the list
_CORRELATION = 0.4  # of similarity and prior, measured on cs.CL


@dataclass(frozen=True, slots=True)
class Scale:
    """Mean and standard deviation of a measure over the background."""

    mean: float
    deviation: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Scale:
        """Measure `values`, of which there is at least one."""
        middle = math.fsum(values) / len(values)
        squares = math.fsum((value - middle) ** 2 for value in values)
        return cls(middle, math.sqrt(squares / len(values)))

    def standard(self, value: float) -> float:
        """`value` in standard deviations above the mean; 0 where nothing varies."""
        return (value - self.mean) / self.deviation if self.deviation > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Known:
    """A paper of the list: its place and its vector."""

    paper: PaperId
    title: str
    section: str
    vector: Vector


@dataclass(frozen=True, slots=True)
class Model:
    """What has been learnt. Immutable, and small enough to be sent to another process."""

    vocabulary: Vocabulary
    weights: Mapping[Term, float]
    similarity: Scale
    prior: Prior
    prior_scale: Scale
    prior_weight: float
    known: tuple[Known, ...]

    @property
    def spread(self) -> float:
        """The standard deviation of the sum of similarity and weighted prior."""
        one = 1.0 if self.similarity.deviation > 0 else 0.0
        other = self.prior_weight if self.prior_scale.deviation > 0 else 0.0
        return math.sqrt(one * one + other * other + 2 * _CORRELATION * one * other)


def train(
    positives: Sequence[tuple[Paper, str]],
    background: Sequence[Paper],
    keywords: Mapping[str, float],
) -> Model:
    """Learn from the list's papers, each with its section, and a sample of the recent harvest.

    A paper with the section "" is an example that is not on the list. Papers of the list may lack
    abstracts; both sequences may be empty. Takes about 0.5 ms a paper.
    """
    counts = [Document.of(paper).counts() for paper, _ in positives]
    keep = frozenset(term for counted in counts for term in counted)
    sample = [Document.of(paper) for paper in _thinned(background)]
    measured = len(sample) >= ENOUGH_BACKGROUND
    vocabulary, vectors = _measured(sample, keep) if measured else _assumed(keep)
    known = tuple(
        Known(paper.id, paper.title, section, vocabulary.vector(counted))
        for (paper, section), counted in zip(positives, counts, strict=True)
    )
    weights = _direction(known, vectors, vocabulary)
    prior = Prior.of(keywords)
    return Model(
        vocabulary=vocabulary,
        weights=weights,
        similarity=_similarity_scale(weights, vectors, [paper for paper, _ in positives]),
        prior=prior,
        prior_scale=_prior_scale(prior, sample if measured else ()),
        prior_weight=_PRIOR_WEIGHT * _PRIOR_HALVES_AT / (_PRIOR_HALVES_AT + len(known)),
        known=known,
    )


def _thinned(background: Sequence[Paper]) -> Sequence[Paper]:
    step = -(-len(background) // MOST_BACKGROUND)
    return background[::step] if step > 1 else background


def _measured(
    sample: Sequence[Document], keep: frozenset[Term]
) -> tuple[Vocabulary, Sequence[Vector]]:
    counts = [document.counts(keep) for document in sample]
    vocabulary = Vocabulary.counted(counts, keep)
    return vocabulary, [vocabulary.vector(counted) for counted in counts]


def _assumed(keep: frozenset[Term]) -> tuple[Vocabulary, Sequence[Vector]]:
    return Vocabulary.of_shares(reference.SHARES, reference.UNSEEN, keep), ()


def _direction(
    known: Sequence[Known], background: Sequence[Vector], vocabulary: Vocabulary
) -> Mapping[Term, float]:
    if not known:
        return {}
    weights = mean([entry.vector for entry in known])
    for term, weight in mean(background).items():
        weights[term] = weights.get(term, 0.0) - weight
    return unit({term: weight for term, weight in weights.items() if term in vocabulary.rarity})


def _similarity_scale(
    weights: Mapping[Term, float], background: Sequence[Vector], listed: Sequence[Paper]
) -> Scale:
    if not weights:
        return Scale(0.0, 0.0)
    if background:
        return Scale.of([dot(vector, weights) for vector in background])
    whole = sum(bool(paper.abstract) for paper in listed) / len(listed)
    return Scale(*reference.similarity(whole))


def _prior_scale(prior: Prior, sample: Sequence[Document]) -> Scale:
    """Keywords that the sample hardly knows must neither count for nothing nor for everything."""
    assumed = Scale(*reference.keywords(tuple(prior.weights())))
    if not sample:
        return assumed
    found = Scale.of([sum(prior.matches(doc.title, doc.abstract).values()) for doc in sample])
    return Scale(found.mean, max(found.deviation, assumed.deviation / 2))
