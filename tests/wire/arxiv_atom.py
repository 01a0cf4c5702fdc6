"""arXiv's Atom API in the format of 2026, for the stand-in (info.arxiv.org/help/api/user-manual).

`id_list`, `search_query` or both; at most 2000 entries a page, nothing beyond the 30,000th.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from tests.wire.arxiv_query import QueryError, matcher

if TYPE_CHECKING:
    from collections.abc import Callable, Container

    from multidict import MultiMapping

    from tests.wire.arxiv_archive import Archive, Record

ID = re.compile(
    r"(\d{2}(?:0[1-9]|1[0-2])\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{2}(?:0[1-9]|1[0-2])\d{3})(?:v\d+)?"
)
ARGUMENTS = frozenset({"search_query", "id_list", "start", "max_results", "sortBy", "sortOrder"})
SCHEME = "http://arxiv.org/schemas/atom"
LARGEST_PAGE = 2000
REACH = 30_000
SORTS: dict[str, Callable[[Record], object]] = {
    "relevance": lambda record: record.id,
    "lastUpdatedDate": lambda record: record.revised,
    "submittedDate": lambda record: record.submitted,
}
ORDERS = ("ascending", "descending")


class Refusal(Exception):
    """The question is refused with status 400; the text is what the error entry says."""


@dataclass
class AtomSide:
    """Answers questions about an archive.

    `unindexed` ids are announced, but not searchable yet. With `shuffle`, which puts a list into
    some order of its own, records that sort alike come in another order each time, as at arXiv;
    `sorts` may be switched off, since arXiv at times ignores what it was asked.
    """

    archive: Archive
    unindexed: Container[str] = field(default_factory=set[str])
    shuffle: Callable[[list[Record]], None] | None = None
    sorts: bool = True

    def answer(self, arguments: MultiMapping[str]) -> tuple[int, bytes]:
        """Status and feed."""
        try:
            start, most = _page(arguments)
            found = self._sorted(self._found(arguments), arguments)
        except (Refusal, QueryError) as refusal:
            return 400, error_feed(str(refusal))
        return 200, feed(found[start:][:most], len(found), start, most)

    def _found(self, arguments: MultiMapping[str]) -> list[Record]:
        if unknown := set(arguments) - ARGUMENTS:
            raise Refusal(f"unknown parameter {min(unknown)}")
        ids = [one for one in arguments.get("id_list", "").split(",") if one]
        for one in ids:
            if not ID.fullmatch(one):
                raise Refusal(f"incorrect id format for {one}")
        query = arguments.get("search_query", "").strip()
        if not query:
            return [record for one in ids if (record := self._find(one))]
        matches = matcher(query)
        listed = [record for one in ids if (record := self._find(one))]
        among = listed if ids else filter(self._shows, self.archive.records.values())
        return [record for record in among if matches(record)]

    def _sorted(self, found: list[Record], arguments: MultiMapping[str]) -> list[Record]:
        criterion = arguments.get("sortBy") or "relevance"
        order = arguments.get("sortOrder") or "descending"
        if criterion not in SORTS:
            raise Refusal(f"sortBy must be in: {', '.join(SORTS)}")
        if order not in ORDERS:
            raise Refusal(f"sortOrder must be in: {', '.join(ORDERS)}")
        if self.shuffle:
            self.shuffle(found)
        if not self.sorts or (criterion == "relevance" and not arguments.get("search_query")):
            return found
        return sorted(found, key=SORTS[criterion], reverse=order == "descending")

    def _find(self, asked: str) -> Record | None:
        record = self.archive.records.get(re.sub(r"v\d+$", "", asked))
        return None if record is None or not self._shows(record) else record

    def _shows(self, record: Record) -> bool:
        return not record.deleted and record.id not in self.unindexed


def _page(arguments: MultiMapping[str]) -> tuple[int, int]:
    """Where the page starts, and how many entries it has at most."""
    numbers = []
    for name, usual in (("start", "0"), ("max_results", "10")):
        text = arguments.get(name, usual)
        if not re.fullmatch(r"-?[0-9]+", text):
            raise Refusal(f"{name} must be an integer")
        if text.startswith("-"):
            raise Refusal(f"{name} must be non-negative")
        numbers.append(int(text))
    start, most = numbers
    if start + most > REACH:
        raise Refusal(f"start + max_results must be at most {REACH}")
    return start, min(most, LARGEST_PAGE)


def feed(records: list[Record], total: int, start: int, most: int) -> bytes:
    """A feed of these entries, of which a page has `most`, that claims `total` results."""
    return _feed(
        f"<opensearch:itemsPerPage>{most}</opensearch:itemsPerPage>"
        f"<opensearch:totalResults>{total}</opensearch:totalResults>"
        f"<opensearch:startIndex>{start}</opensearch:startIndex>"
        + "".join(_entry(record) for record in records)
    )


def error_feed(reason: str) -> bytes:
    """The feed that tells what was wrong: an entry with dates, which looks like a paper."""
    where = f"https://arxiv.org/api/errors#{escape(reason.replace(' ', '_'))}"
    return _feed(
        "<opensearch:itemsPerPage>1</opensearch:itemsPerPage><opensearch:totalResults>1</opensearch:totalResults>"
        f"<opensearch:startIndex>0</opensearch:startIndex><entry><id>{where}</id><title>Error</title>"
        "<updated>2026-04-12T22:59:06Z</updated><published>2026-04-12T22:59:06Z</published>"
        f"<summary>{escape(reason)}</summary><author><name>arXiv api core</name></author></entry>"
    )


def _feed(inside: str) -> bytes:
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        '<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/"'
        ' xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">'
        "<id>https://arxiv.org/api/stand-in</id><title>arXiv Query</title>"
        "<updated>2026-04-12T22:09:26Z</updated>"
        f"{inside}</feed>"
    ).encode()


def _entry(record: Record) -> str:
    place = f"{record.id}v{record.version}"
    optional = "".join(
        f"<arxiv:{name}>{escape(text)}</arxiv:{name}>"
        for name, text in (
            ("comment", record.comments),
            ("journal_ref", record.journal_ref),
            ("doi", record.doi),
        )
        if text
    )
    return (
        f"<entry><id>http://arxiv.org/abs/{place}</id><title>{escape(record.title)}</title>"
        f"<updated>{record.revised:%Y-%m-%dT%H:%M:%SZ}</updated>"
        f'<link href="https://arxiv.org/abs/{place}" rel="alternate" type="text/html"/>'
        f'<link href="https://arxiv.org/pdf/{place}" rel="related" type="application/pdf"'
        ' title="pdf"/>'
        f"<summary>{escape(record.abstract)}</summary>"
        + "".join(
            f"<category term={quoteattr(one)} scheme={quoteattr(SCHEME)}/>"
            for one in record.categories
        )
        + f"<published>{record.submitted:%Y-%m-%dT%H:%M:%SZ}</published>{optional}"
        f"<arxiv:primary_category term={quoteattr(record.categories[0])}/>"
        + "".join(
            f"<author><name>{escape(f'{given} {family}'.strip())}</name></author>"
            for family, given in record.authors
        )
        + "</entry>"
    )
