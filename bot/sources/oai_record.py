"""One record of an OAI-PMH answer in the format `arXiv`.

Its authors are keyname and forenames; `created` is the current version's date, and there is no
version number. Namespaces vary in recorded answers: only local names are looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.errors import SourceError
from bot.sources.records import Fields, arxiv_paper_id, day_of, paper_of
from bot.sources.safe_xml import child, local_name, text_of
from storage.models import Author, PaperId

if TYPE_CHECKING:
    from lxml import etree

    from storage.models import Paper

_QUOTED = 60


def read(record: etree._Element) -> Paper | PaperId:
    """The paper a record describes, or the id of a deleted one.

    Raises SourceError, which names the record and what is wrong with it.
    """
    header = child(record, "header")
    if header is None:
        raise SourceError("a record without a header")
    paper_id = _identifier(header)
    if header.get("status") == "deleted":
        return paper_id
    try:
        return _paper(paper_id, header, _described(record))
    except SourceError as fault:
        raise SourceError(f"the record {paper_id} with {fault}") from fault


def _identifier(header: etree._Element) -> PaperId:
    identifier = text_of(child(header, "identifier"))
    paper_id = arxiv_paper_id(identifier)
    if paper_id is None:
        raise SourceError(f"a record whose id is none of its own: {identifier[:_QUOTED]!r}")
    return paper_id


def _described(record: etree._Element) -> etree._Element:
    metadata = child(record, "metadata")
    described = None if metadata is None else next(iter(metadata), None)
    if described is None:
        raise SourceError("no metadata")
    if local_name(described) != "arXiv":
        raise SourceError(f"metadata in the format {local_name(described)[:_QUOTED]!r}")
    return described


def _paper(paper_id: PaperId, header: etree._Element, described: etree._Element) -> Paper:
    # The first of each name: what a later format adds stands behind.
    fields = {local_name(field): field for field in reversed(described)}

    def text(name: str) -> str:
        """What a field says, nothing where it is missing."""
        return text_of(fields.get(name))

    if text("id") and arxiv_paper_id(text("id")) != paper_id:
        raise SourceError(f"metadata of another one: {text('id')[:_QUOTED]!r}")
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
