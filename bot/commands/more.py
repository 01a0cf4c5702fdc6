"""What does not fit on a card: the whole title, the abstract, the comment, all links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands.columns import shorten
from bot.commands.moments import day_text
from bot.commands.open_card import people
from bot.commands.reply import Line, Reply, Span, text
from bot.domain import citations
from bot.services.plain_text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.domain.cards import Card
    from bot.services.reading import Shown
    from storage.models import Paper

AUTHORS = 20
LINKS = 10
LONGEST = 400
"""Columns of a comment, or of the authors."""


def more_reply(shown: Shown, card: Card) -> Reply:
    """All that is known of a card's paper; the abstract stands first."""
    lines = list(_of_paper(shown.paper)) if shown.paper else []
    lines += [text(Span(link.label, link.url)) for link in shown.links[:LINKS]]
    return Reply(
        title=plain(shown.title) or card.url,
        url=shown.url,
        lines=(*lines, *_of_card(card)),
    )


def _of_paper(paper: Paper) -> Iterator[Line]:
    if paper.abstract:
        yield text(plain(paper.abstract))
    if paper.authors:
        authors = plain(citations.short_authors(paper.authors, AUTHORS))
        yield text("Authors: " + shorten(authors, LONGEST))
    facts = [day_text(paper.published)] if paper.published else []
    facts += paper.categories
    if facts:
        yield text(" · ".join(facts))
    said = (("Comment", paper.comment), ("Journal", paper.journal_ref), ("DOI", paper.doi))
    for name, words in said:
        if words:
            yield text(f"{name}: {shorten(plain(words), LONGEST)}")


def _of_card(card: Card) -> Iterator[Line]:
    if card.like:
        yield text("Like: " + " · ".join(plain(title) for title in card.like))
    if card.why:
        yield text("Why: " + ", ".join(card.why))
    if card.asked_by:
        yield text(f"Suggested by {people(card.asked_by)}")
