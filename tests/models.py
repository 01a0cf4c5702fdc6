"""Small models, learnt in this process: for tests that need one and not how it is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.errors import TrainingFailed
from bot.learning.training import train
from storage.models import Example, Label

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from bot.domain.model import Model

KEYWORDS = {"synthetic data": 3.0}

SEED = (
    Example(
        "arXiv:2409.08239",
        "Source2Synth: Synthetic Data Generation and Curation Grounded in Real Data Sources",
        "Large Language Models still struggle. We propose Source2Synth.",
        Label.LISTED,
    ),
    Example("entry:2", "Self-Instruct: Aligning Language Models with Themselves", "", Label.LISTED),
)


def small_model(*examples: Example, keywords: Mapping[str, float] | None = None) -> Model:
    """What is learnt from these examples, by default from a list of two papers."""
    return train(KEYWORDS if keywords is None else keywords, examples or SEED)


class StrictTrainer:
    """Trains as the child process does, and refuses what it must never be given.

    `taught` are the examples of each training; `failing` of the next ones fail.
    """

    def __init__(self) -> None:
        self.taught: list[list[Example]] = []
        self.failing = 0
        self.running = 0

    async def train(self, keywords: Mapping[str, float], examples: AsyncIterator[Example]) -> bytes:
        """What the real one does, at once."""
        assert not self.running, "a training is under way"
        self.running += 1
        try:
            taught = [one async for one in examples]
        finally:
            self.running -= 1
        assert len({one.id for one in taught}) == len(taught), "a paper came twice"
        assert all(one.title or one.abstract for one in taught), "a paper without any text"
        if self.failing:
            self.failing -= 1
            raise TrainingFailed("The ranker was not trained: try again.")
        self.taught.append(taught)
        return train(keywords, taught).dump()
