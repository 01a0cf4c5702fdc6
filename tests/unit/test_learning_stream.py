"""Real papers of a year are ranked far better than by a keyword or by their day."""

from __future__ import annotations

import gzip
import json
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import pytest

from bot.domain.relevance import DEFAULT_KEYWORDS, DEFAULT_THRESHOLD, score
from bot.learning.training import train
from storage.models import Example, Label
from tests.conftest import SHARED
from tests.seeds import LISTED
from tests.unit.school import paper_of

if TYPE_CHECKING:
    from collections.abc import Sequence

FILE = SHARED / "relevance" / "stream.jsonl.gz"
LATER = "2401"
"""The ids from here on are those of the papers that are ranked."""

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not FILE.exists(), reason=f"{FILE} is not there"),
]


class Half(NamedTuple):
    """All papers of a time that belong, and every eighth of the others, by id."""

    papers: list[Example]
    relevant: list[bool]


@cache
def halves() -> tuple[Half, Half]:
    """What is learnt from, and what is ranked."""
    before, after = Half([], []), Half([], [])
    listed = {paper.id.removeprefix("arXiv:") for paper, _ in LISTED}
    with gzip.open(FILE, "rt", encoding="utf-8") as lines:
        rows = sorted(map(json.loads, lines), key=lambda row: row["id"])
    for number, row in enumerate(rows):
        if row["id"] not in listed and (row["relevant"] or number % 8 == 0):
            half = before if row["id"] < LATER else after
            text = (row["id"], row["title"], row["abstract"])
            half.papers.append(Example(*text, Label.UNLABELLED))
            half.relevant.append(bool(row["relevant"]))
    return before, after


def average_precision(values: Sequence[float], relevant: Sequence[bool]) -> float:
    """The mean, over all that belong, of the share that belongs of what ranks no lower."""
    ranked = sorted(zip(values, relevant, strict=True), key=lambda pair: -pair[0])
    places = [place for place, (_, belongs) in enumerate(ranked, 1) if belongs]
    return sum(found / place for found, place in enumerate(places, 1)) / len(places)


@cache
def ours(*, warm: bool) -> tuple[float, ...]:
    """The scores by the titles of the list alone, or by what was found before too."""
    before, after = halves()
    taught = [Example(paper.id, paper.title, "", Label.LISTED) for paper, _ in LISTED]
    for paper, belongs in zip(*before, strict=True):
        if not belongs:
            taught.append(paper)
        elif warm:
            taught.append(Example(paper.id, paper.title, paper.abstract, Label.LISTED))
    model = train(DEFAULT_KEYWORDS, taught)
    return tuple(score(model, paper_of(paper), 2).value for paper in after.papers)


def test_there_is_enough_to_judge_by() -> None:
    """The halves are as large as the figures below need."""
    for half in halves():
        assert len(half.papers) > 1_000
        assert sum(half.relevant) > 50


@pytest.mark.parametrize("warm", [False, True], ids=["cold", "warm"])
def test_we_rank_far_better_than_a_keyword_or_the_day(warm: bool) -> None:
    """Far more of what is shown first belongs, and few others reach the threshold."""
    _, (papers, relevant) = halves()
    values = ours(warm=warm)
    precision = average_precision(values, relevant)
    texts = [f"{paper.title} {paper.abstract}".lower() for paper in papers]
    newest = range(len(texts))
    said = ["synthetic data" in text for text in texts]
    keyword = [found + day / len(texts) for found, day in zip(said, newest, strict=True)]
    assert precision > 1.7 * average_precision(keyword, relevant)
    assert precision > 5 * average_precision(newest, relevant)
    assert len(set(values)) == len(values)


@pytest.mark.parametrize("warm", [False, True], ids=["cold", "warm"])
def test_the_threshold_lets_few_others_through(warm: bool) -> None:
    """Of what belongs a third or more reaches it, of the rest hardly any."""
    _, (_, relevant) = halves()
    found = [
        belongs
        for value, belongs in zip(ours(warm=warm), relevant, strict=True)
        if value >= DEFAULT_THRESHOLD
    ]
    assert sum(found) > sum(relevant) / 3
    assert found.count(False) < relevant.count(False) / 25


def test_what_was_found_before_makes_it_better() -> None:
    """A hundred listed papers rank later ones better than eight titles do."""
    _, (_, relevant) = halves()
    cold, warm = (average_precision(ours(warm=warm), relevant) for warm in (False, True))
    assert warm > cold
