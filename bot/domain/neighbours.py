"""Which entries of the list a paper is like."""

from __future__ import annotations

from dataclasses import dataclass
from heapq import nlargest
from typing import TYPE_CHECKING

from bot.domain.features import Document, dot

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.domain.features import Vocabulary
    from bot.domain.model import Known
    from storage.models import Paper, PaperId

_WEAKEST = 0.05


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An entry of the list that a paper is like; `similarity` is a cosine from 0 to 1."""

    paper: PaperId
    title: str
    similarity: float


def nearest(
    vocabulary: Vocabulary, known: Iterable[Known], paper: Paper, limit: int = 2
) -> tuple[Neighbour, ...]:
    """The entries most like `paper`, itself left out, best first; hardly like is not named.

    Of `known`, papers without a section are examples from elsewhere and are not named either.
    """
    vector = vocabulary.vector_of(Document.of(paper))
    others = (entry for entry in known if entry.section and entry.paper != paper.id)
    scored = ((dot(entry.vector, vector), entry) for entry in others)
    return tuple(
        Neighbour(entry.paper, entry.title, similarity)
        for similarity, entry in nlargest(limit, scored, key=lambda pair: pair[0])
        if similarity >= _WEAKEST
    )
