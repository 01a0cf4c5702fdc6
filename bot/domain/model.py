"""What relevance has learnt, as it is used and stored; `bot.learning` makes it.

A paper's margin is linear: the inner product of its TF-IDF vector with the weights, and what the
keywords found add. A curve turns the margin into log-odds, whatever the version.
"""

from __future__ import annotations

import json
import zlib
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.features import Term, Vocabulary
from bot.domain.prior import Prior

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMAT = 1
"""Changes with what a stored model holds and with how one is made: older ones are made anew."""


@dataclass(frozen=True, slots=True)
class Curve:
    """Log-odds by margin: straight lines between at least two knots, which both rise."""

    margins: tuple[float, ...]
    odds: tuple[float, ...]

    def at(self, margin: float) -> float:
        """The log-odds at a margin; outside of the knots the first or last line goes on."""
        place = min(max(bisect_right(self.margins, margin), 1), len(self.margins) - 1)
        left, right = self.margins[place - 1], self.margins[place]
        below, above = self.odds[place - 1], self.odds[place]
        return below + (margin - left) * (above - below) / (right - left)


@dataclass(frozen=True, slots=True)
class Model:
    """Immutable. `prior` holds what each keyword adds to the margin."""

    vocabulary: Vocabulary
    weights: Mapping[Term, float]
    prior: Prior
    curve: Curve

    def dump(self) -> bytes:
        """The model as it is stored: the same bytes of the same model."""
        terms = sorted(self.vocabulary.rarity)
        content = {
            "format": FORMAT,
            "terms": "\n".join(terms),
            "rarity": [self.vocabulary.rarity[term] for term in terms],
            "weights": [self.weights.get(term, 0) for term in terms],
            "unseen": self.vocabulary.unseen,
            "keywords": [[" ".join(p), weight] for p, weight in sorted(self.prior.weights.items())],
            "margins": self.curve.margins,
            "odds": self.curve.odds,
        }
        return zlib.compress(json.dumps(content, separators=(",", ":")).encode())

    @classmethod
    def load(cls, content: bytes) -> Model:
        """The model that was stored. Raises ValueError on anything else, other formats included."""
        try:
            read = json.loads(zlib.decompress(content))
            if read["format"] != FORMAT:
                raise ValueError(f"this is a model of format {read['format']}")
            terms = read["terms"].split("\n") if read["terms"] else []
            weights = zip(terms, read["weights"], strict=True)
            return cls(
                Vocabulary(dict(zip(terms, read["rarity"], strict=True)), read["unseen"]),
                {term: weight for term, weight in weights if weight},
                Prior.of_phrases({tuple(p.split(" ")): w for p, w in read["keywords"]}),
                Curve(tuple(read["margins"]), tuple(read["odds"])),
            )
        except (zlib.error, KeyError, TypeError, AttributeError) as error:
            raise ValueError("this is no model") from error
