"""Papers of OpenReview, from its API.

docs.openreview.net/reference/api-v2/entities/note: api2 has each field of a note as
`{"value": …}`; older venues are known to api.openreview.net only, with plain values. Instants are
milliseconds of the epoch. Since 2026 questions without an account are often answered 403
`ChallengeRequiredError`, a check meant for browsers: then the paper is asked for again later.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from bot.domain.citations import author_from_name
from bot.domain.errors import SourceError
from bot.domain.identify import identify
from bot.sources.published import NOT_FOUND, Page, SiteLookup
from bot.sources.records import Fields, paper_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from storage.models import Author, Paper, PaperId

NAME = "OpenReview"
BASES = ("https://api2.openreview.net", "https://api.openreview.net")
"""Asked in this order: a paper is known to one of them."""

SCHEME = "openreview:"
NAMELESS = frozenset({"anonymous", "anonymous authors"})


class OpenReviewLookup(SiteLookup):
    """Looks papers up by their OpenReview ids."""

    site, scheme = NAME, SCHEME

    async def _fetch(self, paper_id: PaperId) -> Paper | None:
        number = paper_id.removeprefix(SCHEME)
        for base in BASES:
            page = await self._pages.get(f"{base}/notes", {"id": number})
            if page.status in NOT_FOUND:
                continue
            if page.status != 200:
                raise self._refusal(page)
            if (note := _note(page.body, number)) is not None:
                return read_note(paper_id, note)
        return None

    def _refusal(self, page: Page) -> SourceError:
        """OpenReview names its errors: `{"name": "ForbiddenError", "message": …}`."""
        try:
            name = _parsed(page.body).get("name")
        except SourceError:
            name = None
        if name == "ChallengeRequiredError":
            return SourceError(f"{NAME} wants a browser's check before it answers")
        if name == "ForbiddenError":
            return SourceError(f"{NAME} does not show this paper to everybody")
        return self._pages.unusable(page)


def read_note(paper_id: PaperId, note: Mapping[str, Any]) -> Paper:
    """The paper that a note of either API describes. Raises SourceError for what is none."""
    content = note.get("content")
    if not isinstance(content, dict):
        raise SourceError(f"{NAME} sent a note without a paper")
    try:
        return paper_of(
            paper_id,
            Fields(
                title=_text(content, "title"),
                authors=tuple(_authors(content)),
                abstract=_text(content, "abstract"),
                categories=(),
                published=_date(note),
                updated=None,
                doi=_doi(content),
            ),
        )
    except SourceError as fault:
        raise SourceError(f"{NAME} sent a note with {fault}") from fault


def _note(body: bytes, number: str) -> Mapping[str, Any] | None:
    """The note asked for; None where the answer holds none."""
    notes = _parsed(body).get("notes")
    if not isinstance(notes, list):
        raise SourceError(f"{NAME} answered without notes")
    return next((one for one in notes if isinstance(one, dict) and one.get("id") == number), None)


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as fault:
        raise SourceError(f"{NAME} answered with something that is no JSON") from fault
    if not isinstance(answer, dict):
        raise SourceError(f"{NAME} answered with JSON of another shape")
    return answer


def _value(content: Mapping[str, Any], name: str) -> object:
    field = content.get(name)
    return field.get("value") if isinstance(field, dict) else field


def _text(content: Mapping[str, Any], name: str) -> str:
    value = _value(content, name)
    return " ".join(value.split()) if isinstance(value, str) else ""


def _authors(content: Mapping[str, Any]) -> Iterator[Author]:
    """Names as strings, or with their profiles as `{"fullname": …}`."""
    value = _value(content, "authors")
    for one in value if isinstance(value, list) else []:
        name = one.get("fullname") if isinstance(one, dict) else one
        if isinstance(name, str) and name.strip() and name.strip().lower() not in NAMELESS:
            yield author_from_name(name)


def _doi(content: Mapping[str, Any]) -> str:
    """Where it was published, if that is linked by DOI (as papers taken over from DBLP are)."""
    known = identify(_text(content, "doi")) or identify(_text(content, "html"))
    return known.removeprefix("doi:") if known and known.startswith("doi:") else ""


def _date(note: Mapping[str, Any]) -> date | None:
    """The day it was published, else put online, else made."""
    for name in ("pdate", "odate", "tcdate", "cdate"):
        value = note.get(name)
        if isinstance(value, int | float) and 0 < value < 1e14:
            return datetime.fromtimestamp(value / 1000, UTC).date()
    return None
