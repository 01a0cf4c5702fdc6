"""From examples to a model: two logistic regressions on top of the keywords.

Both start from what the keywords say (their weights by rarity, in standard deviations of the
background) and learn what is to be added. One sees a paper in 60 latent directions, which a handful
of examples can fill; the other sees all words and pairs, and counts the more the more positives
there are. As long as positives are few, the background papers that keywords and positives like best
stand in for them, and they are never taken for negatives: what nobody has judged may well belong.
Everything is linear in the paper's terms, so one weight a term is left of it in the end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from bot.domain.features import Vocabulary
from bot.domain.model import Model
from bot.domain.prior import Prior
from bot.domain.retraining import ENOUGH_BACKGROUND
from bot.learning import assumed, latent, logistic
from bot.learning.corpus import Corpus
from bot.learning.curve import HELD_OUT, tail_curve
from bot.learning.logistic import Lesson
from bot.learning.matrix import Products
from bot.learning.phrases import Found
from bot.learning.rounding import rounded
from storage.models import Example, Label

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from bot.domain.features import Term
    from bot.domain.prior import Phrase
    from bot.learning.matrix import Matrix

    Vector = NDArray[np.float64]

KEYWORDS = 0.5
"""Log-odds that a standard deviation of the keywords adds."""

RARE = 10.0
"""Standard deviations that the strongest keyword is at most worth, however rare all are."""

LIKENESS = 0.6
"""Standard deviations of the keywords that one of the likeness to the positives is worth."""

TITLE = 0.25
"""Of a positive with its abstract: what a title alone tells."""

STAND_INS = 0.01
"""The share of the background that stands in for positives, or for nothing."""

FEW = 30
"""Positives with abstracts with which stand-ins count a quarter, and all words half of WORDS."""

WORDS = 0.7
"""What the model of all words counts as beside the latent one when positives are many."""

COUNTS = {Label.LISTED: 10.0, Label.EXAMPLE: 3.0, Label.REJECTED: 2.0, Label.UNLABELLED: 1.0}
ALL_STAND_INS = 300.0
"""What a paper of each kind counts as, and what all stand-ins together do without a positive."""

LENGTH = 7.0
"""Of a paper in the latent directions, at the root mean square."""

LATENT_LOSS = 0.02
WORDS_LOSS = 3.0
"""How much the loss counts beside the size of the weights."""

TINY = 1e-9
"""Stands for a spread or a length of nothing."""


class Split(NamedTuple):
    """The examples by number: what they are, and which of the unlabelled ones are held out.

    `background` are the others of these, `taught` all that are not held out. Of every example
    `whole` says whether it has an abstract, and `counts` what it counts as.
    """

    positive: NDArray[np.intp]
    whole: NDArray[np.bool_]
    background: NDArray[np.intp]
    held_out: NDArray[np.intp]
    taught: NDArray[np.intp]
    counts: Vector


def train(keywords: Mapping[str, float], examples: Iterable[Example]) -> Model:
    """The model that `examples` teach on top of `keywords` (phrase → weight).

    The examples are read once. The same ones in the same order give the same model. 24,000 take
    about 8 s of a processor and 220 MB; numpy should be told to use one thread.
    """
    labels: list[Label] = []
    whole: list[bool] = []

    def noted() -> Iterator[Example]:
        for example in examples:
            labels.append(example.label)
            whole.append(bool(example.abstract))
            yield example

    prior, corpus = Prior.of(keywords), Corpus.read(noted())
    if labels.count(Label.UNLABELLED) < ENOUGH_BACKGROUND:
        return assumed.train(prior, corpus, labels)
    texts = _texts(prior, corpus)
    del corpus  # half of the memory
    return _measured(texts, _split(labels, whole))


class Texts(NamedTuple):
    """What is needed of all texts: the TF-IDF matrix, and what the keywords say of each paper.

    `rarity` is that of each term; `keywords` are the weights of the phrases by their rarity.
    """

    matrix: Matrix
    terms: tuple[Term, ...]
    rarity: Vector
    keywords: dict[Phrase, float]
    said: Vector


def _texts(prior: Prior, corpus: Corpus) -> Texts:
    counts, terms = corpus.counted(_least(corpus.size))
    rarity: Vector = np.log((1 + counts.size) / (1 + counts.papers_with()))
    found = Found(corpus, prior.weights)
    keywords = found.by_rarity()
    return Texts(counts.weighted(rarity), terms, rarity, keywords, found.sums(keywords))


def _split(labels: list[Label], whole: list[bool]) -> Split:
    kind = np.array(labels)
    background = np.flatnonzero(kind == Label.UNLABELLED)
    held_out = background[HELD_OUT - 1 :: HELD_OUT]
    taught = np.setdiff1d(np.arange(len(kind)), held_out)
    positive = np.flatnonzero((kind == Label.LISTED) | (kind == Label.EXAMPLE))
    counts = np.array([COUNTS[label] for label in labels])
    return Split(
        positive, np.array(whole), np.setdiff1d(background, held_out), held_out, taught, counts
    )


def _measured(texts: Texts, group: Split) -> Model:
    unit = KEYWORDS / _spread(texts, group)
    known = _known(unit * texts.said, group)
    directions = latent.directions(texts.matrix)
    spots = texts.matrix.times_all(directions).astype(np.float64)
    scale = LENGTH / max(float(np.sqrt((spots**2).sum(1).mean())), TINY)
    lesson = _lesson(known, spots, group)
    words = _all_words(texts.matrix, lesson, group)
    weights = scale * (directions @ _latent(scale * spots, lesson, group)) + words.weights
    keyword = (1 + words.share) * unit
    held_out = Products(texts.matrix.rows(group.held_out)).times(weights)
    margins = keyword * texts.said[group.held_out] + held_out
    named = zip(texts.terms, rounded(weights), strict=True)
    return Model(
        Vocabulary(dict(zip(texts.terms, rounded(texts.rarity), strict=True))),
        {term: weight for term, weight in named if weight},
        Prior.of_phrases({p: rounded(keyword * weight) for p, weight in texts.keywords.items()}),
        tail_curve(margins),
    )


def _spread(texts: Texts, group: Split) -> float:
    """The standard deviation of what the keywords say of the background."""
    strongest = max(map(abs, texts.keywords.values()), default=0.0)
    return max(float(texts.said[group.background].std()), strongest / RARE, TINY)


def _least(papers: int) -> int:
    """In how many papers a term must occur to be worth knowing."""
    return 2 if papers < 2_000 else 3 if papers < 8_000 else 4


def _known(said: Vector, group: Split) -> Vector:
    """What the keywords say; of a title alone they know as little as of any paper."""
    usual = said[group.background].mean()
    known: Vector = np.where(group.whole, said, usual) - usual
    return known


def _lesson(known: Vector, spots: Vector, group: Split) -> Lesson:
    """What all examples are to be taken for, the stand-ins for positives."""
    background = group.background
    liked = known / max(float(known[background].std()), TINY)
    if len(group.positive):
        units = spots / np.maximum(np.linalg.norm(spots, axis=1, keepdims=True), TINY)
        like = units @ units[group.positive].mean(0)
        liked = liked + LIKENESS * like / max(float(like[background].std()), TINY)
    best = background[np.argsort(-liked[background], kind="stable")]
    stand_ins = best[: max(1, round(STAND_INS * len(background)))]
    answer, counts = np.zeros(len(known)), group.counts.copy()
    answer[group.positive] = answer[stand_ins] = 1
    told = group.whole[group.positive]
    enough = FEW / (FEW + told.sum() + TITLE * (~told).sum())
    counts[stand_ins] = ALL_STAND_INS / len(stand_ins) * enough**2
    return Lesson(answer, counts, known)


def _latent(spots: Vector, lesson: Lesson, group: Split) -> Vector:
    rows = spots[group.taught]
    return logistic.fit(
        lambda weights: rows @ weights,
        lambda numbers: numbers @ rows,
        lesson.of(group.taught, LATENT_LOSS),
    )[:-1]


class Words(NamedTuple):
    """The weights of all terms, and the share with which this model counts, in the weights too."""

    weights: Vector
    share: float


def _all_words(matrix: Matrix, lesson: Lesson, group: Split) -> Words:
    """Titles alone teach nothing here: their few words would get too much weight."""
    positives = int(group.whole[group.positive].sum())
    if not positives:
        return Words(np.zeros(matrix.width), 0.0)
    taught = group.taught[group.whole[group.taught]]
    products = Products(matrix.rows(taught))
    learnt = lesson.of(taught, WORDS_LOSS)
    weights = logistic.fit(products.times, products.turned_times, learnt)[:-1]
    share = WORDS * positives / (positives + FEW)
    return Words(share * weights, share)
