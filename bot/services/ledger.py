"""What the harvests did, as maintainers ask for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain import ledger
from storage.harvests import Harvests
from storage.manners import Manners
from storage.watermarks import Watermarks

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime, time

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.domain.announcements import Calendar
    from bot.services.ports import Clock
    from storage.database import Database
    from storage.models import LedgerRow


@dataclass(frozen=True, slots=True)
class Overview:
    """The last announcement days, the newest first, and where the harvest stands.

    `complete_through` is the last announcement day of which nothing is missing in any set, None
    where a set was never complete. `left_alone_until` is set while arXiv wants peace, `next_pass`
    unless nothing is scheduled.
    """

    days: tuple[ledger.Day, ...]
    complete_through: date | None
    left_alone_until: datetime | None
    next_pass: datetime | None


class Ledger:
    """Reads the ledger of the configured sets."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        sets: Sequence[str],
        times: Sequence[time],
        calendar: Calendar,
    ) -> None:
        self._database = database
        self._clock = clock
        self._sets = tuple(sets)
        self._times = tuple(times)
        self._calendar = calendar

    async def overview(self, days: int) -> Overview:
        """The last so many announcement days on which anything was asked for."""
        now = self._clock.now()

        async def gather(
            connection: AsyncConnection,
        ) -> tuple[tuple[LedgerRow, ...], datetime | None, datetime | None]:
            rows = await Harvests(connection).of_last_days(days)
            complete = await Watermarks(connection).last_complete(self._sets)
            return rows, complete, await Manners(connection).cool_until(now)

        rows, complete, cool = await self._database.read(gather)
        return Overview(
            days=ledger.days(rows, self._sets),
            complete_through=self._calendar.latest_ready(complete) if complete else None,
            left_alone_until=cool,
            next_pass=ledger.next_pass(self._times, now),
        )
