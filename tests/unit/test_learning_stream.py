"""Real papers of a year are ranked far better than by a keyword or by their day."""

from __future__ import annotations

from functools import cache

import pytest

from bot.domain.relevance import DEFAULT_KEYWORDS, DEFAULT_THRESHOLD, score
from bot.learning.training import train
from storage.models import Example, Label
from tests.conftest import SHARED
from tests.seeds import BACKGROUND, LISTED, Report, Row, keyword, newest, report, stream

FOLDER = SHARED / "relevance"
LATER = "2024-01"

pytestmark = pytest.mark.skipif(
    not (FOLDER / "stream.jsonl.gz").exists(), reason=f"no labelled papers in {FOLDER}"
)


@cache
def before_and_after() -> tuple[list[Row], list[Row]]:
    """What is learnt from and what is ranked: all that belongs, and every few of the others."""
    rows = stream(FOLDER)
    sample = [row for number, row in enumerate(rows) if row.relevant or number % 8 == 0]
    return (
        [row for row in sample if row.day < LATER],
        [row for row in sample if row.day >= LATER],
    )


def example(row: Row, label: Label) -> Example:
    """A paper of the stream to learn from."""
    return Example(row.paper.id, row.paper.title, row.paper.abstract, label)


@cache
def ranked(*, warm: bool) -> tuple[Report, list[float]]:
    """Our ranking, by the titles of the list alone or by what was found before too; its values."""
    before, after = before_and_after()
    taught = [Example(paper.id, paper.title, "", Label.LISTED) for paper, _ in LISTED]
    taught += [example(row, Label.UNLABELLED) for row in before if not row.relevant]
    if warm:
        taught += [example(row, Label.LISTED) for row in before if row.relevant]
    model = train(DEFAULT_KEYWORDS, taught)
    values = [score(model, row.paper, 2).value for row in after]
    return report(after, values), values


def test_there_is_enough_to_judge_by() -> None:
    """The parts are those that the figures below are for."""
    before, after = before_and_after()
    assert min(len(before), len(after)) > BACKGROUND // 2
    assert min(sum(bool(row.relevant) for row in part) for part in (before, after)) > 50


@pytest.mark.parametrize("warm", [False, True], ids=["cold", "warm"])
def test_we_rank_far_better_than_a_keyword_or_the_day(warm: bool) -> None:
    """Far more of what is shown first belongs, and few others reach the threshold."""
    ours, values = ranked(warm=warm)
    _, after = before_and_after()
    theirs, latest = report(after, keyword(after)), report(after, newest(after))
    assert ours.average_precision > 1.7 * theirs.average_precision
    assert ours.average_precision > 5 * latest.average_precision
    assert ours.recall > 0.3
    others = [v for row, v in zip(after, values, strict=True) if not row.relevant]
    assert sum(value >= DEFAULT_THRESHOLD for value in others) < len(others) / 25
    assert len(set(values)) == len(values)


def test_what_was_found_before_makes_it_better() -> None:
    """A hundred listed papers rank later ones better than eight titles do."""
    assert ranked(warm=True)[0].average_precision > ranked(warm=False)[0].average_precision
