"""Made-up records: name what matters to a test, leave the rest."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from storage.models import Author, Link, ListedEntry, Paper, PaperId

SOURCE2SYNTH = PaperId("arXiv:2409.08239")

PAPER = Paper(
    id=SOURCE2SYNTH,
    title="Source2Synth: Synthetic Data Generation and Curation Grounded in Real Data Sources",
    authors=(Author("Lupidi", "Alisia"), Author("Gemmell", "Carlos")),
    abstract="Large Language Models still struggle. We propose Source2Synth.",
    published=date(2024, 9, 12),
    updated=date(2024, 9, 12),
    categories=("cs.CL", "cs.AI"),
    datestamp=date(2024, 9, 13),
)

ENTRY = ListedEntry(
    section="Research Papers",
    markdown="- Lupidi A, Gemmell C. Source2Synth[J]. arXiv preprint arXiv:2409.08239, 2024.\n",
    title="Source2Synth",
    ids=(SOURCE2SYNTH,),
    authors=(Author("Lupidi", "A"), Author("Gemmell", "C")),
    year=2024,
    links=(Link("paper", "https://arxiv.org/abs/2409.08239"),),
)


def paper(**changes: Any) -> Paper:
    """A paper of arXiv as a harvest brings it."""
    return replace(PAPER, **changes)


def listed_entry(**changes: Any) -> ListedEntry:
    """An entry as it stands in a list file."""
    return replace(ENTRY, **changes)
