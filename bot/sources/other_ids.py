"""Under which other ids arXiv's record says that its paper was published.

A wrong alias would make two papers one, so that the second is never shown. So a comment, which may
speak of other papers and of data, counts less than the fields made for it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.domain.identify import identify, identify_all
from storage.models import PaperId

if TYPE_CHECKING:
    from collections.abc import Iterator

_DOI = re.compile(
    r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?(10\.\d{4,9}/\S+)", re.IGNORECASE | re.ASCII
)
_BETWEEN_DOIS = re.compile(r"\s+|[,;](?=\s*(?:https?:|doi:|10\.\d{4,9}/))", re.IGNORECASE)
_OWN = "10.48550/arxiv."
_PUBLISHED = ("acl:", "openreview:")
_HINTS = ("aclanthology.org", "aclweb.org", "openreview.net", "10.18653/", "10.3115/")
_OTHER_WORK = re.compile(
    r"\b(?:exten\w+|expan\w+|previous|earlier|prior|preliminary|companion|follow-?up|predecessor"
    r"|related|supersed\w+|replac\w+|buil[dt]s?\s+(?:up)?on|based\s+on|respon\w+\s+to"
    r"|repl(?:y|ies)\s+to|replicat\w+|reproduc\w+|comments?\s+on|see\s+also|cf"
    r"|(?:introduced|proposed|described)\s+(?:in|by))\b",
    re.IGNORECASE,
)


def dois_in(field: str) -> tuple[str, ...]:
    """The publishers' DOIs in a field that may hold several; arXiv's own are left out."""
    found = (_DOI.fullmatch(part.strip(" ,;.")) for part in _BETWEEN_DOIS.split(field))
    dois = dict.fromkeys(match[1] for match in found if match)
    return tuple(doi for doi in dois if not doi.lower().startswith(_OWN))


def aliases_of(
    paper_id: PaperId, dois: tuple[str, ...], journal_ref: str, comment: str
) -> tuple[PaperId, ...]:
    """The other ids of a paper: by its DOIs, its journal reference, and links in its comment.

    A DOI of the ACL Anthology gives the id there, and its own spelling, under which lists that were
    read before know the paper.
    """
    aliases = [
        *(alias for doi in dois for alias in _of_doi(doi)),
        *(one for one in identify_all(journal_ref) if not one.startswith("arXiv:")),
        *_in_comment(comment),
    ]
    return tuple(alias for alias in dict.fromkeys(aliases) if alias != paper_id)


def _of_doi(doi: str) -> Iterator[PaperId]:
    known = identify(doi)
    if known is None or known.startswith("arXiv:"):
        return
    yield known
    if known.startswith("acl:"):
        yield PaperId(f"doi:{doi.lower()}")


def _in_comment(comment: str) -> Iterator[PaperId]:
    """The paper's own page in the Anthology and at OpenReview, where a comment links just one."""
    lowered = comment.lower()
    if not any(hint in lowered for hint in _HINTS):
        return
    linked = [
        (one, match.start())
        for match in re.finditer(r"\S+", comment)
        for one in identify_all(match[0])
    ]
    for scheme in _PUBLISHED:
        places = {one: place for one, place in linked if one.startswith(scheme)}
        if len(places) == 1:
            ((one, place),) = places.items()
            if not _OTHER_WORK.search(_sentence_before(comment, place)):
                yield one


def _sentence_before(text: str, place: int) -> str:
    before = text[max(0, place - 200) : place]
    return re.split(r"[.;!?]\s", before)[-1]
