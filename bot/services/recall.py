"""How much of what belongs on the list the harvest finds by itself: told by what came by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from bot.domain.intake import is_recent
from bot.domain.intervals import Share
from storage.hand import Hand
from storage.models import Origin, PaperId

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from bot.services.ports import Clock
    from bot.services.threshold import Threshold
    from storage.database import Database
    from storage.hand import Brought

QUARTER = timedelta(weeks=12)
DAY = timedelta(days=1)
LOWEST = 3


@dataclass(frozen=True, slots=True)
class Misses:
    """Why the harvest had not queued what was brought by hand and approved.

    `below` were looked at and scored below the threshold, `lowest` are three of them with their
    scores, the lowest first. The others it never looked at: not on arXiv, in other categories than
    the watched ones, or older than it reaches (or than its scores are kept).
    """

    below: int = 0
    lowest: tuple[tuple[str, float], ...] = ()
    not_on_arxiv: int = 0
    other_categories: int = 0
    out_of_reach: int = 0


@dataclass(frozen=True, slots=True)
class Recall:
    """Of the papers that were brought by hand and approved, so many the harvest had queued too.

    `misses` are those of all time; of the others `after_card` were brought when their card stood.
    """

    quarter: Share
    ever: Share
    misses: Misses
    after_card: int


class RecallService:
    """Looks back at what was brought by hand; `sets` are the watched categories."""

    def __init__(
        self, *, database: Database, threshold: Threshold, clock: Clock, sets: Collection[str]
    ) -> None:
        self._database = database
        self._threshold = threshold
        self._clock = clock
        self._sets = frozenset(sets)

    async def estimate(self) -> Recall:
        """Recall over the last 12 weeks, by the day of approval, and over all time."""
        threshold, since = await self._threshold.value(), self._clock.now() - QUARTER
        brought = await self._database.read(lambda c: Hand(c).approved())
        found = [(one, is_hit(one, threshold)) for one in brought]
        return Recall(
            quarter=_share(hit for one, hit in found if one.approved_at >= since),
            ever=_share(hit for _, hit in found),
            misses=misses([one for one, hit in found if not hit], self._sets),
            after_card=sum(hit and _after_its_card(one) for one, hit in found),
        )


def is_hit(one: Brought, threshold: float) -> bool:
    """Whether the harvest queued the paper by itself, or would have, had it not come by hand.

    That is so where it met the paper after it was brought, with a score for which it is queued. If
    it looked first and let the paper go, that is a miss, whatever the threshold is now.
    """
    if one.origin is Origin.HARVEST:
        return True
    met = _met(one)
    return met is not None and met >= one.queued_at and _value(one) >= threshold


def misses(missed: Sequence[Brought], sets: Collection[str]) -> Misses:
    """What came of each of these, as far as the harvest is concerned."""
    below = [one for one in missed if _met(one) is not None]
    unseen = [one for one in missed if _met(one) is None]
    on_arxiv = [one for one in unseen if one.arxiv]
    elsewhere = [one for one in on_arxiv if one.categories and not set(one.categories) & set(sets)]
    lowest = sorted(below, key=lambda one: (_value(one), one.paper))[:LOWEST]
    return Misses(
        below=len(below),
        lowest=tuple((one.title or one.paper, _value(one)) for one in lowest),
        not_on_arxiv=len(unseen) - len(on_arxiv),
        other_categories=len(elsewhere),
        out_of_reach=len(on_arxiv) - len(elsewhere),
    )


def _met(one: Brought) -> datetime | None:
    """When the harvest looked at the paper, as far as that is known.

    What it meets when somebody has brought it already is not ranked again: there the day on which
    arXiv announced it tells, where the paper was news then.
    """
    if one.looked_at is not None:
        return one.looked_at
    if one.announced is None or not is_recent(PaperId(one.arxiv), one.announced):
        return None
    met = datetime.combine(one.announced + DAY, time(), UTC)
    return met if met >= one.queued_at else None


def _value(one: Brought) -> float:
    """The score the harvest gave it, else the one it came in with, by the same ranker."""
    return one.score if one.value is None else one.value


def _after_its_card(one: Brought) -> bool:
    asked, posted = one.asked_at, one.posted_at
    return asked is not None and posted is not None and asked > posted


def _share(hits: Iterable[bool]) -> Share:
    counted = list(hits)
    return Share(sum(counted), len(counted))
