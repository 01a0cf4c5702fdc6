"""Which entries of the list a paper is like, and which section it belongs to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from heapq import nlargest
from typing import TYPE_CHECKING

from bot.domain.features import Document, dot
from bot.domain.words import STOP_WORDS, stems

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.domain.model import Known, Model
    from storage.models import Paper, PaperId

_SURVEY = frozenset(stems("survey review overview tutorial"))
_ANALYSIS = frozenset(
    stems("analysis analyze analyzing theory theoretical understanding why empirical")
)
_QUESTION = frozenset(("does", "do", "is", "are", "can", "how", "what", "when", "why", "which"))
_VOTERS = 8
_NAMED = 0.1
_WEAKEST = 0.05


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An entry of the list that a paper is like; `similarity` is a cosine from 0 to 1."""

    paper: PaperId
    title: str
    similarity: float


def nearest(model: Model, paper: Paper, limit: int = 2) -> tuple[Neighbour, ...]:
    """The entries most like `paper`, itself left out, best first; hardly like is not named.

    Papers without a section are examples from elsewhere and are not named either.
    """
    return tuple(
        Neighbour(known.paper, known.title, similarity)
        for similarity, known in _closest(model, paper, limit)
        if similarity >= _WEAKEST
    )


def suggest_section(model: Model, paper: Paper, sections: Sequence[str]) -> str:
    """The one of `sections` that `paper` belongs to; "" when there are none.

    A survey goes where the title says survey, a study of why to a section of analyses; else the
    entries most like it vote with their similarity, and words of a section's title count when the
    paper's title has them.
    """
    if not sections:
        return ""
    kind = _kind(paper.title)
    if kind and (fitting := _about(sections, kind)):
        return fitting[0]
    candidates = [s for s in sections if s not in _about(sections, _SURVEY)] or list(sections)
    votes = _votes(model, paper, candidates)
    sizes = Counter(known.section for known in model.known)
    return max(candidates, key=lambda section: (votes[section], sizes[section]))


def _closest(model: Model, paper: Paper, limit: int) -> list[tuple[float, Known]]:
    vector = model.vocabulary.vector_of(Document.of(paper))
    others = (known for known in model.known if known.section and known.paper != paper.id)
    scored = ((dot(known.vector, vector), known) for known in others)
    return nlargest(limit, scored, key=lambda pair: pair[0])


def _kind(title: str) -> frozenset[str]:
    words = frozenset(stems(title))
    if words & _SURVEY:
        return _SURVEY
    first = title.split(maxsplit=1)[:1]
    asks = "?" in title or bool(_QUESTION.intersection(word.lower() for word in first))
    return _ANALYSIS if asks or words & _ANALYSIS else frozenset()


def _about(sections: Iterable[str], kind: frozenset[str]) -> list[str]:
    return [section for section in sections if kind.intersection(stems(section))]


def _votes(model: Model, paper: Paper, candidates: Sequence[str]) -> dict[str, float]:
    votes = dict.fromkeys(candidates, 0.0)
    for similarity, known in _closest(model, paper, _VOTERS):
        if known.section in votes:
            votes[known.section] += similarity
    title = set(stems(paper.title))
    for section in candidates:
        named = [word for word in stems(section) if word and word not in STOP_WORDS]
        if named:
            votes[section] += _NAMED * sum(word in title for word in named) / len(named)
    return votes
