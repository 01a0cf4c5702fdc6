"""Parses OAI-PMH answers (openarchives.org/OAI/openarchivesprotocol.html) in the format `arXiv`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, NoReturn

from bot.domain.errors import SourceError, TokenExpired
from bot.sources import oai_record
from bot.sources.safe_xml import child, root_of, text_of
from storage.models import Paper, PaperId

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml import etree

_MOST_RECORDS = 10_000
"""Five times as many as arXiv puts on a page."""
_NAMED = 20
"""Faults a page names; the others are only counted."""


def _go_on() -> None:
    """Nobody goes first."""


@dataclass(frozen=True, slots=True)
class OaiPage:
    """One answer. `token` is None on the last page; `complete_size` is the length arXiv claims.

    `noRecordsMatch` is an empty last page of a list whose complete size is 0. `faults` names the
    records that could not be read, `unread` says how many those were.
    """

    papers: tuple[Paper, ...]
    deleted: tuple[PaperId, ...]
    response_date: datetime
    token: str | None
    complete_size: int | None
    faults: tuple[str, ...] = ()
    unread: int = 0

    @property
    def records(self) -> int:
        """How many records the page held."""
        return len(self.papers) + len(self.deleted) + self.unread


def parse(body: bytes, pause: Callable[[], None] = _go_on) -> OaiPage:
    """The page of a ListRecords or GetRecord answer; a record that cannot be read is named in it.

    `pause` is called before each record.

    Raises TokenExpired, and SourceError when the page as a whole cannot be trusted.
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
    return _page(records, response_date, pause)


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


def _page(records: etree._Element, response_date: datetime, pause: Callable[[], None]) -> OaiPage:
    papers: list[Paper] = []
    deleted: list[PaperId] = []
    faults: list[str] = []
    for record in islice(records.iterchildren("{*}record"), _MOST_RECORDS + 1):
        pause()
        try:
            found = oai_record.read(record)
        except SourceError as fault:
            faults.append(f"arXiv sent {fault}")
            continue
        if isinstance(found, Paper):
            papers.append(found)
        else:
            deleted.append(found)
    if len(papers) + len(deleted) + len(faults) > _MOST_RECORDS:
        raise SourceError(f"arXiv sent a page of more than {_MOST_RECORDS} records")
    token = child(records, "resumptionToken")
    size = "" if token is None else token.get("completeListSize", "")
    return OaiPage(
        papers=tuple(papers),
        deleted=tuple(deleted),
        response_date=response_date,
        token=text_of(token) or None,
        complete_size=int(size) if size.isascii() and size.isdigit() and len(size) < 10 else None,
        faults=_named(faults),
        unread=len(faults),
    )


def _named(faults: list[str]) -> tuple[str, ...]:
    more = len(faults) - _NAMED
    if more <= 0:
        return tuple(faults)
    return (*faults[:_NAMED], f"arXiv sent {more} more records that cannot be read")


def _response_date(root: etree._Element) -> datetime:
    text = text_of(child(root, "responseDate"))
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as fault:
        raise SourceError(
            f"arXiv sent an OAI answer without a usable date: {text[:40]!r}"
        ) from fault
