"""How likely finds are to be approved, learnt anew whenever something was decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain import calibration
from bot.services.aside import aside
from bot.services.sweep import LIKE_SWEPT
from storage.history import History
from storage.models import Origin

if TYPE_CHECKING:
    from bot.domain.calibration import Calibration
    from storage.database import Database
    from storage.models import Candidate

MOST = 500
"""The verdicts it is learnt from: the last ones."""


class Calibrating:
    """Words for how likely a find is to be approved.

    A card that stands is not edited when they change: it follows its candidate alone.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: tuple[int, Calibration | None] | None = None

    async def odds(self, candidate: Candidate) -> str:
        """`about 4 in 10`; nothing where too few were judged, or where the harvest found it not."""
        if candidate.origin is not Origin.HARVEST:
            return ""
        found = await self._calibration()
        return calibration.odds(found.probability(candidate.score)) if found else ""

    async def _calibration(self) -> Calibration | None:
        last = await self._database.read(lambda c: History(c).last_verdict())
        if self._known is None or self._known[0] != last:
            judged = await self._database.read(lambda c: History(c).judged_finds(LIKE_SWEPT, MOST))
            self._known = last, await aside(calibration.fit, judged)
        return self._known[1]
