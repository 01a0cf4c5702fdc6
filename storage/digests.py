"""The channels that get a digest, and which digests they got: one a channel and local day."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select, update

from storage.models import DigestChannel, DigestRun
from storage.schema import digest_channels, digest_runs
from storage.statements import upsert

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection

RUN = (
    digest_runs.c.id,
    digest_runs.c.channel_id,
    digest_runs.c.day,
    digest_runs.c.since,
    digest_runs.c.until,
    digest_runs.c.done_at.is_not(None).label("done"),
)

SET_BACK = timedelta(days=1)


class Digests:
    """Digest channels and runs, over one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def channels(self) -> tuple[DigestChannel, ...]:
        """All channels that get a digest, by id."""
        rows = await self._connection.execute(
            select(digest_channels).order_by(digest_channels.c.channel_id)
        )
        return tuple(DigestChannel(**row._asdict()) for row in rows)

    async def set_channel(self, channel: DigestChannel) -> None:
        """Let a channel have a digest, or change when."""
        values = {name: getattr(channel, name) for name in DigestChannel.__slots__}
        insert = upsert(self._connection, digest_channels).values(values)
        await self._connection.execute(
            insert.on_conflict_do_update(index_elements=["channel_id"], set_=values)
        )

    async def remove_channel(self, channel_id: int) -> bool:
        """Send a channel no more digests; whether it got any. Its runs stay known."""
        removed = await self._connection.execute(
            delete(digest_channels).where(digest_channels.c.channel_id == channel_id)
        )
        return removed.rowcount == 1

    async def begin(
        self, channel_id: int, day: date, since: datetime, until: datetime, now: datetime
    ) -> DigestRun | None:
        """Begin the digest of a channel and local day; None if there was one already."""
        insert = upsert(self._connection, digest_runs).values(
            channel_id=channel_id, day=day, since=since, until=until, begun_at=now
        )
        insert = insert.on_conflict_do_nothing(index_elements=["channel_id", "day"])
        run_id = await self._connection.scalar(insert.returning(digest_runs.c.id))
        if run_id is None:
            return None
        return DigestRun(run_id, channel_id, day, since, until, done=False)

    async def open_runs(self) -> tuple[DigestRun, ...]:
        """Runs that were begun and not finished, the oldest first."""
        rows = await self._connection.execute(
            select(*RUN).where(digest_runs.c.done_at.is_(None)).order_by(digest_runs.c.id)
        )
        return tuple(_run(row) for row in rows)

    async def done_since(self, instant: datetime) -> tuple[DigestRun, ...]:
        """Runs that were finished at `instant` or later, the oldest first."""
        rows = await self._connection.execute(
            select(*RUN).where(digest_runs.c.done_at >= instant).order_by(digest_runs.c.id)
        )
        return tuple(_run(row) for row in rows)

    async def finish(self, run_id: int, now: datetime) -> None:
        """All messages of the run are out."""
        await self._connection.execute(
            update(digest_runs).where(digest_runs.c.id == run_id).values(done_at=now)
        )

    async def not_covered(self, now: datetime) -> datetime:
        """`now`, or right after what digests cover already where the clock was set back by a day.

        What is added at that instant is in the next digest of every channel.
        """
        covered: datetime | None = await self._connection.scalar(
            select(func.max(digest_runs.c.until)).where(digest_runs.c.until <= now + SET_BACK)
        )
        return now if covered is None else max(now, covered + datetime.resolution)

    async def last(self, channel_id: int) -> DigestRun | None:
        """The run of the latest day in a channel, or None."""
        rows = await self._connection.execute(
            select(*RUN)
            .where(digest_runs.c.channel_id == channel_id)
            .order_by(digest_runs.c.day.desc())
            .limit(1)
        )
        row = rows.one_or_none()
        return None if row is None else _run(row)


def _run(row: Row[Any]) -> DigestRun:
    return DigestRun(**{**row._asdict(), "done": bool(row.done)})
