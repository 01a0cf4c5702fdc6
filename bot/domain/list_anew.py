"""A listed entry written anew: as a paper by what was read of it, in the style of a section."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from bot.domain.identify import identify, submitted_month
from bot.domain.list_guard import safe_url
from bot.domain.list_shapes import Shapes
from bot.domain.list_words import PAPER_LABELS, is_label, words
from storage.models import Author, Paper, PaperId

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.domain.list_document import Document
    from bot.domain.list_sections import Part
    from storage.models import Link, ListedEntry

_OTHERS = re.compile(r"\bet al\b", re.IGNORECASE)
_AND_OTHERS = Author("et al.")


def is_own(link: Link, entry: ListedEntry) -> bool:
    """Whether a link of the entry leads to its paper: by its id, where it has none by its label."""
    if entry.ids:
        return identify(link.url) in entry.ids
    found = words(link.label)
    return is_label(link.label) and any(word in PAPER_LABELS for word in found)


def paper_of(entry: ListedEntry) -> Paper | None:
    """The paper as its entry tells it, or None where nothing identifies it.

    Of a work without an id the first link is the page. Of the day only the year may be known: it is
    January the 1st then.
    """
    page = next((link.url for link in entry.links if safe_url(link.url)), "")
    if not (entry.ids or page):
        return None
    number = entry.ids[0] if entry.ids else PaperId(f"url:{page}")
    told = entry.year and not submitted_month(number)
    others = entry.authors and len(entry.authors) < 4 and _OTHERS.search(entry.markdown)
    return Paper(
        number,
        entry.title,
        (*entry.authors, _AND_OTHERS) if others else entry.authors,
        published=date(entry.year, 1, 1) if entry.year and told else None,
        links=tuple(link for link in entry.links if link.url != page and not is_own(link, entry)),
    )


def shapes_of(document: Document, part: Part, paper: Paper) -> Iterator[str]:
    """The shapes that such a paper can have in a section; a month that nobody told is in none."""
    shapes = Shapes(document, part, paper).all()
    if paper.published is None:
        yield from shapes
        return
    late = replace(paper, published=date(paper.published.year, 12, 31))
    bare = replace(paper, published=None)
    others = (Shapes(document, part, one).all() for one in (late, bare))
    for shape, other, undated in zip(shapes, *others, strict=False):
        yield shape if shape == other else undated
