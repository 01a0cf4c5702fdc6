"""The words that made a score, as they stand in the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.words import written

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.domain.features import Document
    from bot.domain.prior import Phrase
    from storage.models import Paper

MOST_REASONS = 5

_LONGEST = 60
_WEAKEST = 0.2  # of the strongest


def readable(
    paper: Paper, document: Document, contributions: Mapping[Phrase, float]
) -> tuple[str, ...]:
    """The strongest of `contributions` (stems → share of the score) as the text writes them.

    At most 5. Of two that overlap (`synthetic`, `synthetic data`) the longer is named, at the place
    of the stronger. `document` holds the paper's words.
    """
    texts = ((paper.title, document.title), (paper.abstract, document.abstract))
    surfaces = (_surface(texts, phrase) for phrase in _chosen(contributions))
    return tuple(surface for surface in surfaces if surface)


def _chosen(contributions: Mapping[Phrase, float]) -> list[Phrase]:
    ranked = sorted(contributions.items(), key=lambda item: (-item[1], item[0]))
    floor = ranked[0][1] * _WEAKEST if ranked else 0.0
    chosen: list[Phrase] = []
    for phrase, share in ranked:
        if share < floor or share <= 0:
            break
        _take(chosen, phrase)
    return chosen[:MOST_REASONS]


def _take(chosen: list[Phrase], phrase: Phrase) -> None:
    for at, other in enumerate(chosen):
        if set(phrase) <= set(other):
            return
        if set(other) < set(phrase):
            chosen[at] = phrase
            return
    chosen.append(phrase)


def _surface(texts: Sequence[tuple[str, Phrase]], phrase: Phrase) -> str:
    for text, words in texts:
        for at, word in enumerate(words):
            if word == phrase[0] and words[at : at + len(phrase)] == phrase:
                found = " ".join(written(text, at, len(phrase)).split())
                return found if len(found) <= _LONGEST else ""
    return ""
