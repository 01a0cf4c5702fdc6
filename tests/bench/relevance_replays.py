"""Replays of the simple methods, by the rules of `python -m bot replay`.

What is shown of a day is said by the same `Budget`, and decided by its label. The SVM learns more
often than ours: after each day with approvals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from bot.programs.replay_budget import Budget
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
    from tests.bench.relevance_stream import Split

GROWTH = 1.1
"""By how much more must be known for the vectorizer to be fitted again."""


class Ranker(Protocol):
    """What a replay asks for; papers go by their places, those known before the stream first."""

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

    Before all papers stand those of the list it begins with.
    """

    def __init__(self, listed: Sequence[Paper], papers: Sequence[Paper]) -> None:
        self._counts = Counts([*listed, *papers])
        self.listed = len(listed)
        self.fitted = 0
        self.features: csr_matrix | None = None

    def reach(self, known: int) -> None:
        """So many papers can be read by now."""
        if known >= GROWTH * self.fitted:
            self.fitted = known
            self.features = self._counts.features(self.listed + known)


class Retrained:
    """The SVM: learns again after a day with approvals, and with each fit of the vectorizer."""

    def __init__(self, growing: Growing, relevant: Sequence[bool]) -> None:
        """All that is relevant and known before the stream is told by `relevant`."""
        self._growing = growing
        self._relevant = [True] * growing.listed + list(relevant)
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
    """How keywords fare at each of the shares, which nothing known makes any better."""
    days = days_of(rows)
    return play(days, shares, [Counted(phrases, _papers(days))] * len(shares))


def svm_retrained(
    parts: Split, shares: Sequence[float], told: Callable[[str], None]
) -> list[Played]:
    """How the SVM fares that knows the earlier papers and the list. Raises ImportError."""
    past, days = days_of(parts.known), days_of(parts.scored, len(parts.known))
    known, papers = _papers(past), _papers(days)
    listed = papers_of(starting_list([*parts.scored, *parts.later]))
    growing = Growing(listed, [*known, *papers])
    told("terms counted")
    relevant = [paper.id in day.relevant for day in past for paper in day.papers]
    relevant += [False] * len(papers)
    return play(days, shares, [Retrained(growing, relevant) for _ in shares], len(known))


def play(
    days: Sequence[StreamDay],
    shares: Sequence[float],
    rankers: Sequence[Ranker],
    start: int = 0,
) -> list[Played]:
    """Show each ranker's best up to its share, all of them day by day, from place `start` on."""
    played = [Played(days[0].day)] * len(shares)
    budgets = [Budget(share) for share in shares]
    for day in days:
        places = range(start, start + len(day.papers))
        start = places.stop
        for number, (budget, ranker) in enumerate(zip(budgets, rankers, strict=True)):
            shown = _shown(ranker.scores(places), budget)
            verdicts = [day.papers[at].id in day.relevant for at in shown]
            played[number] = played[number].and_then(day, verdicts)
            ranker.approved([places[at] for at, good in zip(shown, verdicts, strict=True) if good])
    return played


def _shown(scores: Sequence[float], budget: Budget) -> list[int]:
    """The places of the highest; what scores the same keeps its order."""
    budget.grow(len(scores))
    most, least = budget.offer(scores)
    high = [at for at, score in enumerate(scores) if score >= least]
    shown = sorted(high, key=lambda at: -scores[at])[:most]
    budget.spend(len(shown))
    return shown


def _papers(days: Sequence[StreamDay]) -> list[Paper]:
    return [paper for day in days for paper in day.papers]
