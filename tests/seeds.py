"""The shipped list as tests use it: its papers, and the section of each."""

from __future__ import annotations

from storage.models import Paper, PaperId

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
