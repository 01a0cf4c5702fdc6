"""From the fields arXiv gives, by whichever route, to a Paper."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from bot.domain.errors import SourceError
from bot.domain.identify import identify
from bot.sources.other_ids import aliases_of, dois_in
from bot.sources.project_links import project_links
from bot.sources.withdrawal import says_withdrawn
from storage.models import Paper

if TYPE_CHECKING:
    from storage.models import Author, PaperId

_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});", re.IGNORECASE)
_TEXTS = ("title", "abstract", "comment", "journal_ref", "doi")
_LONGEST_TEXT = 50_000
"""Characters; arXiv takes abstracts of 1,920."""
_MOST_AUTHORS = 20_000
_LONGEST_NAME = 5_000
"""Some records have a whole collaboration for one author."""


@dataclass(frozen=True, slots=True)
class Fields:
    """One record as arXiv gives it, white space made single. `doi` may hold several."""

    title: str
    authors: tuple[Author, ...]
    abstract: str
    categories: tuple[str, ...]
    published: date | None
    updated: date | None
    comment: str = ""
    journal_ref: str = ""
    doi: str = ""
    datestamp: date | None = None


def arxiv_paper_id(number: str) -> PaperId | None:
    """`arXiv:2402.13446` of `2402.13446v2` or `oai:arXiv.org:2402.13446`; None if that is no id."""
    number = number.removeprefix("oai:arXiv.org:")
    known = identify(f"arXiv:{number}") if number and " " not in number else None
    return known if known and known.startswith("arXiv:") else None


def paper_of(paper_id: PaperId, fields: Fields) -> Paper:
    """The paper these fields describe. Raises SourceError for what describes none."""
    _check(fields)
    dois = dois_in(fields.doi)
    abstract, comment = _read(fields.abstract), _read(fields.comment)
    journal_ref = _read(fields.journal_ref)
    return Paper(
        id=paper_id,
        title=_read(fields.title),
        authors=tuple(
            replace(author, family=_read(author.family), given=_read(author.given))
            for author in fields.authors
        ),
        abstract=abstract,
        published=fields.published,
        updated=fields.updated or fields.published,
        categories=fields.categories,
        comment=comment,
        journal_ref=journal_ref,
        doi=dois[0] if dois else "",
        aliases=aliases_of(paper_id, dois, journal_ref, comment),
        links=project_links(comment, abstract),
        datestamp=fields.datestamp,
        withdrawn=says_withdrawn(comment, abstract),
    )


def _check(fields: Fields) -> None:
    if not fields.title:
        raise SourceError("no title")
    for name in _TEXTS:
        if (length := len(getattr(fields, name))) > _LONGEST_TEXT:
            raise SourceError(f"{length} characters in the field {name}")
    if len(fields.authors) > _MOST_AUTHORS:
        raise SourceError(f"{len(fields.authors)} authors")
    names = [part for author in fields.authors for part in (author.family, author.given)]
    if (length := max(map(len, (*names, *fields.categories)), default=0)) > _LONGEST_NAME:
        raise SourceError(f"a name of {length} characters")


def _read(text: str) -> str:
    """Text that its author typed with HTML's entities (`Q&amp;A`), as it was meant."""
    if "&" not in text:
        return text
    return " ".join(_ENTITY.sub(lambda match: html.unescape(match[0]), text).split())


def day_of(text: str) -> date | None:
    """A day written YYYY-MM-DD, perhaps with a time behind it, or None."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
