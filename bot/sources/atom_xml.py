"""Checks an answer of arXiv's Atom API before the `arxiv` package sees it.

The package repairs truncated XML silently, drops entries that lack a field, takes an error entry
for a paper and an empty first page for no result (measured, 4.0.2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.errors import SourceError
from bot.sources.safe_xml import child, root_of, text_of

if TYPE_CHECKING:
    from lxml import etree

_NEEDED = ("id", "title", "published", "updated")


def check_feed(body: bytes) -> None:
    """Raise SourceError unless the package can read this feed whole."""
    feed = root_of(body, "feed")
    entries = list(feed.iterchildren("{*}entry"))
    for entry in entries:
        _check_entry(entry)
    total = text_of(child(feed, "totalResults"))
    if not entries and total != "0":
        raise SourceError(
            f"arXiv's API said that there are {total[:12] or 'some'} results and sent none"
        )


def _check_entry(entry: etree._Element) -> None:
    entry_id = text_of(child(entry, "id"))
    if "/api/errors" in entry_id:
        raise SourceError(
            f"arXiv's API refused the question: {text_of(child(entry, 'summary'))[:160]}"
        )
    for name in _NEEDED:
        if not text_of(child(entry, name)):
            raise SourceError(f"arXiv's API sent an entry without <{name}>: {entry_id[:80]}")
