"""How well relevance ranks a real stream of papers, beside other methods in the same run.

`python -m tests.bench.relevance FILE [--before 2401]`: FILE holds a JSON object a line, of id,
title, abstract, published and relevant (true, false, or null, which does not count), packed by
gzip or not. Papers with an id before 2401 are known, the others are scored; then they are replayed
in order of time, the same ones being known. Seconds are those of the processor. A method whose
packages (extra `bench`) are missing is skipped.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bot import logs
from bot.domain.errors import UserError
from bot.domain.prior import DEFAULT_KEYWORDS
from tests.bench import relevance_table as table
from tests.bench.relevance_keywords import Keywords
from tests.bench.relevance_measures import Judged, Ranking
from tests.bench.relevance_minilm import likeness
from tests.bench.relevance_ours import ranked, replayed
from tests.bench.relevance_replays import keywords_alone, svm_retrained
from tests.bench.relevance_stream import read, split
from tests.bench.relevance_svm import Counts, decisions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.programs.replaying import Played
    from tests.bench.relevance_stream import Split

SHARES = (0.01, 0.03, 0.05)
WARM, SVM = "ours, warm", "TF-IDF, linear SVM"


@dataclass
class Bench:
    """One run: what was measured so far, and since when it runs."""

    parts: Split
    begun: float = field(default_factory=time.perf_counter)
    rankings: dict[str, Judged] = field(default_factory=dict)
    replays: dict[str, Sequence[Played]] = field(default_factory=dict)

    def rank(self, name: str, method: Callable[[], Sequence[float]]) -> None:
        """Measure a method that scores the later papers, and print its lines."""
        began = _used()
        try:
            scores = method()
        except ModuleNotFoundError as error:
            print(table.skipped(name, str(error.name)))
            return
        seconds = _used() - began
        relevant = [bool(row.relevant) for row in self.parts.scored]
        self.rankings[name] = Judged.of(Ranking.of(relevant, scores))
        print(table.ranking((name, seconds), self.rankings[name]), flush=True)

    def replay(self, name: str, method: Callable[[], Sequence[Played]]) -> None:
        """Measure a method that plays the later papers, and print its lines."""
        began = _used()
        try:
            played = method()
        except ModuleNotFoundError as error:
            print(table.skipped(name, str(error.name)))
            return
        self.replays[name] = played
        print(table.replay((name, _used() - began), played), flush=True)

    def told(self, what: str) -> None:
        """Say on stderr how far it is."""
        print(f"{time.perf_counter() - self.begun:6.0f} s  {what}", file=sys.stderr, flush=True)


def _used() -> float:
    """Seconds of the processor that this process and its children took."""
    return sum(os.times()[:4])


def svm(parts: Split) -> Sequence[float]:
    """Learn from the earlier papers and score the later. Raises ImportError."""
    papers = [*parts.known, *parts.scored]
    relevant = [bool(row.relevant) for row in papers]
    features = Counts(papers).features(len(parts.known))
    if features is None:
        return [0.0] * len(parts.scored)
    known = range(len(parts.known))
    return decisions(features, relevant, known, range(len(known), len(papers)))


def rankings(bench: Bench) -> None:
    """The rows of the first table."""
    parts, told = bench.parts, bench.told
    library = [row for row in parts.known if row.relevant]
    bench.rank("keyword count", lambda: Keywords(DEFAULT_KEYWORDS).scores(parts.scored))
    bench.rank(SVM, lambda: svm(parts))
    bench.rank("MiniLM, cosine", lambda: likeness(library, parts.scored, told))
    bench.rank(
        "ours, cold (8 titles)", lambda: ranked(parts, DEFAULT_KEYWORDS, told, seeds_only=True)
    )
    bench.rank(WARM, lambda: ranked(parts, DEFAULT_KEYWORDS, told, seeds_only=False))


def replays(bench: Bench) -> None:
    """The rows of the second table."""
    parts, told = bench.parts, bench.told
    bench.replay("keywords alone", lambda: keywords_alone(DEFAULT_KEYWORDS, parts.scored, SHARES))
    bench.replay("SVM, retrained", lambda: svm_retrained(parts, SHARES, told))
    bench.replay("ours", lambda: replayed(parts, SHARES, DEFAULT_KEYWORDS, told))


def run(path: Path, before: str) -> None:
    """Print the tables and who is ahead. Raises UserError or ValueError about the file."""
    bench = Bench(split(read(path), before))
    known, scored = (
        f"{len(half):,} papers, {sum(bool(row.relevant) for row in half)} of them relevant"
        for half in (bench.parts.known, bench.parts.scored)
    )
    print(f"known: ids before {before}, {known}\nscored: all later ones, {scored}\n")
    print(table.heading("recall in the top"))
    rankings(bench)
    print(f"\n{table.replay_heading(f'{len(bench.parts.scored):,} replayed', SHARES)}")
    replays(bench)
    print("\nbest, and how far ahead of the next:")
    print(*table.leaders(bench.rankings), sep="\n")
    print(*table.replay_leaders(SHARES, bench.replays), sep="\n")
    print(*table.difference(WARM, SVM, bench.rankings), sep="\n")
    print(table.seeds(before))
    print(f"{_used():.0f} s of one core in all")


def main(arguments: Sequence[str]) -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.relevance")
    parser.add_argument("file", type=Path, help="labelled papers, .jsonl or .jsonl.gz")
    parser.add_argument("--before", default="2401", help="where the scored ids begin (2401)")
    options = parser.parse_args(arguments)
    try:
        run(options.file, options.before)
    except (UserError, ValueError) as error:
        parser.error(str(error))


if __name__ == "__main__":
    logs.configure(level=logging.WARNING)
    main(sys.argv[1:])
