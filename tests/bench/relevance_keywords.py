"""A count of the keywords found: the simplest ranking that a maintainer could set up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.words import BREAK, stems
from tests.bench.relevance_stream import text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.programs.labelled import Labelled
    from storage.models import Paper


class Keywords:
    """Counts how often any of the phrases occurs, in all forms of its words, weights aside."""

    def __init__(self, phrases: Iterable[str]) -> None:
        parts = (tuple(stem for stem in stems(phrase) if stem != BREAK) for phrase in phrases)
        self._phrases = frozenset(part for part in parts if part)
        self._lengths = sorted({len(phrase) for phrase in self._phrases})

    def scores(self, rows: Sequence[Labelled | Paper]) -> list[float]:
        """The count of each paper."""
        return [float(self._count(stems(text(row)))) for row in rows]

    def _count(self, words: Sequence[str]) -> int:
        return sum(
            tuple(words[at : at + length]) in self._phrases
            for at in range(len(words))
            for length in self._lengths
        )
