"""What a search answers: a page of results, what is not on the list, or what to try instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands.columns import ROW, columns, shorten
from bot.commands.entry_lines import authors_of, open_menu, title_of
from bot.commands.moments import day_text, short_day
from bot.commands.paging import Pager
from bot.commands.reply import Button, Line, Reply, Span, text
from bot.domain.sentences import counted, joined, sentence
from bot.services.shown import Shown
from storage.models import Sort

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from bot.services.search_request import SearchRequest
    from bot.services.search_results import SearchResult, SearchResults

QUERY = 60
SECTION = 36
"""Columns; a phone has about 40."""

PASSAGE = 3 * ROW
"""Columns of a passage, so that a page is not much longer than a screen."""

ORDERS = {
    Sort.NEWEST: sentence("newest first"),
    Sort.ADDED: sentence("last added first"),
}


def search_reply(
    results: SearchResults, pager: Pager | None = None, *, today: date | None = None
) -> Reply:
    """One page of what was found, or what to try instead; a day of `today`'s year lacks it."""
    pager = pager or Pager("", "", 1, results.total, max(1, len(results.results)), paged=False)
    if not (results.results or results.beyond):
        return _nothing(results)
    filters = _filters(results.request)
    return results_reply(
        results,
        pager,
        title=_title(results),
        before=(*_corrected(results), *((text(filters),) if filters else ())),
        today=today,
    )


def results_reply(
    results: SearchResults,
    pager: Pager,
    *,
    title: str,
    before: tuple[Line, ...] = (),
    today: date | None = None,
) -> Reply:
    """Numbered results, then the few that are not on the list, each with a button to submit it.

    Those are numbered behind all that is on the list, which may have further pages.
    """
    first, first_beyond = pager.offset + 1, results.total + 1
    numbered = (*enumerate(results.results, first), *enumerate(results.beyond, first_beyond))
    found = [(number, Shown(one.paper, one.entry)) for number, one in numbered]
    lines = [
        line
        for number, result in enumerate(results.results, first)
        for line in _result(number, result, results.request.section)
    ]
    if results.beyond:
        lines.append(text(Span(_beyond(results.harvested_since, today), bold=True)))
    for number, result in enumerate(results.beyond, first_beyond):
        lines += _result(number, result, "")
    return Reply(
        title=title,
        lines=(*before, *lines),
        footer=pager.footer,
        buttons=(*pager.buttons(), *_submits(results.beyond, first_beyond)),
        menu=open_menu(found),
        shareable=True,
    )


def _title(results: SearchResults) -> str:
    typed = shorten(results.query, QUERY)
    if results.corrected:
        return sentence("Showing results for “{query}”", query=shorten(results.corrected, QUERY))
    if not results.results:
        return sentence("Nothing on the list for “{query}”", query=typed)
    return counted(
        results.total, "{n} paper for “{query}”", "{n} papers for “{query}”", query=typed
    )


def _corrected(results: SearchResults) -> Iterator[Line]:
    if results.corrected:
        typed = shorten(results.query, QUERY)
        yield text(
            counted(
                results.total,
                "{n} paper; you typed “{query}”.",
                "{n} papers; you typed “{query}”.",
                query=typed,
            )
        )


def _filters(request: SearchRequest) -> str:
    """`Survey Papers · since 1 May 2024 · newest first`: what narrows and orders the results."""
    parts: list[str] = [shorten(request.section, SECTION)] if request.section else []
    if request.since:
        parts.append(sentence("since {day}", day=day_text(request.since)))
    if request.until:
        parts.append(sentence("until {day}", day=day_text(request.until)))
    if request.sort in ORDERS:
        parts.append(ORDERS[request.sort])
    if request.scope == "everything":
        parts.append(sentence("on the list or not"))
    return joined(" · ", parts)


def _result(number: int, result: SearchResult, section: str) -> Iterator[Line]:
    shown = Shown(result.paper, result.entry)
    yield text(f"{number}. ", Span(title_of(shown), shown.url))
    if facts := joined(" · ", _facts(shown, section)):
        yield text(facts)
    if result.snippet:
        yield Line(tuple(_passage(result.snippet)), quote=True)


def _passage(snippet: Sequence[tuple[str, bool]]) -> Iterator[Span]:
    """The beginning of it, which holds the first words that were looked for, in bold."""
    room = PASSAGE
    for part, hit in snippet:
        shown = shorten(part, room)
        yield Span(shown, bold=hit)
        room -= columns(part)
        if shown != part or room <= 0:
            return


def _facts(shown: Shown, section: str) -> Iterator[str]:
    """Authors, year, and the section where the search does not name it."""
    if authors := authors_of(shown):
        yield authors
    if year := shown.year:
        yield str(year)
    if shown.paper is not None and shown.paper.withdrawn:
        yield sentence("withdrawn")
    if shown.section != section:
        yield shorten(shown.section, SECTION)


def _beyond(since: date | None, today: date | None) -> str:
    if since is None:
        return sentence("Not on the list")
    day = short_day(since) if today and today.year == since.year else day_text(since)
    return sentence("Not on the list (harvested since {day})", day=day)


def _submits(beyond: Sequence[SearchResult], first: int) -> Iterator[Button]:
    for number, result in enumerate(beyond, first):
        if result.paper is not None:
            yield Button(sentence("Submit {n}", n=number), "submit", result.paper.id)


def _nothing(results: SearchResults) -> Reply:
    """What to try instead of what found nothing."""
    request = results.request
    tips: list[str] = [sentence("Try fewer words, or the beginning of one: synth*")]
    if request.section or request.since or request.until:
        tips.append(sentence("Leave out the section or the days"))
    if request.scope == "list":
        tips.append(sentence("Look beyond the list: /papers search with scope everything"))
    tips.append(sentence("Suggest a paper: /papers submit LINK"))
    title = sentence("Nothing found for “{query}”.", query=shorten(results.query, QUERY))
    filters = _filters(request)
    return Reply(
        lines=(
            text(title),
            *((text(filters),) if filters else ()),
            *(text("• ", tip) for tip in tips),
        )
    )
