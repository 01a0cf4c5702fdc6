"""/papers: what readers ask of the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands.moments import day_text
from bot.commands.reply import Choice, Line, Menu, Reply, Span, text
from bot.commands.submissions import receipt_reply, receipts_reply
from bot.domain import citations, identify
from bot.domain.errors import NotFound
from bot.services.plain_text import plain
from bot.services.submit import AT_ONCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.commands.registry import Context
    from bot.services.reading import Reading, Shown
    from bot.services.search import Search, SearchResult, SearchResults
    from bot.services.submit import Submissions

PAGE = 5
LATEST = 10
AUTHORS = 8


class PapersCommands:
    """Search, show, latest, submit."""

    def __init__(self, *, search: Search, reading: Reading, submissions: Submissions) -> None:
        self._search = search
        self._reading = reading
        self._submissions = submissions

    async def search(self, _context: Context, query: str) -> Reply:
        """The best few papers of the list for a query."""
        return search_reply(await self._search.search(query, limit=PAGE))

    async def show(self, _context: Context, paper: str) -> Reply:
        """One paper: authors, abstract, links, where it stands."""
        shown = await self._reading.show(paper)
        return Reply(
            title=plain(shown.title),
            url=shown.url,
            lines=tuple(_shown_lines(shown)),
            shareable=True,
        )

    async def latest(self, _context: Context, section: str = "") -> Reply:
        """The entries that came last."""
        shown = await self._reading.latest(LATEST, section)
        if not shown:
            raise NotFound("The list is empty: import one with `python -m bot import FILE`.")
        where = f" in {shown[0].section}" if section else ""
        return Reply(
            title=f"Latest{where}",
            lines=tuple(_listed(one) for one in shown),
            shareable=True,
        )

    async def submit(self, context: Context, paper: str) -> Reply:
        """Suggest a paper, or a few, to the maintainers."""
        found = identify.identify_all(paper)
        if len(found) > 1:
            return await self.submit_message(context, paper)
        receipt = await self._submissions.submit(context.member, paper, context.channel_id)
        return receipt_reply(receipt)

    async def submit_message(self, context: Context, text: str) -> Reply:
        """Suggest the papers that a message names, a line for each."""
        receipts = await self._submissions.submit_all(context.member, context.channel_id, text)
        named = len(identify.identify_all(text))
        return receipts_reply(receipts, left_out=max(0, named - AT_ONCE))


def search_reply(results: SearchResults) -> Reply:
    """What was found, or what to try instead."""
    if not results.results:
        return Reply(
            lines=(
                text(f"Nothing found for “{results.query[:100]}”."),
                text("Try fewer words, or suggest a paper with /papers submit LINK."),
            )
        )
    return Reply(
        title=_count(results),
        lines=tuple(line for result in results.results for line in _result(result)),
        menu=_open_menu(results),
        shareable=True,
    )


def _count(results: SearchResults) -> str:
    papers = "1 paper" if results.total == 1 else f"{results.total} papers"
    corrected = f" (showing results for “{results.corrected}”)" if results.corrected else ""
    return f"{papers} for “{results.query[:100]}”{corrected}"


def _result(result: SearchResult) -> Iterator[Line]:
    title, url = _heading(result)
    section = result.entry.section if result.entry else ""
    authors = citations.short_authors(result.paper.authors) if result.paper else ""
    yield text("• ", Span(plain(title), url))
    yield text(" · ".join(part for part in (plain(authors), section) if part))
    if result.snippet:
        yield Line(tuple(Span(part, bold=hit) for part, hit in result.snippet), quote=True)


def _heading(result: SearchResult) -> tuple[str, str]:
    """The title to show and where it leads: the paper's page, else the entry's first link."""
    if result.paper is not None:
        return result.paper.title, identify.abs_url(result.paper.id)
    if result.entry is None:
        return "(untitled)", ""
    links = result.entry.links
    return result.entry.title, links[0].url if links else ""


def _open_menu(results: SearchResults) -> Menu | None:
    choices = tuple(
        Choice(plain(result.paper.title), result.paper.id)
        for result in results.results
        if result.paper is not None and len(result.paper.id) <= 100
    )
    return Menu("Open a paper", "show", "", choices) if choices else None


def _shown_lines(shown: Shown) -> Iterator[Line]:
    if shown.paper and shown.paper.authors:
        yield text(plain(citations.short_authors(shown.paper.authors, AUTHORS)))
    facts = [day_text(shown.paper.published)] if shown.paper and shown.paper.published else []
    facts += list(shown.paper.categories[:3]) if shown.paper else []
    if facts:
        yield text(" · ".join(facts))
    if shown.paper and shown.paper.withdrawn:
        yield text(Span("Withdrawn on arXiv", bold=True))
    yield text(_where(shown))
    if shown.paper and shown.paper.abstract:
        yield text(plain(shown.paper.abstract))
    if shown.paper and shown.paper.comment:
        yield text("Comment: " + plain(shown.paper.comment))
    if shown.links:
        yield Line(tuple(_spaced([Span(link.label, link.url) for link in shown.links])))


def _spaced(spans: list[Span]) -> Iterator[Span]:
    for number, span in enumerate(spans):
        if number:
            yield Span(" · ")
        yield span


def _where(shown: Shown) -> str:
    if not shown.section:
        return "Not on the list"
    added = f", added {day_text(shown.added_at.date())}" if shown.added_at else ""
    return f"On the list: {shown.section}{added}"


def _listed(shown: Shown) -> Line:
    added = f" · {day_text(shown.added_at.date())}" if shown.added_at else ""
    return text("• ", Span(plain(shown.title), shown.url), f" · {shown.section}{added}")
