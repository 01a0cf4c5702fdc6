"""The OAI-PMH side of the stand-in: answers as of oaipmh.arxiv.org, in the format `arXiv` only.

As there (github.com/arXiv/oaipmh): tokens carry the question and an offset, percent-encoded once
more, and are good until midnight UTC; the last page has no token; there is no completeListSize.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, unquote, urlencode
from xml.sax.saxutils import escape, quoteattr

from tests.wire.arxiv_archive import Archive, Record, is_set

if TYPE_CHECKING:
    from collections.abc import Callable

    from multidict import MultiMapping

LIST_ARGUMENTS = frozenset({"verb", "metadataPrefix", "set", "from", "until"})


class OaiError(Exception):
    """An error of the protocol."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass
class OaiSide:
    """Answers questions about an archive, `page_size` records a page, by the clock `now`.

    `arrange` is the order in which the records of a page come, since arXiv promises none, and may
    repeat some.
    """

    archive: Archive
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    page_size: int = 2000
    arrange: Callable[[list[Record]], list[Record]] = list
    issued: dict[str, date] = field(default_factory=dict)

    def answer(self, arguments: MultiMapping[str]) -> bytes:
        """The XML of the answer, an error of the protocol included."""
        try:
            inside = self._answer(arguments)
        except OaiError as error:
            inside = f"<error code={quoteattr(error.code)}>{escape(str(error))}</error>"
        return _envelope(inside, self.now())

    def _answer(self, arguments: MultiMapping[str]) -> str:
        if any(len(arguments.getall(name)) > 1 for name in arguments):
            raise OaiError("badArgument", "Duplicate parameters not allowed")
        asked = dict(arguments.items())
        match asked.get("verb"):
            case "Identify":
                return IDENTIFY
            case "ListRecords":
                return self._list(asked)
            case _:
                raise OaiError("badVerb", "Invalid verb provided")

    def _list(self, asked: dict[str, str]) -> str:
        skip = 0
        if "resumptionToken" in asked:
            if set(asked) != {"verb", "resumptionToken"}:
                raise OaiError("badArgument", "No other parameters allowed with resumptionToken")
            asked, skip = self._resume(asked["resumptionToken"])
        found = self._matching(asked)[skip:]
        if not found:
            raise OaiError(
                "noRecordsMatch", "The combination of the values results in an empty list."
            )
        page = "".join(_record(record) for record in self.arrange(found[: self.page_size]))
        token = self._token(asked, skip + self.page_size) if len(found) > self.page_size else ""
        return f"<ListRecords>{page}{token}</ListRecords>"

    def _matching(self, asked: dict[str, str]) -> list[Record]:
        if unknown := set(asked) - LIST_ARGUMENTS:
            raise OaiError("badArgument", f"Unallowed parameter: {', '.join(sorted(unknown))}")
        if "metadataPrefix" not in asked:
            raise OaiError("badArgument", "metadataPrefix required.")
        if asked["metadataPrefix"] != "arXiv":
            raise OaiError("cannotDisseminateFormat", "Did not recognize requested format")
        since, until = _day(asked.get("from")), _day(asked.get("until"))
        if since and until and since > until:
            raise OaiError("badArgument", "from may not be later than until")
        spec = asked.get("set")
        if spec is not None and not is_set(spec):
            raise OaiError("badArgument", "Set has invalid format or does not exist")
        return self.archive.modified(spec, since, until)

    def _token(self, asked: dict[str, str], skip: int) -> str:
        token = quote(urlencode({**asked, "skip": skip}))
        today = self.now().date()
        self.issued[token] = today
        expires = f"{today + timedelta(days=1)}T00:00:00Z"
        return f'<resumptionToken expires="{expires}">{escape(token)}</resumptionToken>'

    def _resume(self, token: str) -> tuple[dict[str, str], int]:
        if self.issued.get(token) != self.now().date():
            raise OaiError("badResumptionToken", "The value is invalid or expired.")
        asked = dict(parse_qsl(unquote(token)))
        return asked, int(asked.pop("skip"))


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        raise OaiError("badArgument", "date format must be YYYY-MM-DD") from None


def _envelope(inside: str, now: datetime) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
        f"<responseDate>{now:%Y-%m-%dT%H:%M:%SZ}</responseDate>"
        f"<request>http://oaipmh.arxiv.org/oai</request>{inside}</OAI-PMH>"
    ).encode()


def _record(record: Record) -> str:
    status = ' status="deleted"' if record.deleted else ""
    header = (
        f"<header{status}><identifier>oai:arXiv.org:{record.id}</identifier>"
        f"<datestamp>{record.datestamp}</datestamp>"
        + "".join(f"<setSpec>{spec}</setSpec>" for spec in record.sets)
        + "</header>"
    )
    return f"<record>{header}{'' if record.deleted else _metadata(record)}</record>\n"


def _metadata(record: Record) -> str:
    authors = "".join(
        f"<author>{_field('keyname', family)}{_field('forenames', given)}</author>"
        for family, given in record.authors
    )
    return (
        '<metadata><arXiv xmlns="http://arxiv.org/OAI/arXiv/">'
        f"{_field('id', record.id)}{_field('created', record.created.isoformat())}"
        f"{_field('updated', record.updated.isoformat() if record.updated else '')}"
        f"<authors>{authors}</authors>{_field('title', record.title)}"
        f"{_field('categories', ' '.join(record.categories))}{_field('comments', record.comments)}"
        f"{_field('journal-ref', record.journal_ref)}{_field('doi', record.doi)}"
        f"{_field('abstract', record.abstract)}</arXiv></metadata>"
    )


def _field(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>" if text else ""


IDENTIFY = (
    "<Identify><repositoryName>arXiv</repositoryName><baseURL>https://oaipmh.arxiv.org/oai</baseURL>"
    "<protocolVersion>2.0</protocolVersion><adminEmail>help@arxiv.org</adminEmail>"
    "<earliestDatestamp>2005-09-16</earliestDatestamp><deletedRecord>persistent</deletedRecord>"
    "<granularity>YYYY-MM-DD</granularity></Identify>"
)
