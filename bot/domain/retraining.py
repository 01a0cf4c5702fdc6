"""When the ranker is trained anew: soon after decisions, as papers come first, and nightly."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.nights import last_night
from storage.models import Why

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

CALM = timedelta(minutes=10)
"""How long after a decision it is learnt from: others often follow it."""

LATEST = timedelta(hours=1)
"""How long after a decision it is learnt from at the latest, however many follow."""

NIGHT = 3
"""The UTC hour from which on, once a day, all that has changed is learnt from."""

CLOCK = timedelta(days=1)
"""How far ahead a look may lie; farther, the clock was set back, and no night would come of it."""

ENOUGH_BACKGROUND = 300
"""Unjudged papers from which on they tell what is usual; with fewer, that is assumed."""

GROWTH = 4
"""How many times as many of them are worth another training before the night."""

PLENTY = 6_000
"""Unjudged papers with which a version does not wait for more of them."""


def due(since: datetime, changes: Collection[datetime], now: datetime) -> Why | None:
    """What the ranker is to be trained for, if anything.

    `since` is when it was looked at last whether there is more to learn; `changes` are the moments
    at which decisions came since, the first and the last among them.
    """
    if since > now + CLOCK:
        return Why.NIGHT
    if changes and (max(changes) + CALM <= now or min(changes) + LATEST <= now):
        return Why.DECISIONS
    return Why.NIGHT if since < last_night(NIGHT, now) else None


def outgrown_by(background: int) -> int | None:
    """How many unjudged papers ask for a training at once, when the last one had this many.

    None where there were plenty. So a new installation soon knows what is usual.
    """
    return None if background >= PLENTY else max(ENOUGH_BACKGROUND, GROWTH * background)
