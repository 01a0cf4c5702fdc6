"""What relevance has learnt, as it is used and stored; `bot.learning` makes it.

A paper's margin is linear: the inner product of its TF-IDF vector with the weights, and what the
keywords found add. A curve turns the margin into log-odds, whatever the version.
"""

from __future__ import annotations

import json
import struct
import zlib
from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.domain.features import Term, Vocabulary
from bot.domain.prior import Prior

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FORMAT = 1
"""Changes with what a stored model holds and with how one is made: older ones are made anew."""

_LENGTH = struct.Struct("<I")
_DAMAGE = (zlib.error, struct.error, KeyError, TypeError, AttributeError, RecursionError)


@dataclass(frozen=True, slots=True)
class Curve:
    """Log-odds by margin: straight lines between knots.

    Raises ValueError on fewer than two of them, and where one of both does not rise.
    """

    margins: tuple[float, ...]
    odds: tuple[float, ...]

    def __post_init__(self) -> None:
        for numbers in (self.margins, self.odds):
            rising = all(one < other for one, other in pairwise(numbers))
            if len(numbers) < 2 or len(numbers) != len(self.odds) or not rising:
                raise ValueError("a curve needs two knots or more that rise")

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
        keywords = [[" ".join(p), weight] for p, weight in sorted(self.prior.weights.items())]
        small = {
            "format": FORMAT,
            "unseen": self.vocabulary.unseen,
            "keywords": keywords,
            "margins": self.curve.margins,
            "odds": self.curve.odds,
        }
        parts = (
            json.dumps(small).encode(),
            "\n".join(terms).encode(),
            _packed([self.vocabulary.rarity[term] for term in terms]),
            _packed([self.weights.get(term, 0.0) for term in terms]),
        )
        return zlib.compress(b"".join(_LENGTH.pack(len(part)) + part for part in parts))

    @classmethod
    def load(cls, content: bytes) -> Model:
        """The model that was stored. Raises ValueError on anything else, other formats included.

        Text and numbers are packed, since JSON of so many would hold the interpreter for long.
        """
        try:
            about, text, rarity, weights = _parts(zlib.decompress(content))
            small = json.loads(about)
            if small["format"] != FORMAT:
                raise ValueError(f"this is a model of format {small['format']}")
            terms = text.decode().split("\n") if text else []
            weighted = zip(terms, _unpacked(weights), strict=True)
            keywords = {tuple(p.split(" ")): float(weight) for p, weight in small["keywords"]}
            return cls(
                Vocabulary(
                    dict(zip(terms, _unpacked(rarity), strict=True)), float(small["unseen"])
                ),
                {term: weight for term, weight in weighted if weight},
                Prior.of_phrases(keywords),
                Curve(tuple(map(float, small["margins"])), tuple(map(float, small["odds"]))),
            )
        except _DAMAGE as error:
            raise ValueError("this is no model") from error


def _parts(content: bytes) -> list[bytes]:
    parts: list[bytes] = []
    at = 0
    while at < len(content):
        (length,) = _LENGTH.unpack_from(content, at)
        at += _LENGTH.size + length
        parts.append(content[at - length : at])
    return parts


def _packed(numbers: Sequence[float]) -> bytes:
    """Single floats, the lowest byte first."""
    return struct.pack(f"<{len(numbers)}f", *numbers)


def _unpacked(content: bytes) -> tuple[float, ...]:
    return struct.unpack(f"<{len(content) // 4}f", content)
