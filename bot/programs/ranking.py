"""`rank`: what a file of labelled papers teaches, put to the papers of another file.

No database is opened. The papers to be scored are read one at a time, twice: what is wrong with
their file is said before anything is learnt.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain import relevance
from bot.domain.errors import UserError
from bot.programs.labelled import opened
from bot.programs.lessons import FileLessons, is_withdrawn, seeds
from bot.programs.placing import placed
from bot.programs.teaching import train
from bot.programs.twins import keys
from storage.models import Label, Paper, PaperId

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from typing import IO

    from bot.domain.model import Model
    from bot.programs.labelled import Labelled, LabelledFile
    from bot.programs.lessons import Taught

_BOTTOM = 1_000.0
"""How far below its own score a paper falls that has no text or is withdrawn: under all others."""


@dataclass(frozen=True, slots=True)
class Files:
    """What to learn from, what to score, and where to; `seeds_only`: the labels say nothing."""

    train: Path
    score: Path
    out: Path
    seeds_only: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """The papers to be scored: how many, and how many of them stand in the first file too.

    `shipped` are the keys of those that are on the shipped list.
    """

    count: int
    known: int
    shipped: frozenset[str]


@dataclass(frozen=True, slots=True)
class Models:
    """The model, and the one for papers of the shipped list, which has not seen these.

    `taught` is what the first one was made of.
    """

    usual: Model
    own: Model
    taught: Taught


def rank(
    keywords: Mapping[str, float], files: Files, say: Callable[[str], None]
) -> dict[str, object]:
    """Learn, score, and write `{"id": …, "score": …}` a line, in the order of the second file.

    `say` hears how far it is; gives what `--json` prints. Raises UserError; nothing is written
    then.
    """
    _keep_inputs(files)
    with opened(files.train) as first, opened(files.score) as second, placed(files.out) as target:
        lessons = FileLessons(first.rows(), labels=not files.seeds_only)
        asked = _look_through(second, lessons)
        begun = time.perf_counter()
        models = _learn(keywords, lessons, asked, seeds_only=files.seeds_only)
        learnt = time.perf_counter()
        report = _report(models.taught, asked) | {"training_seconds": round(learnt - begun, 2)}
        say(_worded(report))
        _write(second, models, asked.shipped, target)
    seconds = round(time.perf_counter() - learnt, 2)
    say(f"scored {asked.count:,} papers in {seconds:.1f} s")
    return report | {"scoring_seconds": seconds}


def _keep_inputs(files: Files) -> None:
    """Labels are work: no scores take the place of a file that they are made from."""
    for path in (files.train, files.score):
        if path.is_file() and files.out.is_file() and path.samefile(files.out):
            raise UserError(f"{files.out} is read from: write the scores to another file.")


def _look_through(file: LabelledFile, lessons: FileLessons) -> Asked:
    shipped = {name for seed in seeds() for name in keys(seed.id, seed.title)}
    count = known = 0
    found: set[str] = set()
    for row in file.rows():
        names = keys(row.id, row.title)
        count += 1
        known += not lessons.names.isdisjoint(names)
        found |= shipped.intersection(names)
    return Asked(count, known, frozenset(found))


def _learn(
    keywords: Mapping[str, float], lessons: FileLessons, asked: Asked, *, seeds_only: bool
) -> Models:
    """Learn once; twice where the shipped list alone teaches and has papers to be scored.

    Of labels there are enough: then such papers teach nothing at all.
    """
    without = lessons.taught(but=asked.shipped)
    own = train(keywords, without.examples)
    if not (asked.shipped and seeds_only):
        return Models(own, own, without)
    everything = lessons.taught(but=frozenset())
    return Models(train(keywords, everything.examples), own, everything)


def _write(file: LabelledFile, models: Models, shipped: frozenset[str], target: IO[bytes]) -> None:
    for row in file.rows():
        own = bool(shipped) and not shipped.isdisjoint(keys(row.id, row.title))
        score = _score(models.own if own else models.usual, row)
        name = int(row.id) if row.numbered else row.id
        target.write(f"{json.dumps({'id': name, 'score': score})}\n".encode())


def _score(model: Model, row: Labelled) -> float:
    score = relevance.score(
        model, Paper(PaperId(row.id), row.title, abstract=row.abstract), 1.0
    ).value
    empty = not f"{row.title}{row.abstract}".strip()
    return score - _BOTTOM if empty or is_withdrawn(row) else score


def _report(taught: Taught, asked: Asked) -> dict[str, object]:
    listed = sum(example.label is Label.LISTED for example in taught.examples)
    return {
        "listed": listed,
        "shipped": taught.shipped,
        "unlabelled": len(taught.examples) - listed,
        "undecided": taught.undecided,
        "withdrawn": taught.withdrawn,
        "repeated": taught.repeated,
        "scored": asked.count,
        "known": asked.known,
    }


def _worded(report: Mapping[str, object]) -> str:
    """What was learnt, for a person."""
    lines = [
        "learnt from {listed:,} relevant papers ({shipped} of the shipped list) and {unlabelled:,} "
        "unlabelled ones in {training_seconds:.1f} s; left out: {undecided:,} undecided, "
        "{withdrawn:,} withdrawn, {repeated:,} lines that repeat a paper".format_map(report)
    ]
    if report["listed"] == report["shipped"]:
        lines.append(
            "no relevant paper but those: ranks by the shipped list and the keywords alone"
        )
    if report["known"]:
        lines.append(
            "{known:,} of the papers to be scored are learnt from as well".format_map(report)
        )
    return "\n".join(lines)
