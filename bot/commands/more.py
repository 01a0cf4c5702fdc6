"""What does not fit on a card: the whole title, the abstract, the comment, all links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands.columns import shorten
from bot.commands.moments import day_text
from bot.commands.open_card import people
from bot.commands.reply import Line, Reply, Span, text
from bot.domain import citations
from bot.domain.sentences import joined, sentence
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
        yield text(sentence("Authors: {authors}", authors=shorten(authors, LONGEST)))
    facts: list[str] = [day_text(paper.published)] if paper.published else []
    facts += paper.categories
    if facts:
        yield text(joined(" · ", facts))
    for said in _as_given(paper):
        yield text(said)


def _as_given(paper: Paper) -> Iterator[str]:
    if comment := _short(paper.comment):
        yield sentence("Comment: {comment}", comment=comment)
    if journal := _short(paper.journal_ref):
        yield sentence("Journal: {journal}", journal=journal)
    if doi := _short(paper.doi):
        yield sentence("DOI: {doi}", doi=doi)


def _short(words: str) -> str:
    return shorten(plain(words), LONGEST)


def _of_card(card: Card) -> Iterator[Line]:
    if card.like:
        yield text(sentence("Like: {titles}", titles=" · ".join(map(plain, card.like))))
    if card.why:
        yield text(sentence("Why: {words}", words=", ".join(card.why)))
    if card.asked_by:
        yield text(sentence("Suggested by {people}", people=people(card.asked_by)))
