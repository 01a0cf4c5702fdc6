"""What the index holds of a paper: its texts cut into words, its days as numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tantivy import Document

from storage.search_tokens import heading, split

if TYPE_CHECKING:
    from datetime import date

    from storage.documents import SearchDocument

TITLE_TIMES = 3
"""How often the title stands in the searched field.

Measured on SciFact (nDCG@10): once .703, twice .708, 3 times .710, 4 times .707.
"""

LONGEST = 50_000
"""Characters of one text that can be found; cutting more into words would hold everybody up."""

RANKED_AUTHORS = 20
"""Authors that words find; `author:` finds all. Hundreds of names would drown the abstract."""

UNKNOWN = 0
"""The number where no day is known."""


def indexed(source: SearchDocument) -> Document:
    """A document as the index takes it."""
    document = Document()
    document.add_text("key", source.key)
    _add_texts(document, source)
    if source.section:
        document.add_text("section", split(source.section))
        document.add_text("heading", heading(source.section))
    document.add_boolean("listed", source.listed)
    _add_days(document, source)
    return document


def _add_texts(document: Document, source: SearchDocument) -> None:
    title, abstract = split(source.title[:LONGEST]), split(source.abstract[:LONGEST])
    names = [split(name) for name in source.authors]
    # Values of their own, so that no phrase matches across the seam.
    for value in [*[title] * TITLE_TIMES, abstract, *names[:RANKED_AUTHORS]]:
        document.add_text("body", value)
    for value in (title, abstract, *names[:RANKED_AUTHORS]):
        document.add_text("words", value)
    document.add_text("title", title)
    for name in names:
        document.add_text("authors", name)
    if source.year is not None:
        document.add_text("body", str(source.year))


def _add_days(document: Document, source: SearchDocument) -> None:
    first = last = UNKNOWN
    if source.published is not None:
        first = last = day_number(source.published)
    elif source.year is not None:
        first, last = first_day_of(source.year), last_day_of(source.year)
    document.add_integer("first_day", first)
    document.add_integer("last_day", last)
    document.add_integer("added", int(source.added_at.timestamp()) if source.added_at else UNKNOWN)


def day_number(day: date) -> int:
    """20240512 for 12 May 2024: numbers that compare as the days do."""
    return day.year * 10_000 + day.month * 100 + day.day


def first_day_of(year: int) -> int:
    """The number of a year's first day; of any number, also one that is no year."""
    return year * 10_000 + 101


def last_day_of(year: int) -> int:
    """The number of a year's last day."""
    return year * 10_000 + 1231
