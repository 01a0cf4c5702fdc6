"""arXiv's Atom API in the format of 2026, for the stand-in: `id_list` only."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from multidict import MultiMapping

    from tests.wire.arxiv_archive import Archive, Record

ID = re.compile(
    r"(\d{2}(?:0[1-9]|1[0-2])\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{2}(?:0[1-9]|1[0-2])\d{3})(?:v\d+)?"
)
ARGUMENTS = frozenset({"search_query", "id_list", "start", "max_results", "sortBy", "sortOrder"})


@dataclass
class AtomSide:
    """Answers questions about an archive. `unindexed` ids are announced, but not searchable yet."""

    archive: Archive
    unindexed: set[str] = field(default_factory=set)

    def answer(self, arguments: MultiMapping[str]) -> tuple[int, bytes]:
        """Status and feed."""
        if unknown := set(arguments) - ARGUMENTS:
            return 400, error_feed(f"unknown parameter {min(unknown)}")
        if arguments.get("search_query"):
            return 400, error_feed("the stand-in answers id_list only")
        ids = [one for one in arguments.get("id_list", "").split(",") if one]
        for one in ids:
            if not ID.fullmatch(one):
                return 400, error_feed(f"incorrect id format for {one}")
        start, most = arguments.get("start", "0"), arguments.get("max_results", "10")
        if not (start.isdigit() and most.isdigit()):
            return 400, error_feed("start and max_results must be non-negative integers")
        found = [record for one in ids if (record := self._find(one))]
        return 200, feed(found[int(start) :][: int(most)], len(found), int(start))

    def _find(self, asked: str) -> Record | None:
        bare = re.sub(r"v\d+$", "", asked)
        record = self.archive.records.get(bare)
        return None if record is None or record.deleted or bare in self.unindexed else record


def feed(records: list[Record], total: int, start: int) -> bytes:
    """A feed of these entries that claims `total` results."""
    return _feed(
        f"<opensearch:itemsPerPage>{len(records)}</opensearch:itemsPerPage>"
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
        f"<summary>{escape(record.abstract)}</summary>"
        + "".join(f"<category term={quoteattr(one)}/>" for one in record.categories)
        + f"<published>{record.submitted:%Y-%m-%dT%H:%M:%SZ}</published>{optional}"
        f"<arxiv:primary_category term={quoteattr(record.categories[0])}/>"
        + "".join(
            f"<author><name>{escape(f'{given} {family}'.strip())}</name></author>"
            for family, given in record.authors
        )
        + "</entry>"
    )
