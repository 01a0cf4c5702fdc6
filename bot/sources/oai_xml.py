"""Parses OAI-PMH answers (openarchives.org/OAI/openarchivesprotocol.html) in the format `arXiv`.

Its records have authors as keyname and forenames; `created` is the current version's date, and
there is no version number. Namespaces vary in recorded answers: only local names are looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NoReturn

from bot.domain.errors import SourceError, TokenExpired
from bot.sources.records import Fields, arxiv_paper_id, day_of, paper_of
from bot.sources.safe_xml import child, local_name, root_of, text_of
from storage.models import Author

if TYPE_CHECKING:
    from lxml import etree

    from storage.models import Paper, PaperId


@dataclass(frozen=True, slots=True)
class OaiPage:
    """One answer. `token` is None on the last page; `complete_size` is the length arXiv claims.

    `noRecordsMatch` is an empty last page of a list whose complete size is 0.
    """

    papers: tuple[Paper, ...]
    deleted: tuple[PaperId, ...]
    response_date: datetime
    token: str | None
    complete_size: int | None

    @property
    def records(self) -> int:
        """How many records the page held."""
        return len(self.papers) + len(self.deleted)


def parse(body: bytes) -> OaiPage:
    """The page of a ListRecords or GetRecord answer; no record is ever skipped.

    Raises TokenExpired and SourceError.
    """
    root = root_of(body, "OAI-PMH")
    response_date = _response_date(root)
    error = child(root, "error")
    if error is not None:
        _raise_unless_no_records(error)
        return OaiPage((), (), response_date, None, 0)
    records = child(root, "ListRecords")
    if records is None:
        records = child(root, "GetRecord")
    if records is None:
        raise SourceError("arXiv sent an OAI answer that holds no list of records")
    return _page(records, response_date)


def check_identify(body: bytes) -> None:
    """Raise SourceError unless this answers `Identify`."""
    if child(root_of(body, "OAI-PMH"), "Identify") is None:
        raise SourceError("arXiv sent an OAI answer that does not identify it")


def _raise_unless_no_records(error: etree._Element) -> None:
    code = error.get("code", "")
    if code == "noRecordsMatch":
        return
    _raise(code, text_of(error))


def _raise(code: str, text: str) -> NoReturn:
    sentence = f"arXiv answered with the OAI error {code[:40] or 'without a code'}: {text[:160]}"
    raise TokenExpired(sentence) if code == "badResumptionToken" else SourceError(sentence)


def _page(records: etree._Element, response_date: datetime) -> OaiPage:
    papers: list[Paper] = []
    deleted: list[PaperId] = []
    for record in records.iterchildren("{*}record"):
        header = child(record, "header")
        if header is None:
            raise SourceError("arXiv sent a record without a header")
        if header.get("status") == "deleted":
            deleted.append(_identifier(header))
        else:
            papers.append(_paper(record, header))
    token = child(records, "resumptionToken")
    size = "" if token is None else token.get("completeListSize", "")
    return OaiPage(
        papers=tuple(papers),
        deleted=tuple(deleted),
        response_date=response_date,
        token=text_of(token) or None,
        complete_size=int(size) if size.isascii() and size.isdigit() and len(size) < 10 else None,
    )


def _paper(record: etree._Element, header: etree._Element) -> Paper:
    paper_id = _identifier(header)
    metadata = child(record, "metadata")
    described = None if metadata is None else next(iter(metadata), None)
    if described is None or local_name(described) != "arXiv":
        form = (
            "no metadata"
            if described is None
            else f"metadata in the format {local_name(described)[:40]}"
        )
        raise SourceError(f"arXiv sent the record {paper_id} with {form}")
    # The first of each name: what a later format adds stands behind.
    fields = {local_name(field): field for field in reversed(described)}

    def text(name: str) -> str:
        """What a field says, nothing where it is missing."""
        return text_of(fields.get(name))

    return paper_of(
        paper_id,
        Fields(
            title=text("title"),
            authors=_authors(fields.get("authors")),
            abstract=text("abstract"),
            categories=tuple(text("categories").replace(",", " ").split()),
            published=day_of(text("created")),
            updated=day_of(text("updated")),
            comment=text("comments"),
            journal_ref=text("journal-ref"),
            doi=text("doi"),
            datestamp=day_of(text_of(child(header, "datestamp"))),
        ),
    )


def _identifier(header: etree._Element) -> PaperId:
    identifier = text_of(child(header, "identifier"))
    paper_id = arxiv_paper_id(identifier)
    if paper_id is None:
        raise SourceError(f"arXiv sent a record whose id is none of its own: {identifier[:60]!r}")
    return paper_id


def _authors(element: etree._Element | None) -> tuple[Author, ...]:
    if element is None:
        return ()
    authors = (_author(author) for author in element.iterchildren("{*}author"))
    return tuple(author for author in authors if author.family)


def _author(element: etree._Element) -> Author:
    given = text_of(child(element, "forenames"))
    family = " ".join(
        part
        for part in (text_of(child(element, "keyname")), text_of(child(element, "suffix")))
        if part
    )
    return Author(family, given) if family else Author(given)


def _response_date(root: etree._Element) -> datetime:
    text = text_of(child(root, "responseDate"))
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as fault:
        raise SourceError(
            f"arXiv sent an OAI answer without a usable date: {text[:40]!r}"
        ) from fault
