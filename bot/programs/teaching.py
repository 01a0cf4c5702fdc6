"""Training within this process, for programs in which nobody waits for anything else."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from bot.learning.environment import environment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.domain.model import Model
    from storage.models import Example


def train(keywords: Mapping[str, float], examples: Iterable[Example]) -> Model:
    """What `bot.learning.training` learns, on as many cores as the bot gives it: one.

    It is imported here, numpy with it: no other command waits for that.
    """
    threads = {name: n for name, n in environment({}).items() if name.endswith("_NUM_THREADS")}
    os.environ.update(threads)  # numpy reads them when it is imported
    from bot.learning import training  # noqa: PLC0415 - as above

    return training.train(keywords, examples)
