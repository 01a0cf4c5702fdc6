"""The `arxiv` package and requests, which it brings, imported here alone: `Any` ends here."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import arxiv
import requests
from requests.adapters import BaseAdapter

from bot.domain.citations import author_from_name
from bot.domain.errors import SourceError
from bot.sources.atom_xml import check_feed
from bot.sources.records import Fields, arxiv_paper_id, paper_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Future

    from storage.models import Paper


class _OurLine(BaseAdapter):
    """Sends the package's requests over our own line, which keeps manners, time and size limits."""

    def __init__(self, ask: Callable[[str], Future[bytes]]) -> None:
        super().__init__()
        self._ask = ask
        self._waiting: Future[bytes] | None = None

    def send(
        self, request: requests.PreparedRequest, *_: object, **__: object
    ) -> requests.Response:
        """Answer with a feed that passed our checks. Raises SourceError."""
        self._waiting = self._ask(str(request.url))
        body = self._waiting.result()
        check_feed(body)
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
    """The package's client on our line. `ask(url)` gives the body; one thread may call `fetch`."""

    def __init__(self, base_url: str, ask: Callable[[str], Future[bytes]]) -> None:
        self._line = _OurLine(ask)
        self._client = arxiv.Client(page_size=100, delay_seconds=0, num_retries=0)
        self._client.query_url_format = _format_of(base_url)
        session = self._client._session  # noqa: SLF001 - the package offers no other way to its session
        session.mount("https://", self._line)
        session.mount("http://", self._line)

    def fetch(self, numbers: Sequence[str]) -> list[Paper]:
        """The papers with these arXiv numbers that exist. Blocks. Raises SourceError."""
        search = arxiv.Search(id_list=list(numbers), max_results=len(numbers))
        try:
            found = list(self._client.results(search))
        except (arxiv.ArxivError, requests.RequestException, ValueError) as fault:
            raise SourceError(f"arXiv's API did not give a usable answer: {fault}") from fault
        papers = [_paper(result) for result in found]
        asked = {f"arXiv:{number}" for number in numbers}
        return [paper for paper in papers if paper.id in asked]

    def give_up(self) -> None:
        """Let a `fetch` that nobody waits for any more end at once."""
        self._line.close()


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
    return paper_of(
        paper_id,
        Fields(
            title=_text(result.title),
            authors=tuple(author_from_name(_text(author.name)) for author in result.authors),
            abstract=_text(result.summary),
            categories=tuple(str(category) for category in result.categories),
            published=result.published.date(),
            updated=result.updated.date(),
            comment=_text(result.comment),
            journal_ref=_text(result.journal_ref),
            doi=_text(result.doi),
        ),
    )


def _text(value: str | None) -> str:
    return " ".join((value or "").split())
