"""What a threshold would have shown lately, and how much of that was approved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.intervals import Share
from bot.services.sweep import was_swept
from storage.models import DECIDED, CandidateState, Origin
from storage.shown import Shown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.services.ports import Clock
    from storage.database import Database
    from storage.shown import Proposed

DAY = timedelta(days=1)
PERIOD = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Period:
    """The time looked back on: so many days, in which the harvest looked at so many papers.

    Of what was not shown scores are known for the last `known` days of them. Both are 0 where
    nothing came yet.
    """

    days: int
    known: int
    looked_at: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """What one value would have queued: how many papers, how many a day, and those judged.

    `judged` are the ones that were decided one by one, and the approved among them. What was
    brought by hand from below the value in force is not among them: its like was never shown.
    """

    value: float
    queued: int
    daily: float
    judged: Share


@dataclass(frozen=True, slots=True)
class Change:
    """What another value would have done: what it shows, and the one in force.

    `lost` are titles of approved finds that a higher value would not have shown, the best first. Of
    what a lower one would have shown besides, nobody has judged `unjudged`, and `by_hand` came by
    hand and were approved.
    """

    period: Period
    now: Outlook
    then: Outlook
    lost: tuple[str, ...]
    unjudged: int
    by_hand: int


class ThresholdPreview:
    """Looks back over 30 days, or over as many as are known."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def table(
        self, values: Sequence[float], in_force: float
    ) -> tuple[Period, tuple[Outlook, ...]]:
        """What each of these values would have queued."""
        seen = await self._look((*values, in_force))
        return seen.period, tuple(seen.outlook(value, in_force) for value in values)

    async def change(self, value: float, in_force: float) -> Change:
        """What would be otherwise with this value in the place of the one in force."""
        seen = await self._look((value, in_force))
        more = [one for one in seen.proposed if value <= one.score < in_force]
        lost = [one for one in seen.proposed if in_force < value and _is_lost(one, value)]
        unjudged = sum(one.state not in DECIDED or was_swept(one.reason) for one in more)
        by_hand = [one for one in more if one.origin is not Origin.HARVEST]
        never = seen.unproposed[value] - seen.unproposed[in_force]
        return Change(
            period=seen.period,
            now=seen.outlook(in_force, in_force),
            then=seen.outlook(value, in_force),
            lost=tuple(one.title for one in lost),
            unjudged=max(0, never) + unjudged,
            by_hand=sum(one.state is CandidateState.APPROVED for one in by_hand),
        )

    async def _look(self, values: Sequence[float]) -> _Seen:
        now = self._clock.now()

        async def gather(connection: AsyncConnection) -> _Seen:
            shown = Shown(connection)
            scored, queued = await shown.begun()
            since = now - PERIOD
            counts = await shown.unproposed(since, values)
            firsts = [one for one in (scored, queued) if one is not None]
            return _Seen(
                Period(
                    days=_days(min(firsts, default=None), now),
                    known=_days(scored, now),
                    looked_at=await shown.looked_at(since),
                ),
                await shown.proposed(since),
                dict(zip(values, counts, strict=True)),
            )

        return await self._database.read(gather)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What came in the period: what was proposed, and how much else had at least which score."""

    period: Period
    proposed: tuple[Proposed, ...]
    unproposed: dict[float, int]

    def outlook(self, value: float, in_force: float) -> Outlook:
        above = [one for one in self.proposed if one.score >= value]
        judged = [one for one in above if _is_judged(one, in_force)]
        approved = sum(one.state is CandidateState.APPROVED for one in judged)
        queued = len(above) + self.unproposed[value]
        daily = queued / max(1, self.period.days)
        return Outlook(value, queued, daily, Share(approved, len(judged)))


def _days(first: datetime | None, now: datetime) -> int:
    """Days since then, begun ones too, and no more than are looked back on; 0 without a `first`."""
    if first is None:
        return 0
    return max(1, min(PERIOD // DAY, -((first - now) // DAY)))


def _is_judged(one: Proposed, in_force: float) -> bool:
    shown = one.origin is Origin.HARVEST or one.score >= in_force
    return shown and one.state in DECIDED and not was_swept(one.reason)


def _is_lost(one: Proposed, value: float) -> bool:
    """Whether only the harvest brought it, and it was approved, and would not have been shown."""
    alone = one.origin is Origin.HARVEST and not one.asked
    return alone and one.state is CandidateState.APPROVED and one.score < value
