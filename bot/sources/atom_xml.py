"""Checks an answer of arXiv's Atom API before the `arxiv` package sees it.

The package repairs truncated XML silently, drops entries that lack a field, takes an error entry
for a paper and an empty first page for no result, and only logs how many results there are
(measured, 4.0.2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.errors import SourceError
from bot.sources.safe_xml import child, root_of, text_of

if TYPE_CHECKING:
    from lxml import etree

_NEEDED = ("id", "title", "published", "updated")


@dataclass(frozen=True, slots=True)
class Feed:
    """One page: how many entries it has, and how many results arXiv says there are in all."""

    entries: int
    total: int | None


def check_feed(body: bytes) -> Feed:
    """What the feed holds. Raises SourceError unless the package can read it whole."""
    feed = root_of(body, "feed")
    entries = list(feed.iterchildren("{*}entry"))
    for entry in entries:
        _check_entry(entry)
    total = text_of(child(feed, "totalResults"))
    if not entries and total != "0":
        raise SourceError(
            f"arXiv's API said that there are {total[:12] or 'some'} results and sent none"
        )
    is_number = total.isascii() and total.isdigit() and len(total) < 10
    return Feed(len(entries), int(total) if is_number else None)


def _check_entry(entry: etree._Element) -> None:
    entry_id = text_of(child(entry, "id"))
    if "/api/errors" in entry_id:
        raise SourceError(
            f"arXiv's API refused the question: {text_of(child(entry, 'summary'))[:160]}"
        )
    for name in _NEEDED:
        if not text_of(child(entry, name)):
            raise SourceError(f"arXiv's API sent an entry without <{name}>: {entry_id[:80]}")
