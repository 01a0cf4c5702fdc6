"""The two faces of the simulated archive, which may lie, and what they kept back meanwhile."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote

from tests.soak.archive import LivingArchive, Unindexed
from tests.soak.eastern import DAY
from tests.soak.papers import SETS
from tests.wire.arxiv_archive import set_of
from tests.wire.arxiv_atom import AtomSide
from tests.wire.arxiv_oai import OaiSide

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from random import Random

    from tests.soak.timeline import Timeline
    from tests.wire.arxiv_archive import Record

STALE_BY = timedelta(hours=24)
IDENTIFIER = re.compile(rb"<identifier>oai:arXiv.org:([^<]+)</identifier>")
SPECS = {set_of(name): name for name in SETS}


class LyingOai(OaiSide):
    """OAI of a living archive. Its lists may be a day old for one set, or of the day before."""

    def __init__(
        self, timeline: Timeline, now: Callable[[], datetime], page_size: int, chance: Random
    ) -> None:
        self.honest = LivingArchive(timeline)
        self._old = LivingArchive(timeline)
        self._chance = chance
        self.stale: str | None = None
        self.other_day = False
        super().__init__(self.honest, now, page_size, arrange=self._arranged)
        self.repeats = False

    def _arranged(self, page: list[Record]) -> list[Record]:
        """By id as arXiv does it, or in any order and some of them twice."""
        if not self.repeats:
            return sorted(page, key=lambda record: (record.datestamp, record.id))
        twice = page + self._chance.choices(page, k=2)
        self._chance.shuffle(twice)
        return twice

    def _matching(self, asked: dict[str, str]) -> list[Record]:
        if self.other_day:
            asked = {**asked, "from": _before(asked["from"]), "until": _before(asked["until"])}
        if SPECS.get(asked.get("set", "")) != self.stale:
            return super()._matching(asked)
        self._old.advance(self.honest.now - STALE_BY)
        self.archive = self._old
        try:
            return super()._matching(asked)
        finally:
            self.archive = self.honest


def _before(day: str) -> str:
    return (date.fromisoformat(day) - DAY).isoformat()


def search(archive: LivingArchive, chance: Random) -> AtomSide:
    """The API: new papers come into its index late, and ties in any order."""
    return AtomSide(archive, unindexed=Unindexed(archive), shuffle=chance.shuffle)


@dataclass
class _Walk:
    """A list as it truly was at its beginning, and what of it was given."""

    spec: str
    truth: frozenset[str]
    given: set[str] = field(default_factory=set)


@dataclass
class KeptBack:
    """The ids that a whole list lacked, though the archive had them: by set, until they come.

    A record that was edited while the list was read pulls others over a page's edge, and stale
    answers lack the newest: nobody who asks can see either.
    """

    archive: LivingArchive
    ids: dict[str, set[str]] = field(default_factory=lambda: {name: set() for name in SETS})
    ever: int = 0
    _walk: _Walk | None = None

    def told(self, question: Mapping[str, str], body: bytes) -> None:
        """An answer went out."""
        if b"<ListRecords>" not in body and b'code="noRecordsMatch"' not in body:
            return
        if "resumptionToken" not in question:
            self._walk = self._begun(question)
        if self._walk is None:
            return
        self._walk.given.update(found.decode() for found in IDENTIFIER.findall(body))
        if b"<resumptionToken" not in body:
            self._ended(self._walk)
            self._walk = None

    def _begun(self, question: Mapping[str, str]) -> _Walk:
        spec = question["set"]
        since, until = (date.fromisoformat(question[name]) for name in ("from", "until"))
        found = self.archive.modified(spec, since, until)
        return _Walk(spec, frozenset(record.id for record in found))

    def _ended(self, walk: _Walk) -> None:
        kept = self.ids[SPECS[walk.spec]]
        kept -= walk.given
        lacking = walk.truth - walk.given
        self.ever += len(lacking - kept)
        kept |= lacking


def ids_asked_after(token: str) -> list[str]:
    """The set and the first day in a token, to find records of that list."""
    asked = dict(parse_qsl(unquote(token)))
    return [asked.get("set", ""), asked.get("from", "")]


@dataclass
class Cache:
    """Answers by address, kept until the next announcement, as arXiv's delivery network does.

    Its OAI says so itself: `Surrogate-Control: max-age=345600`, with the key `announce`.
    """

    timeline: Timeline
    _kept: dict[str, bytes] = field(default_factory=dict)
    _cleared: datetime | None = None

    def get(self, address: str, now: datetime) -> bytes | None:
        """What was answered there since the last announcement."""
        self._clear(now)
        return self._kept.get(address)

    def put(self, address: str, body: bytes, now: datetime) -> None:
        """Keep an answer."""
        self._clear(now)
        self._kept.setdefault(address, body)

    def _clear(self, now: datetime) -> None:
        announced = max(
            (one.ready for one in self.timeline.evenings.all if one.ready <= now), default=now
        )
        if self._cleared is None or announced > self._cleared:
            self._kept.clear()
            self._cleared = announced
