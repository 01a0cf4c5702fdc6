"""Which papers of the list a paper is like, by the ranker's words or the list's own."""

from __future__ import annotations

import pytest

from bot.domain.features import Vocabulary
from bot.domain.neighbours import Neighbours
from storage.models import Paper, PaperId

LISTED = (
    Paper(PaperId("arXiv:1"), "Synthetic Preference Data for Alignment"),
    Paper(PaperId("arXiv:2"), "Instruction Tuning with Synthetic Dialogue"),
    Paper(PaperId("arXiv:3"), "A Survey of Data Annotation"),
)
WORDS = Vocabulary({"synthetic": 1.0, "data": 0.5, "preferenc": 4.0, "dialogu": 4.0}, 6.0)


def titles(vocabulary: Vocabulary | None, title: str, abstract: str = "", limit: int = 2) -> list:
    """What a paper with this title is like."""
    paper = Paper(PaperId("arXiv:9"), title, abstract=abstract)
    return [one.title for one in Neighbours(LISTED, vocabulary).nearest(paper, limit)]


@pytest.mark.parametrize("vocabulary", [None, WORDS])
def test_those_most_alike_come_first(vocabulary: Vocabulary | None) -> None:
    """At most so many, also while no ranker was ever trained."""
    found = titles(vocabulary, "Preference Data from Synthetic Dialogue", limit=1)
    assert found == [LISTED[0].title]
    assert len(titles(vocabulary, "Preference Data from Synthetic Dialogue")) == 2


@pytest.mark.parametrize("vocabulary", [None, WORDS])
def test_hardly_like_is_not_named(vocabulary: Vocabulary | None) -> None:
    """Nothing is better than a paper that has no more in common than being one."""
    assert titles(vocabulary, "Weather of Lakes", "We measure the weather of lakes.") == []
    assert Neighbours((), vocabulary).nearest(LISTED[0]) == ()


def test_a_paper_is_not_its_own_neighbour() -> None:
    """Nor is it where its entry stands twice."""
    found = Neighbours((*LISTED, LISTED[0]), None).nearest(LISTED[0], 9)
    assert LISTED[0].id not in {one.paper for one in found}


def test_how_alike_they_are_is_a_cosine() -> None:
    """1 for the same words, whatever their order."""
    twin = Paper(PaperId("arXiv:9"), "Alignment for Preference Data, Synthetic")
    words = Vocabulary({"preferenc": 1.0, "synthetic": 1.0})
    (found,) = Neighbours(LISTED[:1], words).nearest(twin)
    assert found.similarity == pytest.approx(1.0)
