"""The words that made a score, as they stand in the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.words import located

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.domain.prior import Phrase
    from bot.domain.words import Located
    from storage.models import Paper

MOST_REASONS = 5

_LONGEST = 60
_WEAKEST = 0.2  # of the strongest


def readable(paper: Paper, contributions: Mapping[Phrase, float]) -> tuple[str, ...]:
    """The strongest of `contributions` (stems → share of the score) as the text writes them.

    At most 5. Of two that overlap (`synthetic`, `synthetic data`) the longer is named, at the place
    of the stronger.
    """
    texts = [(text, located(text)) for text in (paper.title, paper.abstract)]
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


def _surface(texts: Sequence[tuple[str, Sequence[Located]]], phrase: Phrase) -> str:
    for text, words in texts:
        for at in range(len(words) - len(phrase) + 1):
            if all(words[at + i].stem == part for i, part in enumerate(phrase)):
                found = text[words[at].start : words[at + len(phrase) - 1].end]
                return " ".join(found.split()) if len(found) <= _LONGEST else ""
    return ""
