"""A labelled file made ready to be played: its papers once each, their days, and a list for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib.resources import files
from typing import TYPE_CHECKING

from bot.domain import markdown_list
from bot.domain.identify import identify, submitted_month
from bot.programs.lessons import is_withdrawn
from bot.programs.stream_days import by_day
from bot.programs.twins import keys, twins
from bot.services.listing import SEED
from storage.models import Paper, PaperId

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from bot.programs.labelled import Labelled

_NO_ENTRY = b"### Papers\n\n- [This is a list of papers](https://example.org/list)\n"
"""A list needs an entry for a section to be one; this one says nothing of any topic."""


@dataclass(frozen=True, slots=True)
class StreamDay:
    """The papers of a day as the harvest gives them, and those among them that are relevant."""

    day: date
    papers: tuple[Paper, ...]
    relevant: frozenset[PaperId]


def days_of(rows: Sequence[Labelled], place: int = 0) -> list[StreamDay]:
    """The stream, day by day, without what is labelled null; each id once.

    `place` counts the papers of streams before it: where ids are made up, they have others.
    """
    judged = [row for row in _once(rows) if row.relevant is not None]
    days = by_day(judged)
    made_up = not all(_is_dated(row) for row in judged)
    found = []
    for day, some in days:
        papers = [
            _paper(row, day, place + number if made_up else None) for number, row in enumerate(some)
        ]
        place += len(some)
        relevant = (paper.id for paper, row in zip(papers, some, strict=True) if row.relevant)
        found.append(StreamDay(day, tuple(papers), frozenset(relevant)))
    return found


def starting_list(rows: Sequence[Labelled]) -> bytes:
    """The shipped list without the papers of the stream, labelled null or not."""
    names = {name for row in rows for name in keys(row.id, row.title)}
    content = (files("storage") / "seed" / SEED).read_bytes()
    entries = markdown_list.parse(content).entries
    for ordinal in reversed(range(len(entries))):
        entry = entries[ordinal].entry
        own = {name for id_ in (*entry.ids, "") for name in keys(id_ or entry.title, entry.title)}
        if names & own:
            content = markdown_list.remove(content, ordinal)
    return content if markdown_list.parse(content).entries else _NO_ENTRY


def _once(rows: Sequence[Labelled]) -> list[Labelled]:
    """Of several lines of one id the first; true beats null, and null false."""
    kept = []
    for places in twins([keys(row.id, "") for row in rows]):
        said = {rows[place].relevant for place in places}
        label = True if True in said else None if None in said else False
        kept.append(replace(rows[places[0]], relevant=label))
    return kept


def _is_dated(row: Labelled) -> bool:
    paper_id = identify(row.id)
    return paper_id is not None and submitted_month(paper_id) is not None


def _paper(row: Labelled, day: date, place: int | None) -> Paper:
    """The paper as arXiv would give it; by its `place` it gets an id of that day's month."""
    known = identify(row.id)
    made_up = PaperId(f"arXiv:{day:%y%m}.{(place or 0) % 99_999 + 1:05}")
    return Paper(
        known if known and place is None else made_up,
        row.title,
        abstract=row.abstract,
        published=day,
        withdrawn=is_withdrawn(row),
    )
