"""Papers of the ACL Anthology, from the MODS record that stands beside each (`ID.xml`).

aclanthology.org/faq/api and aclanthology.org/info/ids; MODS 3: loc.gov/standards/mods. The name of
the volume and its editors stand in `relatedItem`, which is not looked into; dates are `YYYY-MM`,
`YYYY`, in older records `YYYY-jul`.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from bot.domain.errors import SourceError
from bot.sources.published import NOT_FOUND, SiteLookup
from bot.sources.records import Fields, paper_of
from bot.sources.safe_xml import child, root_of, text_of
from storage.models import Author

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from storage.models import Paper, PaperId

NAME = "the ACL Anthology"
BASE = "https://aclanthology.org"
SCHEME = "acl:"
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_DATE = re.compile(r"([12]\d{3})(?:-(\d{1,2}|[A-Za-z]{3})(?:-(\d{1,2}))?)?")


class AnthologyLookup(SiteLookup):
    """Looks papers up by their Anthology ids."""

    site, scheme = NAME, SCHEME

    async def _fetch(self, paper_id: PaperId) -> Paper | None:
        page = await self._pages.get(f"{BASE}/{paper_id.removeprefix(SCHEME)}.xml")
        if page.status in NOT_FOUND:
            return None
        if page.status != 200:
            raise self._pages.unusable(page)
        return read_mods(paper_id, page.body)


def read_mods(paper_id: PaperId, body: bytes) -> Paper:
    """The paper that a MODS record describes. Raises SourceError for what is none."""
    record = child(root_of(body, "modsCollection", sender=NAME), "mods")
    if record is None:
        raise SourceError(f"{NAME} sent a record without a paper")
    dois = (text_of(one) for one in _all(record, "identifier") if one.get("type") == "doi")
    try:
        return paper_of(
            paper_id,
            Fields(
                title=_title(record),
                authors=tuple(_authors(record)),
                abstract=text_of(child(record, "abstract")),
                categories=(),
                published=_date(record),
                updated=None,
                doi=next(dois, ""),
            ),
        )
    except SourceError as fault:
        raise SourceError(f"{NAME} sent a record with {fault}") from fault


def _all(parent: etree._Element, name: str) -> Iterator[etree._Element]:
    return parent.iterchildren(f"{{*}}{name}")


def _title(record: etree._Element) -> str:
    info = child(record, "titleInfo")
    if info is None:
        return ""
    title, subtitle = text_of(child(info, "title")), text_of(child(info, "subTitle"))
    if not subtitle:
        return title
    return f"{title} {subtitle}" if title.endswith(("?", "!", ":")) else f"{title}: {subtitle}"


def _authors(record: etree._Element) -> Iterator[Author]:
    for name in _all(record, "name"):
        role = child(name, "role")
        if role is not None and text_of(role).lower() not in {"author", "aut", ""}:
            continue
        parts: dict[str, list[str]] = {}
        for part in _all(name, "namePart"):
            parts.setdefault(part.get("type", ""), []).append(text_of(part))
        family = " ".join(parts.get("family", parts.get("", [])))
        if family:
            yield Author(family, " ".join(parts.get("given", [])))


def _date(record: etree._Element) -> date | None:
    """The first day of the month or year in which it was published."""
    origin, part = child(record, "originInfo"), child(record, "part")
    issued = child(origin, "dateIssued") if origin is not None else None
    written = text_of(issued) or text_of(child(part, "date") if part is not None else None)
    match = _DATE.match(written)
    if match is None:
        return None
    try:
        return date(int(match[1]), _month(match[2] or ""), int(match[3] or 1))
    except ValueError:
        return None


def _month(written: str) -> int:
    if written.isdecimal():
        return int(written)
    return MONTHS.index(written.lower()) + 1 if written.lower() in MONTHS else 1
