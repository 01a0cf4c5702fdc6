"""Replays of the simple methods, by the rules of `python -m bot replay`.

The best of each day are shown up to a share of its papers, what is left over counts for the next
day, and what is shown is decided by its label.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Protocol

from bot.programs.replay_stream import days_of, starting_list
from bot.programs.replaying import Played
from bot.services.listing import papers_of
from tests.bench.relevance_keywords import Keywords
from tests.bench.relevance_svm import Counts, decisions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from scipy.sparse import csr_matrix

    from bot.programs.labelled import Labelled
    from bot.programs.replay_stream import StreamDay
    from storage.models import Paper

GROWTH = 1.1
"""By how much more must be known for the vectorizer to be fitted again."""


class Ranker(Protocol):
    """What a replay asks for; papers go by their places in the stream."""

    def scores(self, day: range) -> Sequence[float]:
        """The scores of a day's papers, those before it being known."""
        ...

    def approved(self, places: Sequence[int]) -> None:
        """These turned out to be relevant."""
        ...


class Counted:
    """Keywords alone, which learn nothing."""

    def __init__(self, phrases: Iterable[str], papers: Sequence[Paper]) -> None:
        self._scores = Keywords(phrases).scores(papers)

    def scores(self, day: range) -> Sequence[float]:
        """The counts."""
        return self._scores[day.start : day.stop]

    def approved(self, places: Sequence[int]) -> None:
        """Nothing follows."""


class Growing:
    """The vectorizer, fitted again when it knows a tenth more; replays at one time share it.

    Before the papers of the stream stand those of the list it begins with.
    """

    def __init__(self, listed: Sequence[Paper], papers: Sequence[Paper]) -> None:
        self._counts = Counts([*listed, *papers])
        self.listed = len(listed)
        self.fitted = 0
        self.features: csr_matrix | None = None

    def reach(self, known: int) -> None:
        """So many papers of the stream can be read by now."""
        if known >= GROWTH * self.fitted:
            self.fitted = known
            self.features = self._counts.features(self.listed + known)


class Retrained:
    """The SVM: learns again after a day with approvals, and with each fit of the vectorizer."""

    def __init__(self, growing: Growing, size: int) -> None:
        self._growing = growing
        self._relevant = [True] * growing.listed + [False] * size
        self._scores: Sequence[float] = ()
        self._fitted = -1

    def scores(self, day: range) -> Sequence[float]:
        """What the last machine says; all the same where there is nothing yet to learn from."""
        self._growing.reach(day.stop)
        features = self._growing.features
        if features is None or not day.start:
            return [0.0] * len(day)
        if self._fitted != self._growing.fitted:
            self._learn(features, day.start)
        first = self._growing.listed
        return self._scores[first + day.start : first + day.stop]

    def _learn(self, features: csr_matrix, known: int) -> None:
        train = range(self._growing.listed + known)
        if any(self._relevant):
            self._scores = decisions(features, self._relevant, train, range(features.shape[0]))
            self._fitted = self._growing.fitted
        else:
            self._scores = [0.0] * features.shape[0]

    def approved(self, places: Sequence[int]) -> None:
        """Learn them before the next day."""
        for place in places:
            self._relevant[self._growing.listed + place] = True
        self._fitted = -1 if places else self._fitted


def keywords_alone(
    phrases: Iterable[str], rows: Sequence[Labelled], shares: Sequence[float]
) -> list[Played]:
    """How keywords fare at each of the shares."""
    days = days_of(rows)
    return play(days, shares, [Counted(phrases, _papers(days))] * len(shares))


def svm_retrained(
    rows: Sequence[Labelled], shares: Sequence[float], told: Callable[[str], None]
) -> list[Played]:
    """How the SVM fares, which begins with the titles of the list. Raises ImportError."""
    days = days_of(rows)
    papers = _papers(days)
    growing = Growing(papers_of(starting_list(rows)), papers)
    told("terms counted")
    return play(days, shares, [Retrained(growing, len(papers)) for _ in shares])


def play(
    days: Sequence[StreamDay], shares: Sequence[float], rankers: Sequence[Ranker]
) -> list[Played]:
    """Show each ranker's best up to its share, all of them day by day."""
    played = [Played(days[0].day)] * len(shares)
    left, start = [0.0] * len(shares), 0
    for day in days:
        places = range(start, start + len(day.papers))
        start = places.stop
        for number, (share, ranker) in enumerate(zip(shares, rankers, strict=True)):
            left[number] += share * len(places)
            shown = _best(ranker.scores(places), math.floor(left[number] + 1e-9))
            left[number] -= len(shown)
            verdicts = [day.papers[at].id in day.relevant for at in shown]
            played[number] = played[number].and_then(day, verdicts)
            ranker.approved([places[at] for at, good in zip(shown, verdicts, strict=True) if good])
    return played


def _best(scores: Sequence[float], most: int) -> list[int]:
    """The places of the highest; what scores the same keeps its order."""
    return sorted(range(len(scores)), key=lambda at: -scores[at])[:most]


def _papers(days: Sequence[StreamDay]) -> list[Paper]:
    return [paper for day in days for paper in day.papers]
