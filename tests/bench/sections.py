"""How often the section of a paper that is left out of a list is found, beside baselines.

`python -m tests.bench.sections FILE_OR_FOLDER...` reads lists (*.md) and, for abstracts, streams
(*.jsonl.gz: one JSON object a line with id and abstract). Each entry with an id is left out with
all its copies, the rest is learned, and any section it stands in is right. Lists of one section are
skipped.
"""

from __future__ import annotations

import gzip
import json
import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from bot.domain.markdown_list import parse
from bot.domain.neighbours import Neighbours
from bot.domain.sections import Sections
from storage.models import Paper, PaperId

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from storage.models import ListedEntry

    Entries = Sequence[tuple[Paper, str]]
    Suggest = Callable[[Paper], str]
    Method = Callable[[Entries, Sequence[str]], Suggest]

FOLDS = 40
"""Longer lists are left out in as many parts."""


@dataclass(frozen=True)
class Curated:
    """A list: its sections and what stands in them, None for an entry that is no paper."""

    name: str
    sections: tuple[str, ...]
    entries: tuple[tuple[Paper, str], ...]
    papers: frozenset[int]


def curated(path: Path, abstracts: dict[str, str]) -> Curated:
    """Read a list, with the abstracts that are known."""
    parsed = parse(path.read_bytes())
    found = [item.entry for item in parsed.entries]
    return Curated(
        path.stem.split("__")[-1],
        parsed.sections,
        tuple((_paper(entry, abstracts), entry.section) for entry in found),
        frozenset(number for number, entry in enumerate(found) if entry.ids),
    )


def _paper(entry: ListedEntry, abstracts: dict[str, str]) -> Paper:
    identifier = entry.ids[0] if entry.ids else PaperId(f"url:{entry.title}")
    year = entry.year
    if identifier.startswith("arXiv:") and identifier[6:8].isdigit():
        year = 2000 + int(identifier[6:8])
    abstract = abstracts.get(identifier.removeprefix("arXiv:"), "")
    published = date(year, 1, 1) if year else None
    return Paper(identifier, entry.title, abstract=abstract, published=published)


def biggest(entries: Entries, sections: Sequence[str]) -> Suggest:
    """Always the section with the most entries."""
    del sections
    most = Counter(section for _, section in entries).most_common(1)[0][0]
    return lambda _: most


def neighbour(entries: Entries, sections: Sequence[str]) -> Suggest:
    """The section of the entry that is most like the paper, by TF-IDF."""
    del sections
    nearest = Neighbours([paper for paper, _ in entries], None).nearest
    where = {paper.id: section for paper, section in entries}

    def suggest(paper: Paper) -> str:
        found = nearest(paper, 1)
        return where[found[0].paper] if found else entries[0][1]

    return suggest


def ours(entries: Entries, sections: Sequence[str]) -> Suggest:
    """What the bot does."""
    return Sections.learn(entries, sections).suggest


def ours_by_titles(entries: Entries, sections: Sequence[str]) -> Suggest:
    """The same before arXiv has given any abstract."""
    bare = [(replace(paper, abstract=""), section) for paper, section in entries]
    return Sections.learn(bare, sections).suggest


METHODS: dict[str, Method] = {
    "biggest": biggest,
    "neighbour": neighbour,
    "ours, titles": ours_by_titles,
    "ours": ours,
}


@dataclass(frozen=True)
class Found:
    """Shares of papers whose section was found: of all, and the mean over sections."""

    accuracy: float
    recall: float


def left_out(listed: Curated, method: Method) -> Found:
    """Leave each paper out and see where it is put."""
    right: dict[str, list[bool]] = defaultdict(list)
    whole: list[bool] = []
    for rest, tested in _folds(listed):
        suggest = method(rest, listed.sections)
        for paper, true in tested:
            suggested = suggest(paper)
            whole.append(suggested in true)
            for section in {suggested} & true or true:
                right[section].append(suggested == section)
    shares = [sum(one) / len(one) for one in right.values()]
    return Found(sum(whole) / len(whole), sum(shares) / len(shares))


def _folds(listed: Curated) -> Iterator[tuple[Entries, list[tuple[Paper, set[str]]]]]:
    copies: dict[str, list[int]] = defaultdict(list)
    for number, (paper, _) in enumerate(listed.entries):
        copies["".join(filter(str.isalnum, paper.title.lower()))].append(number)
    groups = [group for group in copies.values() if listed.papers.intersection(group)]
    for fold in range(min(FOLDS, len(groups))):
        tested = groups[fold::FOLDS]
        out = {number for group in tested for number in group}
        rest = [pair for number, pair in enumerate(listed.entries) if number not in out]
        yield (
            rest,
            [(listed.entries[g[0]][0], {listed.entries[n][1] for n in g}) for g in tested],
        )


def abstracts_in(paths: Iterable[Path]) -> dict[str, str]:
    """The abstracts of streams by arXiv id."""
    found: dict[str, str] = {}
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for record in map(json.loads, lines):
                found[record["id"]] = record["abstract"]
    return found


def files(given: Iterable[str], suffix: str) -> list[Path]:
    """Those of the files and folders given that end so."""
    paths = [Path(name) for name in given]
    folders = [sorted(path.glob(f"*{suffix}")) for path in paths if path.is_dir()]
    return [p for p in paths if p.name.endswith(suffix)] + [p for found in folders for p in found]


def main(given: Sequence[str]) -> None:
    """Print the table: accuracy / mean recall over sections."""
    abstracts = abstracts_in(files(given, ".jsonl.gz"))
    lists = [curated(path, abstracts) for path in files(given, ".md")]
    lists = [one for one in lists if len({s for _, s in one.entries}) > 1 and one.papers]
    print(f"{'list':<36}{'sections':>9}{'papers':>8}", *(f"{name:>13}" for name in METHODS))
    sums: dict[str, list[Found]] = defaultdict(list)
    for listed in lists:
        line = f"{listed.name:<36}{len(listed.sections):>9}{len(listed.papers):>8}"
        for name, method in METHODS.items():
            found = left_out(listed, method)
            sums[name].append(found)
            line += f"   {found.accuracy:.2f} / {found.recall:.2f}"
        print(line, flush=True)
    line = f"{'mean':<53}"
    for of_method in sums.values():
        accuracy = sum(one.accuracy for one in of_method) / len(of_method)
        recall = sum(one.recall for one in of_method) / len(of_method)
        line += f"   {accuracy:.2f} / {recall:.2f}"
    print(line)
    _print_speed(lists)


def _print_speed(lists: Sequence[Curated]) -> None:
    entries = [pair for listed in lists for pair in listed.entries]
    names = [name for listed in lists for name in listed.sections]
    start = time.process_time()
    learned = Sections.learn(entries, list(dict.fromkeys(names)))
    taken = time.process_time() - start
    start = time.process_time()
    for paper, _ in entries:
        learned.suggest(paper)
    each = (time.process_time() - start) / len(entries)
    print(f"learning all {len(entries)} entries {taken:.2f} s, a suggestion {each * 1000:.2f} ms")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: python -m tests.bench.sections FILE_OR_FOLDER... (*.md, *.jsonl.gz)")
    main(sys.argv[1:])
