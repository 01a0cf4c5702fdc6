"""What a file of labelled papers teaches, each paper once, together with the shipped list."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from bot.domain.identify import identify
from bot.programs.labelled import Labelled
from bot.programs.twins import keys, twins
from bot.services.listing import SEED, papers_of
from bot.sources.withdrawal import says_withdrawn
from storage.models import Example, Label

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_NOTICE = re.compile(
    r"\bthis\s+(?:paper|article|pre-?print|manuscript|submission|work)\s+(?:has\s+been|is|was)\s+"
    r"(?:\w+ly\s+)?(?:withdrawn|retracted)\b|[\[(](?:withdrawn|retracted)[\])]",
    re.IGNORECASE,
)


def is_withdrawn(row: Labelled) -> bool:
    """Whether title or abstract say that the paper is withdrawn: no field does."""
    text = f"{row.title}\n{row.abstract}"
    if "withdr" not in (folded := text.casefold()) and "retract" not in folded:
        return False
    openings = (row.title, row.abstract.lstrip(" \n\t[(*\"'"))
    return bool(_NOTICE.search(text)) or any(says_withdrawn("", one) for one in openings)


@cache
def seeds() -> tuple[Labelled, ...]:
    """The papers of the shipped list; one that has no id is called by its title."""
    content = (files("storage") / "seed" / SEED).read_bytes()
    return tuple(
        Labelled(paper.id or paper.title, paper.title, "", relevant=True)
        for paper in papers_of(content)
    )


@dataclass(frozen=True, slots=True)
class Taught:
    """Examples, and how many papers of the file taught nothing, by why.

    `shipped` are examples that the shipped list has; `repeated` are lines that another one of the
    same paper stands for.
    """

    examples: tuple[Example, ...]
    shipped: int
    undecided: int
    withdrawn: int
    repeated: int


class FileLessons:
    """The papers of a file and of the shipped list; `names` are the keys of the file's.

    A paper that stands there several times is one: relevant if any line says so (the shipped list
    does), else of no account if any says null, else unlabelled.
    """

    def __init__(self, rows: Iterable[Labelled], *, labels: bool) -> None:
        """Read all rows; without `labels` nothing is known of any. Raises as `rows` does."""
        self._rows = [row if labels else replace(row, relevant=False) for row in rows]
        self._shipped_from = len(self._rows)
        self._rows += seeds()
        named = [_names(row) for row in self._rows]
        self.names = frozenset(name for some in named[: self._shipped_from] for name in some)
        self._groups = twins(named)
        self._named = named

    def taught(self, but: frozenset[str]) -> Taught:
        """What they teach where the shipped papers with one of the keys `but` teach nothing."""
        examples: list[Example] = []
        shipped = undecided = withdrawn = 0
        for places in self._groups:
            rows = [self._row(place, but) for place in places]
            listed = any(place >= self._shipped_from for place in places)
            if any(is_withdrawn(row) for row in rows):
                withdrawn += 1
            elif (label := _label(rows)) is None or not (example := _example(rows, label)):
                undecided += places[0] < self._shipped_from
            else:
                examples.append(example)
                shipped += listed and label is Label.LISTED
        repeated = sum(
            self._in_file(places) - 1 for places in self._groups if self._in_file(places)
        )
        return Taught(tuple(examples), shipped, undecided, withdrawn, repeated)

    def _row(self, place: int, but: frozenset[str]) -> Labelled:
        row = self._rows[place]
        out = place >= self._shipped_from and not but.isdisjoint(self._named[place])
        return replace(row, relevant=None) if out else row

    def _in_file(self, places: Sequence[int]) -> int:
        return sum(place < self._shipped_from for place in places)


def _names(row: Labelled) -> tuple[str, ...]:
    """The keys of a paper; notices of a withdrawal read the same in many."""
    return keys(row.id, row.title, "" if is_withdrawn(row) else row.abstract)


def _label(rows: Sequence[Labelled]) -> Label | None:
    said = {row.relevant for row in rows}
    if True in said:
        return Label.LISTED
    return None if None in said else Label.UNLABELLED


def _example(rows: Sequence[Labelled], label: Label) -> Example | None:
    """One for all: the first that has an abstract, else the first that has a title."""
    told = [row for row in rows if row.abstract.strip()] or [r for r in rows if r.title.strip()]
    if not told:
        return None
    row = told[0]
    return Example(identify(row.id) or row.id.strip(), row.title, row.abstract, label)
