"""What examples teach: like what is listed, unlike what was turned down, each time the same."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from itertools import accumulate
from statistics import median
from typing import TYPE_CHECKING

import pytest

from bot.domain.features import Document, dot
from bot.domain.model import Model
from bot.domain.relevance import DEFAULT_THRESHOLD, score
from bot.domain.retraining import ENOUGH_BACKGROUND
from bot.learning import training
from bot.learning.training import train
from storage.models import Example, Label
from tests.unit.school import TOPICS, background, made_up, paper_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

KEYWORDS = {"synthetic data": 3.0, "teacher": 1.0}


def listed(count: int, topic: str = "data", label: Label = Label.LISTED) -> list[Example]:
    """So many positives of a topic, none of which stands in the background."""
    return [made_up(topic, number, label) for number in range(10_000, 10_000 + count)]


def titles(examples: Sequence[Example]) -> list[Example]:
    """The same ones as a list knows them before arXiv was asked."""
    return [Example(one.id, one.title, "", one.label) for one in examples]


def usual(model: Model, topic: str) -> float:
    """The score in the middle of new papers of a topic."""
    new = (made_up(topic, number) for number in range(90_000, 90_015))
    return median(score(model, paper_of(one)).value for one in new)


@pytest.mark.parametrize("count", [0, 1, ENOUGH_BACKGROUND - 1, ENOUGH_BACKGROUND, 1_000])
def test_any_amount_of_background_will_do(count: int) -> None:
    """From nothing harvested to thousands, what fits stands above all else."""
    model = train(KEYWORDS, [*listed(8), *background(count)])
    fits = usual(model, "data")
    assert all(fits > usual(model, topic) + 0.1 for topic in TOPICS if topic != "data")
    assert (model.vocabulary.unseen > 0) == (count < ENOUGH_BACKGROUND)


@pytest.mark.parametrize("count", [10, 310])
@pytest.mark.parametrize("keywords", [{}, {"": 1, "...": 2}, {"yoruba": 3, "task": 0}])
@pytest.mark.parametrize(
    "taught",
    [
        [],
        listed(3),
        titles(listed(3)),
        listed(3, label=Label.EXAMPLE),
        listed(3, label=Label.REJECTED),
        [Example("empty", "", "", Label.LISTED)],
    ],
    ids=["nothing", "listed", "titles", "examples", "rejected only", "an empty one"],
)
def test_little_to_learn_from_is_no_error(
    taught: list[Example], keywords: dict[str, float], count: int
) -> None:
    """Without positives, abstracts, keywords, or any of them: everything scores."""
    model = train(keywords, [*taught, *background(count)])
    values = [usual(model, topic) for topic in TOPICS]
    assert all(0 < value < 1 for value in values)
    assert Model.load(model.dump()).dump() == model.dump()


@pytest.mark.parametrize(
    "texts",
    [("", ""), ("The of and", "12 34."), ("A title", "An abstract of some words."), ("{}", "x{}")],
    ids=["empty", "no words", "all alike", "no word twice"],
)
def test_a_background_that_tells_nothing_is_no_error(texts: tuple[str, str]) -> None:
    """Papers without words, with the same ones, or with no word in common."""
    same = [
        Example(str(n), *(text.format(f"w{n}") for text in texts), Label.UNLABELLED)
        for n in range(400)
    ]
    for taught in ([], listed(4)):
        assert 0 < usual(train(KEYWORDS, [*taught, *same]), "data") < 1


def test_a_keyword_no_harvested_paper_says_still_ranks() -> None:
    """It lifts a paper far up, and the more it is said the more, without end of the scale."""
    model = train({"yoruba": 3.0}, background(320))
    once, twice, title = (
        score(model, paper_of(Example("", *texts, Label.UNLABELLED))).value
        for texts in (
            ("Task", "Yoruba."),
            ("Task", "Yoruba. Yoruba."),
            ("Yoruba", "Yoruba. Yoruba."),
        )
    )
    assert DEFAULT_THRESHOLD < once < twice < title < 1


@pytest.mark.parametrize("count", [20, 400])
def test_decisions_teach(count: int) -> None:
    """Papers a maintainer approved pull papers like them up, whatever the keywords say."""
    before = train(KEYWORDS, [*listed(8), *background(count)])
    after = train(KEYWORDS, [*listed(8), *listed(8, "speech"), *background(count)])
    assert usual(after, "speech") > usual(before, "speech") + 0.05
    assert usual(after, "speech") > usual(after, "poetry")


def test_more_of_the_same_raises_what_is_like_it() -> None:
    """Thirty approvals on a topic count no less than one, and one more than none."""
    values = [
        usual(train(KEYWORDS, [*listed(8), *listed(n, "speech"), *background(320)]), "speech")
        for n in (0, 1, 30)
    ]
    assert values == sorted(values)
    assert values[2] > values[0] + 0.1


def test_rejected_papers_score_less_than_before() -> None:
    """So do papers like them, whatever the keywords say, and what is listed stays above them."""
    before = [*listed(6, "speech"), *background(640)]
    rejected = [
        Example(one.id, one.title, one.abstract, Label.REJECTED)
        for one in before
        if one.id.startswith("data")
    ]
    ids = {one.id for one in rejected}
    after = [*rejected, *(one for one in before if one.id not in ids)]
    values = [
        (
            sum(score(model, paper_of(one)).value for one in rejected),
            usual(model, "data"),
            usual(model, "data") - usual(model, "speech"),
        )
        for model in (train(KEYWORDS, before), train(KEYWORDS, after))
    ]
    assert all(less < more for more, less in zip(*values, strict=True))
    assert values[1][2] < 0


def test_examples_of_other_lists_teach_like_the_list_but_less() -> None:
    """They pull what is like them up; a listed paper pulls no less."""
    nothing, example, own = (
        usual(train(KEYWORDS, [*taught, *background(600)]), "speech")
        for taught in ([], listed(6, "speech", Label.EXAMPLE), listed(6, "speech"))
    )
    assert nothing < example <= own + 1e-3


def test_titles_alone_teach_as_well() -> None:
    """Before arXiv has given the abstracts of the list."""
    nothing, some = (
        usual(train(KEYWORDS, [*taught, *background(600)]), "speech")
        for taught in ([], titles(listed(8, "speech")))
    )
    assert some > nothing


def test_scoring_gives_the_margins_of_training(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the curve is measured on is what new papers will have."""
    seen: list[float] = []
    measure = training.tail_curve

    def noted(margins: np.ndarray) -> object:
        seen.extend(margins.tolist())
        return measure(margins)

    monkeypatch.setattr(training, "tail_curve", noted)
    papers = background(480)
    model = train(KEYWORDS, [*listed(8), *papers])
    held_out = [Document.of(paper_of(one)) for one in papers[7::8]]
    margins = [
        dot(model.vocabulary.vector_of(one), model.weights)
        + sum(model.prior.matches(one.title, one.abstract).values())
        for one in held_out
    ]
    assert margins == pytest.approx(seen, abs=1e-3)


SUBJECT = [f"{a}{b}{c}" for a in "bdfgk" for b in "aeiou" for c in "nr"]


def random_papers(count: int, seed: int) -> list[Example]:
    """Papers of words drawn by rank, and of the subject's words fewer and fewer have more."""
    chance = random.Random(seed)
    words = [f"{a}{b}{c}" for a in "hjlmpqtvw" for b in "aeiou" for c in "kptvzxbdfg"]
    ranks = list(accumulate(1 / (n + 3) for n in range(len(words))))
    papers = []
    for n in range(count):
        text = chance.choices(words, cum_weights=ranks, k=50)
        text += chance.sample(SUBJECT, min(30, int(chance.expovariate(0.3))))
        chance.shuffle(text)
        title, abstract = " ".join(text[:7]), " ".join(text[7:])
        papers.append(Example(f"{seed}:{n}", title, abstract, Label.UNLABELLED))
    return papers


@pytest.mark.parametrize(("count", "most"), [(ENOUGH_BACKGROUND, 5.0), (2_000, 2.5)])
def test_a_score_means_the_same_however_much_was_harvested(count: int, most: float) -> None:
    """Of new papers about 1 in 90 reaches one half, and 1 in 500 is strong."""
    model = train(dict.fromkeys(SUBJECT, 1.0), random_papers(count, 1))
    values = [score(model, paper_of(one)).value for one in random_papers(1_500, 2)]
    half = sum(value >= DEFAULT_THRESHOLD for value in values) / len(values)
    assert 1 / 90 / most < half < most / 90
    assert sum(value >= 0.8 for value in values) / len(values) < most / 500 + 0.003
    assert len(set(values)) > 1_400


def test_the_same_examples_give_the_same_bytes() -> None:
    """Also from an iterator, and whatever the order of the keywords' table."""
    taught = [*listed(8), *listed(4, "poetry", Label.REJECTED), *background(320)]
    table = {"synthetic data": 3.1, "teacher": 0.7, "poem": -1.3, "task": 0.2, "result": 0.1}
    turned = dict(reversed(table.items()))
    for examples in (taught, taught[:10]):
        bytes_of = {train(table, examples).dump(), train(turned, iter(examples)).dump()}
        assert len(bytes_of) == 1


PROGRAM = """
import hashlib
from tests.unit.test_learning_training import KEYWORDS, listed, train
from tests.unit.school import background
models = [train(KEYWORDS, [*listed(8), *background(count)]) for count in (5, 350)]
print(hashlib.sha256(b"".join(model.dump() for model in models)).hexdigest())
"""


@pytest.mark.long
def test_another_interpreter_learns_the_same() -> None:
    """Where sets have another order; both do their sums in one thread, as where the bot trains."""

    def learnt(seed: str) -> str:
        one_thread = {**os.environ, "PYTHONHASHSEED": seed, "OPENBLAS_NUM_THREADS": "1"}
        run = [sys.executable, "-c", PROGRAM]
        done = subprocess.run(run, env=one_thread, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    assert len(learnt("1")) == 64
    assert learnt("1") == learnt("2")


def test_a_reason_is_not_looked_at() -> None:
    """Why a paper was rejected changes nothing here: what says nothing of the topic never comes."""
    plain, given = (
        train(
            KEYWORDS,
            [Example("x", "Poem rhyme", "A stanza.", Label.REJECTED, reason), *background(320)],
        )
        for reason in ("", "off topic")
    )
    assert plain == given
