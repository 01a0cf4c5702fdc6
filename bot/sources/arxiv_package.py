"""The `arxiv` package and requests, which it brings, imported here alone: `Any` ends here."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from threading import Event
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import arxiv
import requests
from requests.adapters import BaseAdapter

from bot.domain.citations import author_from_name
from bot.domain.errors import SourceError
from bot.sources.atom_xml import Feed, check_feed
from bot.sources.records import Fields, arxiv_paper_id, paper_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Future
    from datetime import datetime

    from storage.models import Paper, PaperId

_MOST_PAGES = 16
"""Pages of one question: four times what a question needs whose pages are full."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gave: when each paper came in, and the totals its pages spoke of."""

    papers: dict[PaperId, Paper]
    submitted: tuple[datetime, ...]
    totals: frozenset[int | None]


class _OurLine(BaseAdapter):
    """Sends the package's requests over our own line, which keeps manners, time and size limits."""

    def __init__(self, ask: Callable[[str], Future[bytes]]) -> None:
        super().__init__()
        self._ask = ask
        self._waiting: Future[bytes] | None = None
        self._stop = Event()
        self.pages: list[Feed] = []

    def begin(self, stop: Event) -> None:
        """Send what follows until `stop` is set."""
        self._stop = stop
        self.pages.clear()

    def send(
        self, request: requests.PreparedRequest, *_: object, **__: object
    ) -> requests.Response:
        """Answer with a feed that passed our checks. Raises SourceError."""
        if len(self.pages) == _MOST_PAGES:
            raise SourceError(f"arXiv's API sent {_MOST_PAGES} pages to one question, and no end")
        if self._stop.is_set():
            raise SourceError("nobody waits for the next page any more")
        self._waiting = self._ask(str(request.url))
        if self._stop.is_set():  # set meanwhile by the loop's thread, which saw the one before
            self._waiting.cancel()
        body = self._waiting.result()
        self.pages.append(check_feed(body))
        response = requests.Response()
        response.status_code = requests.codes.ok
        response.url = str(request.url)
        response.request = request
        response.raw = BytesIO(body)
        return response

    def close(self) -> None:
        """Stop waiting for an answer."""
        if self._waiting is not None:
            self._waiting.cancel()


class Package:
    """The package's client on our line. `ask(url)` gives the body; one thread may call it."""

    def __init__(self, base_url: str, page_size: int, ask: Callable[[str], Future[bytes]]) -> None:
        self._line = _OurLine(ask)
        self._client = arxiv.Client(page_size=page_size, delay_seconds=0, num_retries=0)
        self._client.query_url_format = _format_of(base_url)
        session = self._client._session  # noqa: SLF001 - the package offers no other way to its session
        session.mount("https://", self._line)
        session.mount("http://", self._line)

    def fetch(self, numbers: Sequence[str]) -> list[Paper]:
        """The papers with these arXiv numbers that exist. Blocks. Raises SourceError."""
        search = arxiv.Search(id_list=list(numbers), max_results=len(numbers))
        with self._answers(search) as results:
            found = list(results)
            self._check_all_read(len(found), len(numbers))
            papers = [_paper(result) for result in found]
        asked = {f"arXiv:{number}" for number in numbers}
        return [paper for paper in papers if paper.id in asked]

    def search(self, query: str, limit: int) -> Found:
        """All papers a query finds, oldest first, or some of them where they are `limit` or more.

        Blocks. Raises SourceError.
        """
        search = arxiv.Search(
            query=query,
            max_results=None,
            sort_by=arxiv.SortCriterion.SubmittedDate,
            sort_order=arxiv.SortOrder.Ascending,
        )
        papers: dict[PaperId, Paper] = {}
        submitted: list[datetime] = []
        with self._answers(search) as results:
            for result in results:
                paper = _paper(result)
                papers[paper.id] = paper
                submitted.append(result.published)
                if (self._line.pages[0].total or 0) >= limit:
                    break
            else:
                self._check_all_read(len(submitted))
        totals = frozenset(page.total for page in self._line.pages)
        return Found(papers, tuple(submitted), totals)

    def begin(self, stop: Event) -> None:
        """Begin a question; once `stop` is set and `give_up` called, nothing more is asked."""
        self._line.begin(stop)

    def give_up(self) -> None:
        """Let a question that nobody waits for any more end at once."""
        self._line.close()

    @contextmanager
    def _answers(self, search: arxiv.Search) -> Iterator[Iterator[arxiv.Result]]:
        try:
            yield self._client.results(search)
        except (arxiv.ArxivError, requests.RequestException, ValueError, OverflowError) as fault:
            raise SourceError(
                f"arXiv's API did not give a usable answer: {str(fault)[:160]}"
            ) from fault

    def _check_all_read(self, read: int, most: int | None = None) -> None:
        sent = sum(page.entries for page in self._line.pages)
        if read < (sent if most is None else min(sent, most)):
            raise SourceError(f"arXiv's API sent {sent} entries, of which {read} can be read")


def _format_of(base_url: str) -> str:
    literal = base_url.replace("{", "{{").replace("}", "}}")
    return literal + ("&{}" if urlsplit(base_url).query else "?{}")


def _paper(result: arxiv.Result) -> Paper:
    number = str(result.entry_id).rpartition("/abs/")[2]
    paper_id = arxiv_paper_id(number)
    if paper_id is None:
        raise SourceError(
            f"arXiv's API sent an entry that is no paper: {str(result.entry_id)[:80]}"
        )
    fields = Fields(
        title=_text(result.title),
        authors=tuple(author_from_name(_text(author.name)) for author in result.authors),
        abstract=_text(result.summary),
        categories=tuple(str(category) for category in result.categories),
        published=result.published.date(),
        updated=result.updated.date(),
        comment=_text(result.comment),
        journal_ref=_text(result.journal_ref),
        doi=_text(result.doi),
    )
    try:
        return paper_of(paper_id, fields)
    except SourceError as fault:
        raise SourceError(f"arXiv's API sent the entry {paper_id} with {fault}") from fault


def _text(value: str | None) -> str:
    return " ".join((value or "").split())
