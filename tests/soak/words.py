"""Titles and abstracts of papers that were never written."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

RELEVANT = (
    "Synthetic Data Generation for {} with Language Models",
    "Self-Instruct for {}: Synthetic Instruction Data",
    "Synthetic Dataset of {} from Large Language Models",
)
OTHER = (
    "A Study of {}",
    "On the Limits of {}",
    "Faster {} by Careful Approximation",
    "{}: Benchmarks and Baselines",
    "Towards Robust {}",
)
SUBJECTS = (
    "Machine Translation", "Question Answering", "Dialogue", "Code Completion", "Retrieval",
    "Graph Networks", "Speech Recognition", "Bandits", "Optimal Transport", "Summarisation",
    "Named Entities", "Recommender Systems", "Bayesian Inference", "Robotics", "Vision",
)  # fmt: skip
FAMILIES = ("Chen", "García", "Müller", "Okafor", "Rossi", "Sato", "Singh", "Smith", "Wang", "Zhao")
GIVEN = ("Ana", "Ben", "Chidi", "Dana", "Emi", "Fei", "Greta", "Hugo", "Ines", "Jun")


def title(chance: Random, number: int, *, relevant: bool) -> str:
    """A title that no other paper has."""
    frame = chance.choice(RELEVANT if relevant else OTHER)
    return f"{frame.format(chance.choice(SUBJECTS))}, Part {number}"


def abstract(chance: Random, *, relevant: bool) -> str:
    """Three sentences."""
    subject = chance.choice(SUBJECTS).lower()
    middle = (
        "We generate synthetic data with a large language model and train on it."
        if relevant
        else "We measure it on two collections and report what fails."
    )
    return f"Much is said about {subject} & its limits. {middle} Errors fall by {number(chance)} %."


def number(chance: Random) -> int:
    """A figure to be proud of."""
    return chance.randrange(1, 60)


def authors(chance: Random) -> tuple[tuple[str, str], ...]:
    """One to five people."""
    return tuple(
        (chance.choice(FAMILIES), chance.choice(GIVEN)) for _ in range(chance.randrange(1, 6))
    )
