"""What must hold of the bot's database, read from outside while the bot lives or is dead."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from tests.wire.arxiv_archive import set_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.soak.archive import LivingArchive
    from tests.soak.faces import KeptBack
    from tests.soak.timeline import Timeline

REREAD = timedelta(days=25)
"""Days before a watermark that are checked again each time."""


@dataclass(frozen=True)
class Stored:
    """What a bot holds at one instant."""

    papers: frozenset[str]
    watermarks: dict[str, datetime]


def read(file: Path) -> Stored:
    """The numbers of the papers and the watermarks, of the same instant."""
    with closing(_connect(file)) as connection:
        connection.execute("BEGIN")
        papers = frozenset(
            name.removeprefix("arXiv:") for (name,) in connection.execute("SELECT id FROM papers")
        )
        marks = connection.execute(
            'SELECT "set", watermark FROM watermarks WHERE watermark IS NOT NULL'
        )
        return Stored(papers, {name: _instant(text) for name, text in marks})


def _connect(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{file}?mode=ro", uri=True)


def _instant(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def passed_over(stored: Stored, archive: LivingArchive, kept_back: KeptBack) -> list[str]:
    """Records before a set's watermark that are not stored, though arXiv gave them when asked."""
    found = []
    for name, watermark in stored.watermarks.items():
        last = watermark.date() - timedelta(days=1)
        first = max(last - REREAD, archive.timeline.start.date() - timedelta(days=7))
        for record in archive.modified(set_of(name), first, last):
            known = record.id in stored.papers or record.deleted
            if not known and record.id not in kept_back.ids[name]:
                found.append(f"{name} {watermark:%d %b %H:%M}: {record.id} of {record.datestamp}")
    return found


def lost(stored: Stored, timeline: Timeline, until: datetime) -> list[str]:
    """Papers announced in the sets while the bot was in use, and not stored."""
    return sorted(set(expected(timeline, until)) - stored.papers)


def expected(timeline: Timeline, until: datetime) -> list[str]:
    """All papers announced in the sets from the bot's start to an instant."""
    return [arxiv_id for arxiv_id, at in timeline.entered.items() if timeline.start <= at <= until]


def doubled(file: Path) -> list[str]:
    """Papers, or candidates, that are there twice: by title, since no two have the same."""
    with closing(_connect(file)) as connection:
        return [
            f"{count} {table} of {title!r}"
            for table, rows in (
                ("papers", "papers"),
                ("candidates", "candidates JOIN papers ON papers.id = paper"),
            )
            for title, count in connection.execute(
                f"SELECT title, count(*) FROM {rows} GROUP BY title HAVING count(*) > 1"
            )
        ]


def miscounted(file: Path) -> list[str]:
    """Where the ledger does not add up: what was new has been ranked, what was queued is there.

    The days before a set was first asked for are only stored.
    """
    with closing(_connect(file)) as connection:
        waiting = _number(connection, "SELECT count(*) FROM unranked")
        odd = connection.execute(
            'SELECT ledger."set", day, new, ranked FROM ledger LEFT JOIN watermarks'
            ' ON watermarks."set" = ledger."set"'
            " WHERE ranked > new OR (ranked < new AND day >= coalesce(since, day))"
        ).fetchall()
        queued = _number(connection, "SELECT sum(queued) FROM ledger")
        candidates = _number(connection, "SELECT count(*) FROM candidates")
    found = [f"{name} {day}: {new} new, {ranked} ranked" for name, day, new, ranked in odd]
    if waiting:
        found.append(f"{waiting} papers wait to be ranked")
    if queued != candidates:
        found.append(f"the ledger counts {queued} candidates, there are {candidates}")
    return found


def _number(connection: sqlite3.Connection, query: str) -> int:
    return int(connection.execute(query).fetchone()[0] or 0)


def overlooked(file: Path, timeline: Timeline, until: datetime) -> list[str]:
    """Relevant papers that nobody was shown: new when they came, not withdrawn, and no candidate.

    New is what has the month of the day it was first seen for, or the one before, in its id.
    """
    with closing(_connect(file)) as connection:
        rows = connection.execute(
            "SELECT id, title, announced FROM papers WHERE title LIKE '%Synthetic%'"
            " AND NOT withdrawn AND id NOT IN (SELECT paper FROM candidates)"
        ).fetchall()
    missed = {name.removeprefix("arXiv:"): (title, seen) for name, title, seen in rows}
    last = {change.record.id: change.record for change in timeline.changes}
    return [
        f"{one} {missed[one][0]}, first seen for {missed[one][1]}"
        for one in expected(timeline, until)
        if one in missed
        and _months(one, date.fromisoformat(missed[one][1])) <= 1
        and not last[one].deleted
        and "withdrawn" not in last[one].comments
    ]


def _months(arxiv_id: str, day: date) -> int:
    """How many months after the one in its id a day is."""
    return (day.year - 2000 - int(arxiv_id[:2])) * 12 + day.month - int(arxiv_id[2:4])
