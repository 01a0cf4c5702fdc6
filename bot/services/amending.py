"""Changing what stands: where an entry is, what it says, and why a paper was turned down."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.domain import review as rules_of_review
from bot.domain.errors import NotFound, UserError
from bot.domain.sentences import sentence
from bot.services.list_writing import ListWriter
from storage.catalogue import Catalogue
from storage.models import Before, CandidateState
from storage.papers import Papers

if TYPE_CHECKING:
    from bot.services.case import Case, Order, Outcome
    from storage.models import Entry, Link, Paper

LONGEST_TITLE = 500


async def move(case: Case, order: Order) -> Outcome:
    """Move the paper's entry to the end of another section.

    Raises:
        UserError: it is not on the list, or stands there already.
    """
    section = rules_of_review.choose_section(order.section, await case.titles())
    entry = await Catalogue(case.connection).entry_of(case.candidate.paper)
    if entry is None:
        raise UserError(
            sentence(
                "#{number} is not on the list, so there is nothing to move.",
                number=case.candidate.id,
            )
        )
    if entry.section == section:
        raise UserError(
            sentence(
                "#{number} stands under {section} already.",
                number=case.candidate.id,
                section=section,
            )
        )
    writer = ListWriter(case.connection)
    await writer.move(entry, section)
    before = Before(section=entry.section)
    number = await case.record(order, section=section, entry=entry.id, before=before)
    await writer.note(number)
    return await case.outcome()


async def edit(case: Case, order: Order) -> Outcome:
    """Give the paper, and its entry where it is listed, another title or other links.

    Raises:
        UserError: nothing would change.
    """
    paper, title = await _paper(case), " ".join(order.title.split())[:LONGEST_TITLE]
    changed = _edited(paper, title, order.links)
    entry = await Catalogue(case.connection).entry_of(paper.id)
    writer = ListWriter(case.connection)
    rewritten = entry is not None and await writer.edit(entry, title, order.links)
    if not rewritten and (changed.title, changed.links) == (paper.title, paper.links):
        raise UserError(sentence("Nothing to change: give a new title, new links, or both."))
    await Papers(case.connection).edit(changed)
    before = _before(paper, entry, title=bool(title), links=order.links is not None)
    number = await case.record(order, entry=entry.id if entry else None, before=before)
    if entry is not None:
        await writer.note(number)
    return await case.outcome()


async def explain(case: Case, order: Order) -> Outcome:
    """Say why a paper was turned down.

    Raises:
        UserError: it was not.
    """
    if case.candidate.state is not CandidateState.REJECTED:
        raise UserError(
            sentence("#{number} is not rejected, so there is no why.", number=case.candidate.id)
        )
    await case.record(order)
    return await case.outcome()


async def _paper(case: Case) -> Paper:
    paper = await Papers(case.connection).get(case.candidate.paper)
    if paper is None:
        raise NotFound(sentence("The paper {paper} is not stored.", paper=case.candidate.paper))
    return paper


def _edited(paper: Paper, title: str, links: tuple[Link, ...] | None) -> Paper:
    names = (*(("title",) if title else ()), *(("links",) if links is not None else ()))
    edited = tuple(dict.fromkeys((*paper.edited, *names)))
    kept = paper.links if links is None else links
    return replace(paper, title=title or paper.title, links=kept, edited=edited)


def _before(paper: Paper, entry: Entry | None, *, title: bool, links: bool) -> Before:
    return Before(
        section=entry.section if entry else "",
        title=paper.title if title else None,
        links=paper.links if links else None,
        edited=paper.edited,
        entry_title=entry.title if entry and title else None,
        entry_links=entry.links if entry and links else None,
    )
