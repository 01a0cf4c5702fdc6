"""When a digest is due, what it covers, and how it splits into messages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zlib import crc32
from zoneinfo import ZoneInfo

from bot.domain.cards import DigestItem, DigestPost

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from storage.models import DigestChannel, DigestRun

MESSAGE_BUDGET = 3500
"""Characters of titles, authors and sentences in one message, well under an embed's 4096."""

SENTENCES_UP_TO = 8
"""Above this many papers the contribution sentences are dropped."""

LATE_AFTER = timedelta(days=14)
"""A paper older than this when it is added says when it came out."""


@dataclass(frozen=True, slots=True)
class Window:
    """A due digest: its local day and the instants it covers, (since, until]."""

    day: date
    since: datetime
    until: datetime


def due(
    channel: DigestChannel, last: DigestRun | None, now: datetime, settle: timedelta
) -> Window | None:
    """The digest that is due in a channel, or None.

    It is the latest local day whose hour has passed. Days missed before it are not sent one by one:
    the window begins where the last one ended, so a late start catches up once. Entries younger
    than
    `settle` wait for the next one, since they may still be undone.
    """
    zone = ZoneInfo(channel.zone)
    today = now.astimezone(zone).date()
    at = time(channel.hour, channel.minute)
    day = today if _instant(today, at, zone) <= now else today - timedelta(days=1)
    since = max(last.until, channel.since) if last else channel.since
    if (last and last.day >= day) or _instant(day, at, zone) < channel.since:
        return None
    return Window(day, since, max(since, now - settle))


def _instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)


def late_day(published: date | None, day: date) -> date | None:
    """The day to show beside a paper that is old news, else None."""
    return published if published and day - published > LATE_AFTER else None


def split(
    day: date,
    items: Sequence[tuple[str, DigestItem]],
    *,
    complete_through: date | None,
    waiting: int,
) -> tuple[DigestPost, ...]:
    """The messages of a digest. `items` are (section, item) in the list's order.

    None gives no message.
    """
    if len(items) > SENTENCES_UP_TO:
        items = [(section, replace(item, contribution="")) for section, item in items]
    pages = tuple(_pages(items))
    return tuple(
        DigestPost(day, _grouped(page), complete_through, waiting, part, len(pages))
        for part, page in enumerate(pages)
    )


def content_mark(post: DigestPost) -> int:
    """A number that changes when what a message says of papers does (31 bits)."""
    return crc32(repr(post.sections).encode("utf-8", "surrogatepass")) >> 1


def _pages(items: Iterable[tuple[str, DigestItem]]) -> Iterable[list[tuple[str, DigestItem]]]:
    page: list[tuple[str, DigestItem]] = []
    used = 0
    for section, item in items:
        size = _size(section, item)
        if page and used + size > MESSAGE_BUDGET:
            yield page
            page, used = [], 0
        page.append((section, item))
        used += size
    if page:
        yield page


def _size(section: str, item: DigestItem) -> int:
    """Characters an item may take, its section's heading and its escaped title included."""
    texts = len(section) + 2 * len(item.title) + len(item.authors) + 2 * len(item.contribution)
    return texts + len(item.url) + 40


def _grouped(
    page: Iterable[tuple[str, DigestItem]],
) -> tuple[tuple[str, tuple[DigestItem, ...]], ...]:
    sections: dict[str, list[DigestItem]] = {}
    for section, item in page:
        sections.setdefault(section, []).append(item)
    return tuple((section, tuple(found)) for section, found in sections.items())
