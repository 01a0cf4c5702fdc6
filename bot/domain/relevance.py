"""How well a paper fits the list, and why. `model` says how it is learnt."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.features import Document, dot
from bot.domain.model import Model
from bot.domain.prior import DEFAULT_KEYWORDS
from bot.domain.reasons import readable
from bot.domain.sentences import sentence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.domain.features import Vector
    from bot.domain.prior import Phrase
    from storage.models import Paper

__all__ = [
    "DEFAULT_KEYWORDS",
    "DEFAULT_THRESHOLD",
    "Model",
    "Score",
    "score",
    "strength",
]

DEFAULT_THRESHOLD = 0.5
"""The value a paper needs to become a candidate; about 1 paper in 90 of the background has it."""

STRONG = 0.8
"""About 1 in 500 of the background has it."""

_EVEN, _MOST = 20.0, 30.0
"""Log-odds above the first are drawn in below the second: a float tells 36 from certainty."""

_LEAST = -700.0  # what `exp` can take
_PLAIN = 2.2  # a word rarer than this is worth naming: at most 11 % of papers have it


@dataclass(frozen=True, slots=True)
class Score:
    """How well a paper fits, 0 to 1, and the words of its text that say so, strongest first."""

    value: float
    reasons: tuple[str, ...]


def score(model: Model, paper: Paper, least: float = 0.0) -> Score:
    """Judge one paper; 2,000 take about a second.

    Below the value `least` no reasons are looked for, which saves time. Two papers whose margins
    differ have different values as far as floats go: the value is good to rank by.
    """
    document = Document.of(paper)
    vector = model.vocabulary.vector_of(document)
    found = model.prior.matches(document.title, document.abstract)
    margin = dot(vector, model.weights) + math.fsum(found.values())
    value = _share(model.curve.at(margin))
    if value < least:
        return Score(value, ())
    return Score(value, readable(paper, document, _contributions(model, vector, found)))


def _share(odds: float) -> float:
    """The share that belongs to log-odds; what is all but certain stays apart from certain."""
    left = _MOST - _EVEN
    bounded = odds if odds <= _EVEN else _MOST - left * left / (left + odds - _EVEN)
    return 1 / (1 + math.exp(-max(_LEAST, bounded)))


def strength(value: float) -> str:
    """A word for a score's value."""
    if value >= STRONG:
        return sentence("strong match")
    return sentence("likely") if value >= DEFAULT_THRESHOLD else sentence("borderline")


def _contributions(
    model: Model, vector: Vector, found: Mapping[Phrase, float]
) -> dict[Phrase, float]:
    shares = dict(found)
    for term in vector.keys() & model.weights.keys():
        if model.weights[term] > 0 and model.vocabulary.rarity[term] > _PLAIN:
            phrase = tuple(term.split(" "))
            shares[phrase] = shares.get(phrase, 0.0) + vector[term] * model.weights[term]
    return shares
