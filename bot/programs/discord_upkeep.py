"""What `run` sees to in the background each minute, apart from messages; mostly it is not due."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.services.hydrating import Hydrating
from bot.services.rescoring import Rescoring
from bot.services.retention import RetentionService

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any

    from bot.assembly import Bot

    Upkeep = Callable[[], Coroutine[Any, Any, None]]


def make_upkeep(bot: Bot) -> tuple[Upkeep, ...]:
    """Each does what is due and nothing else, and does not begin again while it is under way."""
    core = bot.core
    retention = RetentionService(
        database=core.database,
        clock=core.clock,
        keep=core.settings.database.retention,
        examples=bot.examples,
    )
    hydrating = Hydrating(
        database=core.database, lookup=bot.arxiv.lookup, clock=core.clock, examples=bot.examples
    )
    rescoring = Rescoring(database=core.database, training=bot.training, ranking=bot.ranking)

    async def learn() -> None:
        """Let the ranker follow the decisions, and what waits for its card the ranker."""
        await bot.training.tick()
        await rescoring.run()

    return bot.submissions.complete, retention.run, hydrating.run, learn
