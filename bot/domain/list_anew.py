"""A listed entry written anew: as a paper by what was read of it, in the style of a section."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from bot.domain.identify import identify, submitted_month
from bot.domain.list_drafts import is_paper_link
from bot.domain.list_guard import safe_url
from bot.domain.list_shapes import Shapes
from bot.domain.list_words import is_label
from storage.models import Author, Paper, PaperId

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from bot.domain.list_document import Document
    from bot.domain.list_drafts import Draft
    from bot.domain.list_sections import Part
    from storage.models import ListedEntry

_OTHERS = re.compile(r"\bet al\b", re.IGNORECASE)
_AND_OTHERS = Author("et al.")


def own_urls(read: Draft) -> frozenset[str]:
    """The addresses that lead to an entry's paper: its title's, those of its ids.

    Where it has no id, those that are labelled as the paper's.
    """
    found = {read.link.url} if read.link else set()
    for span in read.found:
        labelled = not read.ids and is_paper_link(span) and is_label(span.label)
        if labelled or identify(span.url) in read.ids:
            found.add(span.url)
    return frozenset(found)


def paper_of(entry: ListedEntry, own: Collection[str]) -> Paper | None:
    """The paper as its entry tells it, or None where nothing identifies it.

    `own` are the addresses that lead to it (see own_urls). Of a work without an id the first link
    is the page. Of the day only the year may be known: it is January the 1st then.
    """
    pages = sorted(entry.links, key=lambda link: link.url not in own)
    page = next((link.url for link in pages if safe_url(link.url)), "")
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
        links=tuple(link for link in entry.links if link.url != page and link.url not in own),
    )


def dated(paper: Paper, shape: Callable[[Paper], str | None]) -> str | None:
    """The shape of a paper of which perhaps only the year is known, without a made-up month."""
    first = shape(paper)
    if paper.published is None:
        return first
    late = replace(paper, published=date(paper.published.year, 12, 31))
    return first if first == shape(late) else shape(replace(paper, published=None))


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
