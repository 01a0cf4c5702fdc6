"""What is said of one paper: authors, venue, where it stands, abstract, links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands.columns import shorten
from bot.commands.moments import day_text
from bot.commands.open_card import heading
from bot.commands.reply import Button, Line, Reply, Span, text
from bot.domain import citations, withdrawal
from bot.domain.resources import resources
from bot.domain.sentences import joined, sentence
from bot.domain.venue import venue
from bot.services.plain_text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.services.shown import Shown
    from storage.models import Link, Paper

AUTHORS = 8
CATEGORIES = 3
LINKS = 6
LABEL = 24
TITLE = 200
REASON = 120

_PROJECTS = (
    {"project", "project page", "homepage", "website", "web", "page"},
    {"code", "github", "repo", "repository"},
)
"""Labels of what a project can be seen at, the best first."""


def show_reply(shown: Shown) -> Reply:
    """One paper, with what can be done with it."""
    links = _links(shown)
    return Reply(
        title=shorten(plain(shown.title), TITLE) or sentence("(untitled)"),
        url=shown.url,
        lines=tuple(_lines(shown, links)),
        buttons=tuple(_buttons(shown, links)),
        shareable=True,
    )


def _lines(shown: Shown, links: Sequence[Link]) -> Iterator[Line]:
    paper = shown.paper
    if authors := plain(citations.short_authors(shown.authors, AUTHORS)):
        yield text(authors)
    if facts := joined(" · ", _facts(shown)):
        yield text(facts)
    if paper is not None:
        yield from _about(paper)
    yield text(_where(shown))
    if paper is not None and paper.abstract.strip():
        yield text(plain(paper.abstract))
    if links:
        yield Line(tuple(_spaced(links)))


def _facts(shown: Shown) -> Iterator[str]:
    """The day it was published, or the year, and its categories."""
    if shown.paper is not None and shown.paper.published is not None:
        yield day_text(shown.paper.published)
    elif shown.year:
        yield str(shown.year)
    if shown.paper is not None and shown.paper.categories:
        yield ", ".join(shown.paper.categories[:CATEGORIES])


def _about(paper: Paper) -> Iterator[Line]:
    """Its venue; whether it is withdrawn."""
    if where := venue(paper):
        yield text(Span(where, bold=True))
    if paper.withdrawn:
        yield text(Span(sentence("Withdrawn on arXiv"), bold=True))
        if why := plain(withdrawal.reason(paper)):
            yield text(shorten(why, REASON), quote=True)


def _where(shown: Shown) -> str:
    if shown.entry is None:
        return sentence("Not on the list")
    section = heading(shown.section)
    if shown.added_at is None:
        return sentence("On the list: {section}", section=section)
    day = day_text(shown.added_at.date())
    return sentence("On the list: {section}, added {day}", section=section, day=day)


def _links(shown: Shown) -> tuple[Link, ...]:
    """The links as the list labels them, then what else the authors have put out."""
    found: dict[str, Link] = {}
    for link in (*shown.links, *(resources(shown.paper) if shown.paper else ())):
        found.setdefault(link.url.casefold().rstrip("/"), link)
    return tuple(found.values())[:LINKS]


def _spaced(links: Sequence[Link]) -> Iterator[Span]:
    for number, link in enumerate(links):
        if number:
            yield Span(" · ")
        yield Span(shorten(plain(link.label), LABEL) or sentence("Link"), link.url)


def _buttons(shown: Shown, links: Sequence[Link]) -> Iterator[Button]:
    yield Button(sentence("Cite"), "cite", shown.key)
    yield Button(sentence("Similar"), "similar", shown.key)
    yield Button(sentence("Save"), "save", shown.key)
    if project := _project(links):
        yield Button(sentence("Project"), url=project)
    if shown.entry is None and shown.paper is not None and not shown.paper.withdrawn:
        yield Button(sentence("Submit"), "submit", shown.key)


def _project(links: Sequence[Link]) -> str:
    """Where the project's page is, else its code; nothing where neither is known."""
    for labels in _PROJECTS:
        for link in links:
            if link.label.strip().casefold() in labels:
                return link.url
    return ""
