"""What was decided: the last acts, all of them as a file, and what they add up to."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from statistics import median
from typing import TYPE_CHECKING

from bot.domain.intervals import Share
from bot.services.sweep import was_swept
from storage.candidates import MESSAGE
from storage.history import History
from storage.messages import Messages
from storage.models import CandidateState, Origin
from storage.submissions import Submissions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.services.ports import Clock
    from storage.database import Database
    from storage.history import Act, Decided
    from storage.models import Message

WEEK = timedelta(days=7)
WEEKS = 12
PAGE = 500
MOST_BYTES = 8 * 1024 * 1024
"""Of a file: Discord takes 10 MiB (FACTS: upload)."""

COLUMNS = (
    "verdict", "at", "action", "candidate", "paper", "title",
    "member", "member_id", "via", "section", "reason", "undoes",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figures:
    """How the desk does.

    Precision over the last 4 and 12 weeks: the approved among the finds of the harvest that were
    decided one by one; medians over 12 weeks of the time from the announcement
    of a find to its decision and from a card to its decision, None where there were none; how many
    wait and for how long the oldest does; decisions in each of the last 4 weeks, the newest first.
    """

    month: Share
    quarter: Share
    from_announcement: timedelta | None
    from_card: timedelta | None
    waiting: int
    oldest: timedelta | None
    weekly: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What else is known of a candidate: its acts, the newest first, and its card."""

    acts: tuple[Act, ...]
    message: Message | None


class HistoryService:
    """Reads what was decided."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def latest(self, limit: int, candidate: int | None = None) -> tuple[Act, ...]:
        """The last acts, the newest first: on one candidate, or on all."""
        return await self._database.read(lambda c: History(c).acts(limit, candidate=candidate))

    async def export(self, candidate: int | None = None) -> bytes:
        """All acts as CSV in UTF-8, the newest first: on one candidate, or on all.

        As many as fit into 8 MiB. No cell is one that a spreadsheet would run.
        """
        written = _Table()
        before: int | None = None
        while acts := await self._page(before, candidate):
            if not written.add(acts):
                break
            before = acts[-1].verdict.id
        return written.content()

    async def figures(self) -> Figures:
        """What the decisions of the last twelve weeks add up to."""
        now = self._clock.now()

        async def gather(
            connection: AsyncConnection,
        ) -> tuple[tuple[Decided, ...], tuple[int, datetime | None]]:
            history = History(connection)
            return await history.decided_since(now - WEEKS * WEEK), await history.waiting()

        decided, (waiting, oldest) = await self._database.read(gather)
        found = [one for one in decided if one.origin is Origin.HARVEST]
        return Figures(
            month=_precision(one for one in found if one.at >= now - 4 * WEEK),
            quarter=_precision(found),
            from_announcement=_median([one.at - _announced(one) for one in found]),
            from_card=_median([one.at - one.posted_at for one in decided if one.posted_at]),
            waiting=waiting,
            oldest=now - oldest if oldest else None,
            weekly=tuple(
                sum(week * WEEK <= now - one.at < (week + 1) * WEEK for one in decided)
                for week in range(4)
            ),
        )

    async def of_candidate(self, candidate: int, limit: int) -> Whereabouts:
        """The last acts on a candidate, and the card that was sent of it."""

        async def gather(connection: AsyncConnection) -> Whereabouts:
            sent = await Messages(connection).of_kind(MESSAGE, [candidate])
            acts = await History(connection).acts(limit, candidate=candidate)
            return Whereabouts(acts, sent.get(candidate))

        return await self._database.read(gather)

    async def asked_by(self, candidates: Sequence[int]) -> dict[int, tuple[str, ...]]:
        """The names of those who asked for each of these candidates."""

        async def gather(connection: AsyncConnection) -> dict[int, tuple[str, ...]]:
            store = Submissions(connection)
            asked = {number: await store.of(number) for number in candidates}
            return {
                number: tuple(one.member_name for one in those if one.member_name)
                for number, those in asked.items()
            }

        return await self._database.read(gather)

    async def _page(self, before: int | None, candidate: int | None) -> tuple[Act, ...]:
        return await self._database.read(
            lambda c: History(c).acts(PAGE, before=before, candidate=candidate)
        )


class _Table:
    """A CSV file that grows until it is full."""

    def __init__(self) -> None:
        self._text = io.StringIO(newline="")
        self._writer = csv.writer(self._text)
        self._writer.writerow(COLUMNS)
        self._parts: list[bytes] = []
        self._size = 0

    def add(self, acts: Iterable[Act]) -> bool:
        """Add rows; False once there is no more room."""
        for act in acts:
            self._writer.writerow([_cell(value) for value in _values(act)])
        part = self._text.getvalue().encode("utf-8", "replace")
        if self._size + len(part) > MOST_BYTES:
            return False
        self._parts.append(part)
        self._size += len(part)
        self._text.seek(0)
        self._text.truncate()
        return True

    def content(self) -> bytes:
        """What was written."""
        if not self._parts:
            self._parts.append(self._text.getvalue().encode())
        return b"".join(self._parts)


def _values(act: Act) -> tuple[object, ...]:
    verdict = act.verdict
    return (
        verdict.id, verdict.at.astimezone(UTC).isoformat(timespec="seconds"), verdict.action,
        verdict.candidate, act.paper, act.title, verdict.member_name, verdict.member_id,
        verdict.via, verdict.section, verdict.reason,
        "" if verdict.undoes is None else verdict.undoes,
    )  # fmt: skip


def _cell(value: object) -> str:
    """A cell no spreadsheet takes for a formula (owasp.org/www-community/attacks/CSV_Injection)."""
    text = str(value)
    return "'" + text if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else text


def _precision(found: Iterable[Decided]) -> Share:
    looked_at = [one for one in found if not was_swept(one.reason)]
    approved = sum(one.state is CandidateState.APPROVED for one in looked_at)
    return Share(approved, len(looked_at))


def _announced(one: Decided) -> datetime:
    if one.announced is None:
        return one.queued_at
    return datetime.combine(one.announced, time_of_day(), UTC)


def _median(spans: Sequence[timedelta]) -> timedelta | None:
    """The middle one; what seems to have gone backwards took no time."""
    if not spans:
        return None
    return timedelta(seconds=median(max(0.0, span.total_seconds()) for span in spans))
