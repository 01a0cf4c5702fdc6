"""How strongly each sign speaks for each section: naive Bayes of one section against the others.

A sign that a section's entries have more often than the others' speaks for it with the logarithm
of the two shares, smoothed (Rennie et al. 2003 count the others, too). What a section lacks says
nothing: with few entries that is chance.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from bot.domain.section_signs import weight

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence, Set

    from bot.domain.section_signs import Sign

Votes = dict[str, dict[int, float]]
"""For each sign the sections it speaks for, by number, with weights above 0."""

Unsaid = tuple[frozenset[str], float]
"""Telling signs of a section's name, and the weight, at most 0, of a title that has none."""

_SMOOTHING = 5.0  # entries with the usual share of a sign that each section is thought to have
_NAME = 2.0
_UNSAID = 5.0
_UNSAID_FROM = 0.3  # how telling a word of a name must be for its absence to count
_NAME_HALVES_AT = 6  # entries of the section


def votes(
    documents: Sequence[tuple[Set[Sign], int]],
    names: Sequence[Set[Sign]],
    filled: Mapping[int, int],
) -> Votes:
    """Learn from the signs of documents, each with its section, and of the sections' names.

    `filled` tells how many entries a section has: the more, the less its name counts.
    """
    found = _counted(documents)
    learned = _of_entries(found, documents)
    for at, signs in enumerate(names):
        fading = _NAME_HALVES_AT / (_NAME_HALVES_AT + filled.get(at, 0))
        for sign in signs:
            share = (sum(found.get(sign, {}).values()) + 0.5) / (len(documents) + 1)
            vote = _NAME * weight(sign) * fading * -math.log(share) * _telling(sign, names)
            if vote > 0:
                learned[sign][at] = learned[sign].get(at, 0.0) + vote
    return dict(learned)


def unsaid(
    documents: Sequence[tuple[Set[Sign], int]], names: Sequence[Set[Sign]]
) -> tuple[Unsaid, ...]:
    """What speaks against each section where a title has no word of its name.

    Nothing, unless the titles of its entries have one: where all surveys say so, what does not is
    none, however like in topic.
    """
    return tuple(
        _unsaid(documents, at, _telling_of(signs, names)) for at, signs in enumerate(names)
    )


def _unsaid(
    documents: Sequence[tuple[Set[Sign], int]], section: int, signs: frozenset[Sign]
) -> Unsaid:
    silent = [at == section for found, at in documents if not signs & found]
    size = sum(at == section for _, at in documents)
    elsewhere = (silent.count(False) + 1) / (len(documents) - size + 1)
    here = (silent.count(True) + elsewhere) / (size + 1)
    return signs, _UNSAID * min(0.0, math.log(here / elsewhere)) if signs else 0.0


def _telling_of(signs: Set[Sign], names: Sequence[Set[Sign]]) -> frozenset[Sign]:
    return frozenset(sign for sign in signs if _telling(sign, names) >= _UNSAID_FROM)


def _counted(documents: Sequence[tuple[Set[Sign], int]]) -> Mapping[Sign, Mapping[int, int]]:
    found: dict[Sign, dict[int, int]] = defaultdict(dict)
    for signs, at in documents:
        for sign in signs:
            counts = found[sign]
            counts[at] = counts.get(at, 0) + 1
    return found


def _of_entries(
    found: Mapping[Sign, Mapping[int, int]], documents: Sequence[tuple[Set[Sign], int]]
) -> defaultdict[Sign, dict[int, float]]:
    sizes = Counter(at for _, at in documents)
    learned: defaultdict[Sign, dict[int, float]] = defaultdict(dict)
    for sign, counts in found.items():
        total = sum(counts.values())
        usual = total / len(documents)
        for at, count in counts.items():
            here = (count + _SMOOTHING * usual) / (sizes[at] + _SMOOTHING)
            elsewhere = (total - count + usual) / (len(documents) - sizes[at] + 1)
            if here > elsewhere:
                learned[sign][at] = weight(sign) * math.log(here / elsewhere)
    return learned


def _telling(sign: Sign, names: Sequence[Set[Sign]]) -> float:
    """1 for a word of one name only, 0 for one that all names have."""
    having = sum(sign in signs for signs in names)
    return math.log(len(names) / having) / math.log(len(names)) if len(names) > 1 else 0.0
