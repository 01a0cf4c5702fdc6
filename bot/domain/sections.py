"""Which section of the list a paper belongs to, learned from the sections' names and entries."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.section_signs import signs_of_abstract, signs_of_name, signs_of_title, years
from bot.domain.section_votes import unsaid, votes

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from bot.domain.section_signs import Sign
    from bot.domain.section_votes import Unsaid, Votes
    from storage.models import Paper

_SIZE = 0.6  # of the logarithm of a section's share of the list
_ABSTRACT = 5.0  # signs of a title that a whole abstract counts for
_YEAR_OFF = 3.0  # for each year
_MOST_YEARS_OFF = 3


@dataclass(frozen=True, slots=True)
class Sections:
    """What the sections of one revision of the list teach. Immutable."""

    names: tuple[str, ...]
    sizes: tuple[float, ...]
    titles: Votes
    abstracts: Votes
    unsaid: tuple[Unsaid, ...]
    years: tuple[tuple[int, ...], ...]

    @classmethod
    def learn(cls, entries: Sequence[tuple[Paper, str]], sections: Sequence[str]) -> Sections:
        """Learn from papers with their sections; 1,200 with abstracts take about half a second.

        Papers of sections that are not among `sections` are passed over.
        """
        number = {name: at for at, name in enumerate(sections)}
        placed = [(paper, number[name]) for paper, name in entries if name in number]
        titles = [(signs_of_title(paper.title), at) for paper, at in placed]
        abstracts = [(signs_of_abstract(p.abstract), at) for p, at in placed if p.abstract]
        named = [signs_of_name(name) for name in sections]
        filled = Counter(at for _, at in placed)
        whole = len(placed) + len(sections)
        return cls(
            tuple(sections),
            tuple(_SIZE * math.log((filled[at] + 1) / whole) for at in range(len(sections))),
            votes(titles, named, filled),
            votes(abstracts, named, filled),
            unsaid(titles, named),
            tuple(map(years, sections)),
        )

    def suggest(self, paper: Paper) -> str:
        """The section that `paper` belongs to most likely; "" when there are none."""
        if not self.names:
            return ""
        title = signs_of_title(paper.title)
        scores = list(self.sizes)
        for at, (said, against) in enumerate(self.unsaid):
            if not said & title:
                scores[at] += against
        _add(scores, self.titles, title)
        _add(scores, self.abstracts, signs_of_abstract(paper.abstract), _ABSTRACT)
        if paper.published:
            self._date(scores, paper.published.year)
        return self.names[max(range(len(scores)), key=scores.__getitem__)]

    def _date(self, scores: list[float], year: int) -> None:
        """A section that is named after other years hardly is for this one."""
        for at, named in enumerate(self.years):
            if named:
                off = min(abs(year - one) for one in named)
                scores[at] -= _YEAR_OFF * min(off, _MOST_YEARS_OFF)


def _add(
    scores: list[float], learned: Votes, signs: Collection[Sign], whole: float | None = None
) -> None:
    """Let signs vote; with `whole` they count for as many in all."""
    voting = sorted(sign for sign in signs if sign in learned)  # the same sum in every process
    share = 1.0 if whole is None else whole / max(1, len(voting))
    for sign in voting:
        for at, vote in learned[sign].items():
            scores[at] += share * vote
