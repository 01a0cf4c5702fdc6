"""The simulated arXiv at an instant."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from tests.wire.arxiv_archive import Archive

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from tests.soak.timeline import Timeline
    from tests.wire.arxiv_archive import Record


class LivingArchive(Archive):
    """What arXiv holds at the instant it was last moved to; lists come in order of modification."""

    def __init__(self, timeline: Timeline) -> None:
        super().__init__()
        self.timeline = timeline
        self.now = timeline.start
        self._next = 0
        self._days: dict[date, dict[str, None]] = {}
        self._specs: dict[str, frozenset[str]] = {}
        self.advance(timeline.start)

    def advance(self, now: datetime) -> None:
        """Let everything happen that OAI shows until `now`."""
        changes = self.timeline.changes
        while self._next < len(changes) and changes[self._next].visible <= now:
            self.add(changes[self._next].record)
            self._next += 1
        self.now = max(self.now, now)

    def add(self, *records: Record) -> None:
        """As above: what changes moves to the end of its day."""
        for record in records:
            if before := self.records.get(record.id):
                del self._days[before.datestamp][record.id]
            self._days.setdefault(record.datestamp, {})[record.id] = None
            self._specs[record.id] = frozenset(record.sets)
        super().add(*records)

    def modified(self, spec: str | None, since: date | None, until: date | None) -> list[Record]:
        """The records of a set with a day of modification in the window, the oldest change first.

        Unlike arXiv it knows whole sets only (`cs:cs:CL`).
        """
        return [
            self.records[arxiv_id]
            for day in self._window(since, until)
            for arxiv_id in self._days.get(day, ())
            if spec is None or spec in self._specs[arxiv_id]
        ]

    def _window(self, since: date | None, until: date | None) -> Iterator[date]:
        day = since or min(self._days)
        while day <= (until or self.now.date()):
            yield day
            day += timedelta(days=1)

    def touch(self, arxiv_id: str, remark: str) -> None:
        """Somebody edits a record just now."""
        record = self.records[arxiv_id]
        self.add(replace(record, journal_ref=remark, datestamp=self.now.date()))


class Unindexed:
    """The ids the search does not know yet."""

    def __init__(self, archive: LivingArchive) -> None:
        self._archive = archive

    def __contains__(self, arxiv_id: object) -> bool:
        return self._archive.timeline.searchable[str(arxiv_id)] > self._archive.now
