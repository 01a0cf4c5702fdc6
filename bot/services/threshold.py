"""The score a find needs to be shown: from config.toml, or set by a maintainer since."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import structlog

from bot.services.plain_text import plain
from storage.notices import Notices
from storage.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from storage.database import Database
    from storage.models import Member

KEY = "relevance.threshold"
KIND = "threshold"
"""Kind of the notices about it; their subject is the instant at which it was set."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Standing:
    """The threshold in force, and what config.toml says; `by` and `at` say who set it and when.

    They are empty (None) where it comes from config.toml.
    """

    value: float
    configured: float
    by: str = ""
    at: datetime | None = None


class Threshold:
    """The threshold of one database; whoever spoke last counts.

    What was set is forgotten once another value stands in config.toml than when it was set.
    """

    def __init__(self, *, database: Database, configured: float) -> None:
        self._database = database
        self._configured = configured

    async def value(self) -> float:
        """The score from which on a find is shown, 0 to 1."""
        return (await self.standing()).value

    async def standing(self) -> Standing:
        """The value in force, and where it comes from."""
        written = await self._database.read(lambda c: Settings(c).get(KEY))
        found = _read(written) if written else None
        if found is None or found.configured != self._configured:
            return Standing(self._configured, self._configured)
        return found

    async def set(self, value: float, member: Member, now: datetime) -> None:
        """Let this be the threshold from now on, by the word of this member; all are told."""
        before = await self.value()
        standing = Standing(value, self._configured, member.name, now)
        written = json.dumps({**asdict(standing), "at": now.isoformat()})
        told = f"{plain(member.name)} set the threshold to {value:g}; it was {before:g}."

        async def work(connection: AsyncConnection) -> None:
            await Settings(connection).put(KEY, written)
            await Notices(connection).add(KIND, now.isoformat(), told, now)

        await self._database.write(work)
        log.info("threshold set", value=value, before=before, member=member.id)


def _read(written: str) -> Standing:
    kept = json.loads(written)
    return Standing(**{**kept, "at": datetime.fromisoformat(kept["at"])})
