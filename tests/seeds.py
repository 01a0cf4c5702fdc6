"""Rankings of a real stream as the tests of relevance judge them."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.relevance import DEFAULT_THRESHOLD, Model, score
from storage.models import Paper, PaperId

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

CARDS_A_DAY = 6
BACKGROUND = 2_000

SEED = (
    ("2402.13446", "Large language models for data annotation: A survey", "Survey Papers"),
    (
        "2406.18966",
        "UniGen: A Unified Framework for Textual Dataset Generation Using Large Language Models",
        "Research Papers",
    ),
    (
        "2410.06961",
        "Self-Boosting Large Language Models with Synthetic Preference Data",
        "Research Papers",
    ),
    (
        "2409.08239",
        "Source2Synth: Synthetic Data Generation and Curation Grounded in Real Data Sources",
        "Research Papers",
    ),
    ("2409.07431", "Synthetic continued pretraining", "Research Papers"),
    (
        "2410.01720",
        (
            "Towards a Theoretical Understanding of Synthetic Data in LLM Post-Training: A Reverse-"
            "Bottleneck Perspective"
        ),
        "Analysis Papers",
    ),
    (
        "2408.09849",
        "Importance Weighting Can Help Large Language Models Self-Improve",
        "Analysis Papers",
    ),
    (
        "",
        (
            "How Abilities in Large Language Models are Affected by Supervised Fine-tuning Data "
            "Composition"
        ),
        "Analysis Papers",
    ),
)
LISTED = [(Paper(PaperId(f"arXiv:{number}"), title), section) for number, title, section in SEED]


@dataclass(frozen=True)
class Row:
    """One paper of the stream, what day it came and whether it belongs; None does not count."""

    paper: Paper
    day: str
    relevant: bool | None


def stream(folder: Path) -> list[Row]:
    """All papers of the stream but those the list holds, by id."""
    with gzip.open(folder / "stream.jsonl.gz", "rt", encoding="utf-8") as lines:
        records = sorted(map(json.loads, lines), key=lambda record: record["id"])
    listed = {number for number, _, _ in SEED}
    return [_row(record) for record in records if record["id"] not in listed]


def _row(record: dict[str, object]) -> Row:
    paper = Paper(
        PaperId(f"arXiv:{record['id']}"), str(record["title"]), abstract=str(record["abstract"])
    )
    relevant = record["relevant"]
    return Row(
        paper,
        str(record.get("published") or "")[:10],
        relevant if isinstance(relevant, bool) else None,
    )


@dataclass(frozen=True)
class Report:
    """Average precision, recall at six cards a day, and what the threshold lets through."""

    average_precision: float
    recall_a_day: float
    cards: int
    precision: float
    recall: float


def report(rows: Sequence[Row], values: Sequence[float]) -> Report:
    """Judge one ranking; higher values are better, equal ones keep the order of the stream."""
    judged = [
        (row, value) for row, value in zip(rows, values, strict=True) if row.relevant is not None
    ]
    ranked = sorted(judged, key=lambda pair: -pair[1])
    relevant = sum(bool(row.relevant) for row, _ in judged)
    hits, precisions = 0, 0.0
    for rank, (row, _) in enumerate(ranked, 1):
        if row.relevant:
            hits += 1
            precisions += hits / rank
    shown = [row for row, value in judged if value >= DEFAULT_THRESHOLD]
    good = sum(bool(row.relevant) for row in shown)
    return Report(
        precisions / relevant,
        _best_of_days(judged) / relevant,
        len(shown),
        good / max(1, len(shown)),
        good / relevant,
    )


def _best_of_days(judged: Sequence[tuple[Row, float]]) -> int:
    days: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    for row, value in judged:
        days[row.day].append((value, bool(row.relevant)))
    return sum(
        good
        for day in days.values()
        for _, good in sorted(day, key=lambda pair: -pair[0])[:CARDS_A_DAY]
    )


def with_model(model: Model) -> Callable[[Sequence[Row]], list[float]]:
    """Rank with our own model."""
    return lambda rows: [score(model, row.paper).value for row in rows]


def keyword(rows: Sequence[Row]) -> list[float]:
    """Rank papers that say "synthetic data" before all others, newest first."""
    newest_first = newest(rows)
    return [
        float("synthetic data" in f"{row.paper.title} {row.paper.abstract}".lower()) + age * 1e-9
        for row, age in zip(rows, newest_first, strict=True)
    ]


def newest(rows: Sequence[Row]) -> list[float]:
    """Rank newest first."""
    return [float(number) for number in range(len(rows))]
