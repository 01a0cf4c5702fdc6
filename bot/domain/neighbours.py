"""Which entries of the list a paper is like."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from heapq import nlargest
from typing import TYPE_CHECKING

from bot.domain.features import Document, Vocabulary, dot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain.features import Vector
    from storage.models import Paper, PaperId

_WEAKEST = 0.05


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An entry of the list that a paper is like; `similarity` is a cosine from 0 to 1."""

    paper: PaperId
    title: str
    similarity: float


@dataclass(frozen=True, slots=True)
class _Listed:
    paper: PaperId
    title: str
    vector: Vector


class Neighbours:
    """The papers of the list, to be compared with others."""

    def __init__(self, papers: Sequence[Paper], vocabulary: Vocabulary | None) -> None:
        """`vocabulary` is that of the ranker; without one the list's own words have to do."""
        documents = [Document.of(paper) for paper in papers]
        self._vocabulary = vocabulary or _own_vocabulary(documents)
        self._listed = [
            _Listed(paper.id, paper.title, self._vocabulary.vector_of(document))
            for paper, document in zip(papers, documents, strict=True)
        ]

    def nearest(self, paper: Paper, limit: int = 2) -> tuple[Neighbour, ...]:
        """Those most like `paper`, itself left out, best first; hardly like is not named."""
        vector = self._vocabulary.vector_of(Document.of(paper))
        others = (one for one in self._listed if one.paper != paper.id)
        scored = ((dot(one.vector, vector), one) for one in others)
        return tuple(
            Neighbour(one.paper, one.title, similarity)
            for similarity, one in nlargest(limit, scored, key=lambda pair: pair[0])
            if similarity >= _WEAKEST
        )


def _own_vocabulary(documents: Sequence[Document]) -> Vocabulary:
    having = Counter(term for document in documents for term in document.counts())
    usual = math.log(len(documents) + 1)
    return Vocabulary({term: usual - math.log(count) for term, count in having.items()}, usual)
