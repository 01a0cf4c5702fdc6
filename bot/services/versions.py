"""The versions of the ranker as they are kept: read back where they can be used still."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import structlog

from bot.domain.model import Model
from bot.services.aside import aside
from storage.lessons import Lessons
from storage.rankers import Rankers
from storage.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from storage.database import Database
    from storage.models import Paper, Ranker

CONFIGURED = "ranker.configured"
"""The setting that says with which keywords and example lists the newest version was made."""

READ = "ranker.abstracts"
"""The setting that says when abstracts came that the list or the examples had lacked."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the ranker in use."""

    ranker: Ranker
    model: Model


class Versions:
    """Those made with these keywords and examples, and what came since."""

    def __init__(
        self, database: Database, keywords: Mapping[str, float], examples: Sequence[Paper]
    ) -> None:
        self._database = database
        told = [sorted(keywords.items()), [[one.id, one.title] for one in examples]]
        self._configured = hashlib.sha256(json.dumps(told).encode("ascii")).hexdigest()

    async def any(self) -> bool:
        """Whether there ever was one."""
        return await self._database.read(lambda c: Rankers(c).latest()) is not None

    async def stored(self) -> Version | None:
        """The newest, if it can be used; if not, a line in the log says why."""
        latest, configured = await self._database.read(_latest)
        if latest is None:
            return None
        ranker, content = latest
        if configured != self._configured:
            log.info("ranker outdated", version=ranker.id, reason="keywords or examples changed")
            return None
        try:
            return Version(ranker, await aside(Model.load, content))
        except ValueError as error:
            log.warning("ranker cannot be read", version=ranker.id, reason=str(error))
            return None

    async def keep(self, ranker: Ranker, content: bytes) -> Ranker:
        """Store a new one; gives it with its id."""

        async def work(connection: AsyncConnection) -> Ranker:
            await Settings(connection).put(CONFIGURED, self._configured)
            return await Rankers(connection).add(ranker, content)

        return await self._database.write(work)

    async def changes(self, since: datetime) -> tuple[datetime, ...]:
        """When there came more to learn from, the first time and the last, as far as it did."""
        return await self._database.read(lambda c: _changes(c, since))

    async def background(self, limit: int) -> int:
        """How many papers nobody has judged are there to learn from, at most `limit`, roughly."""
        return await self._database.read(lambda c: Lessons(c).background(limit))


async def _latest(connection: AsyncConnection) -> tuple[tuple[Ranker, bytes] | None, str | None]:
    return await Rankers(connection).latest(), await Settings(connection).get(CONFIGURED)


async def _changes(connection: AsyncConnection, since: datetime) -> tuple[datetime, ...]:
    decided = await Lessons(connection).changed_since(since) or ()
    read = await Settings(connection).get(READ)
    moments = (*decided, *((datetime.fromisoformat(read),) if read else ()))
    return tuple(one for one in moments if one >= since)
