"""`python -m tests.bench.made_up_arxiv PAPERS NOW`: an arXiv of made-up papers, until SIGTERM.

It serves the sets of the default configuration through the stand-in, in a process of its own and
with its answers to day slices rendered before it says `ready`, so that a benchmark measures the
bot. Its last papers are of the day before NOW (ISO 8601), where its time stands still. At its end
it says how often it was asked.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import re
import signal
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from html import unescape
from typing import TYPE_CHECKING

from multidict import MultiDict

from bot.learning.reference import SHARES
from storage.search_tokens import STOP_STEMS
from tests.wire.arxiv import ArxivStandIn
from tests.wire.arxiv_archive import Archive, Record
from tests.wire.arxiv_oai import OaiSide

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multidict import MultiMapping

SETS = {"cs.LG": 42, "cs.AI": 22, "cs.CL": 20, "stat.ML": 8, "cs.IR": 8}
"""Each set, and how often of a hundred it is a paper's first category."""
OTHERS = ("cs.CV", "cs.RO", "cs.SE", "eess.AS", "math.OC", "cs.CR")
CROSS_LISTS = (0, 0, 1, 1, 1, 2)
A_DAY = 1300
"""Papers a day on average; a weekend has few, and every thirtieth day has six times as many."""
LATE = 0.12
"""The share of records that belong to papers of a year before."""
WORDS = 60_000
TOKEN = re.compile(rb"<resumptionToken[^>]*>([^<]*)<")


def vocabulary(chance: random.Random) -> list[str]:
    """Words by falling frequency: those of any text, those of abstracts, then made-up ones."""
    common = [*sorted(STOP_STEMS), *(term for term in SHARES if " " not in term)]
    syllables = [a + b for a in "bcdfghklmnprstvz" for b in "aeiou"]
    rare = ("".join(chance.choices(syllables, k=chance.randint(2, 5))) for _ in itertools.count())
    return list(dict.fromkeys(itertools.chain(common, itertools.islice(rare, WORDS))))


class Writer:
    """Writes records with words in the frequencies of text (Zipf)."""

    def __init__(self) -> None:
        self._chance = random.Random(3)
        self._words = vocabulary(self._chance)
        self._weights = list(itertools.accumulate(1 / (n + 8) for n in range(len(self._words))))
        self._numbers: Counter[str] = Counter()

    def record(self, day: date) -> Record:
        """A record modified on `day`, 1.7 kB once it is stored."""
        chance = self._chance
        month = day - timedelta(days=365) if chance.random() < LATE else day
        number = f"{month:%y%m}"
        self._numbers[number] += 1
        return Record(
            id=f"{number}.{self._numbers[number]:05}",
            title=" ".join(self._text(chance.randint(6, 14))).capitalize(),
            authors=tuple(self._author() for _ in range(chance.randint(1, 8))),
            abstract=self._abstract(chance.randint(130, 240)),
            categories=self._categories(),
            created=month,
            datestamp=day,
            comments="12 pages, 4 figures" if chance.random() < 0.5 else "",
        )

    def _text(self, count: int) -> list[str]:
        return self._chance.choices(self._words, cum_weights=self._weights, k=count)

    def _abstract(self, count: int) -> str:
        sentences = _parts(self._text(count))
        return " ".join(f"{' '.join(part).capitalize()}." for part in sentences)

    def _author(self) -> tuple[str, str]:
        names = self._chance.choices(self._words[-9000:], k=2)
        return names[0].capitalize(), names[1].capitalize()

    def _categories(self) -> tuple[str, ...]:
        first = self._chance.choices(list(SETS), weights=SETS.values(), k=1)
        beside = self._chance.sample([*SETS, *OTHERS], self._chance.choice(CROSS_LISTS))
        return tuple(dict.fromkeys([*first, *beside]))


def _parts(words: list[str]) -> Iterator[list[str]]:
    return (words[start : start + 20] for start in range(0, len(words), 20))


def days(papers: int, until: date) -> list[date]:
    """The day of each paper's record, in order; the last is `until`."""
    count = max(3, papers // A_DAY)
    span = [until - timedelta(days=back) for back in reversed(range(count))]
    weights = [_weight(day, number) for number, day in enumerate(span)]
    return sorted(random.Random(7).choices(span, weights=weights, k=papers))


def _weight(day: date, number: int) -> float:
    if day.weekday() > 4:
        return 0.15
    return 6.0 if number % 30 == 15 else 1.0


@dataclass
class Shelves(Archive):
    """An archive that finds a set's day without looking at every record."""

    shelves: dict[tuple[str, date], list[Record]] = field(default_factory=dict)

    def add(self, *records: Record) -> None:
        """Put records onto the shelves of their sets."""
        super().add(*records)
        for record in records:
            for spec in record.sets:
                self.shelves.setdefault((spec, record.datestamp), []).append(record)

    def modified(self, spec: str | None, since: date | None, until: date | None) -> list[Record]:
        """The records of a set with a day of modification in the window, in arXiv's order."""
        assert spec, "the made-up arXiv is asked set by set"
        wanted = sorted(day for of, day in self.shelves if of == spec)
        return [
            record
            for day in wanted
            if (since is None or day >= since) and (until is None or day <= until)
            for record in sorted(self.shelves[spec, day], key=lambda record: record.id)
        ]


class Rendered(OaiSide):
    """Knows its answers to day slices by heart."""

    def __init__(self, archive: Shelves, now: datetime) -> None:
        super().__init__(archive, lambda: now)
        self._answers: dict[frozenset[tuple[str, str]], bytes] = {}
        for spec, day in sorted(archive.shelves):
            slice_ = {"set": spec, "from": day.isoformat(), "until": day.isoformat()}
            self._render({"verb": "ListRecords", "metadataPrefix": "arXiv", **slice_})

    def _render(self, question: dict[str, str]) -> None:
        answer = super().answer(MultiDict(question))
        self._answers[frozenset(question.items())] = answer
        if token := TOKEN.search(answer):
            resume = {"verb": "ListRecords", "resumptionToken": unescape(token[1].decode())}
            self._render(resume)

    def answer(self, arguments: MultiMapping[str]) -> bytes:
        """The XML of the answer."""
        known = self._answers.get(frozenset(arguments.items()))
        return super().answer(arguments) if known is None else known


async def serve(papers: int, now: datetime) -> None:
    """Make the archive up and answer questions about it until SIGTERM."""
    writer, archive = Writer(), Shelves()
    archive.add(*map(writer.record, days(papers, now.date() - timedelta(days=1))))
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    async with ArxivStandIn() as arxiv:
        arxiv.oai = Rendered(archive, now)
        since = min(record.datestamp for record in archive.records.values())
        print("ready", arxiv.oai_url, since, flush=True)
        await stopped.wait()
        print("asked", len(arxiv.requests), flush=True)


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), datetime.fromisoformat(sys.argv[2])))
