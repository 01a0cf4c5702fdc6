"""A file of labelled papers in order of time, split into what is known and what is scored."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.domain.identify import identify
from bot.programs.labelled import opened
from bot.programs.lessons import seeds

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from bot.programs.labelled import Labelled
    from storage.models import Paper


@dataclass(frozen=True, slots=True)
class Split:
    """The judged papers before an id, and those from it on; both by id.

    `later` are papers of the shipped list, labelled null, which no id says to be from before it and
    which are not scored: nobody may have known them by then.
    """

    known: Sequence[Labelled]
    scored: Sequence[Labelled]
    later: Sequence[Labelled] = ()


def read(path: Path) -> list[Labelled]:
    """The papers of a file, in its order. Raises UserError, which names the file and the line."""
    with opened(path) as file:
        return list(file.rows())


def judged(rows: Iterable[Labelled]) -> list[Labelled]:
    """Those that are relevant or not, by id; what does not count is left out."""
    return sorted((row for row in rows if row.relevant is not None), key=_order)


def split(rows: Iterable[Labelled], before: str) -> Split:
    """Part the judged of `rows`. Raises ValueError where one half has nothing relevant."""
    some = judged(rows)
    known = [row for row in some if _order(row) < before]
    scored = some[len(known) :]
    for half, name in ((known, "before"), (scored, "from")):
        if not any(row.relevant for row in half):
            raise ValueError(f"no relevant paper {name} {before}: choose another id (--before)")
    ids = {identify(row.id) for row in scored} - {None}
    later = [row for row in seeds() if identify(row.id) not in ids and _order(row) >= before]
    return Split(known, scored, [replace(row, relevant=None) for row in later])


def text(row: Labelled | Paper) -> str:
    """What there is to read of a paper."""
    return f"{row.title} {row.abstract}"


def write(rows: Iterable[Labelled], path: Path) -> Path:
    """Put `rows` into a file as `python -m bot rank` reads it."""
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            fields = {
                "id": row.id,
                "title": row.title,
                "abstract": row.abstract,
                "relevant": row.relevant,
            }
            file.write(f"{json.dumps(fields)}\n")
    return path


def _order(row: Labelled) -> str:
    return row.id.strip().removeprefix("arXiv:")
