"""The model of a new installation: too little is harvested to measure what is usual.

A list of ordinary terms stands in for the background. What is added to the keywords is how much a
paper is like the mean of the positives (Rocchio 1971), both in standard deviations.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from bot.domain.features import Vocabulary, unit
from bot.domain.model import Curve, Model
from bot.domain.prior import Prior
from bot.learning import reference
from bot.learning.rounding import rounded
from storage.models import Label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain.features import Term, Vector
    from bot.learning.corpus import Corpus

KEYWORDS = 2.0
MIDPOINT = 3.5
"""Standard deviations at which the value is one half."""

_FLOOR = 0.3
_TOGETHER = 0.4  # the correlation of likeness and keywords, measured on cs.CL


def train(prior: Prior, corpus: Corpus, labels: Sequence[Label]) -> Model:
    """The model that the positives teach, titles alone or not."""
    positive = [at for at, label in enumerate(labels) if label in (Label.LISTED, Label.EXAMPLE)]
    counts = _term_counts(corpus, positive)
    vocabulary = _vocabulary(counts)
    likeness = unit(_mean([vocabulary.vector(one) for one in counts]))
    middle, deviation = reference.similarity(_whole(corpus, positive))
    usual, spread = reference.keywords(tuple(prior.weights.values()))
    weight = KEYWORDS if spread else 0.0
    one = 1.0 if likeness else 0.0
    together = math.sqrt(one + weight**2 + 2 * _TOGETHER * one * weight) or 1.0
    start = (one * middle / deviation + weight * usual / (spread or 1.0)) / together
    keyword = weight / (spread or 1.0) / together
    return Model(
        vocabulary,
        {term: rounded(value / deviation / together) for term, value in likeness.items()},
        Prior.of_phrases({p: rounded(keyword * value) for p, value in prior.weights.items()}),
        Curve((rounded(start), rounded(start) + 1), (-MIDPOINT, 1 - MIDPOINT)),
    )


def _vocabulary(counts: Sequence[dict[Term, int]]) -> Vocabulary:
    terms = reference.SHARES.keys() | {term for one in counts for term in one}
    shares = {term: reference.SHARES.get(term, reference.UNSEEN) for term in terms}
    rarity = {term: rounded(_rarity(share)) for term, share in shares.items()}
    return Vocabulary(rarity, rounded(_rarity(reference.UNSEEN)))


def _rarity(share: float) -> float:
    return math.log(1 / share) + _FLOOR


def _term_counts(corpus: Corpus, papers: Sequence[int]) -> list[dict[Term, int]]:
    matrix, terms = corpus.counted(1)
    rows = matrix.rows(np.array(papers, np.intp))
    return [
        {
            terms[term]: int(value)
            for term, value in zip(rows.terms[a:b].tolist(), rows.values[a:b].tolist(), strict=True)
        }
        for a, b in pairwise(rows.starts.tolist())
    ]


def _mean(vectors: Sequence[Vector]) -> Vector:
    total: Vector = {}
    for vector in vectors:
        for term, weight in vector.items():
            total[term] = total.get(term, 0.0) + weight / len(vectors)
    return total


def _whole(corpus: Corpus, papers: Sequence[int]) -> float:
    """The share of papers with an abstract."""
    with_one = set(corpus.paper[(corpus.words >= 0) & ~corpus.in_title].tolist())
    return sum(paper in with_one for paper in papers) / max(1, len(papers))
