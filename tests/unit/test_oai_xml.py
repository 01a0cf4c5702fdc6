"""Parsing of OAI-PMH answers: recorded, made up, broken and hostile."""

from __future__ import annotations

import csv
import time
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from multidict import MultiDict

from bot.domain.errors import SourceError, TokenExpired
from bot.sources.oai_xml import OaiPage, check_identify, parse
from storage.models import Author, Link
from tests.conftest import SHARED
from tests.wire.arxiv_archive import Archive, Record
from tests.wire.arxiv_oai import OaiSide

if TYPE_CHECKING:
    import random
    from pathlib import Path

    from storage.models import Paper

OAI = SHARED / "arxiv" / "oai"
needs_recordings = pytest.mark.skipif(
    not OAI.is_dir(), reason="no recorded answers beside the project"
)

NOW = datetime(2024, 9, 17, 4, 20, tzinfo=UTC)


def page_of(*records: Record, page_size: int = 2000) -> bytes:
    """A ListRecords answer of arXiv that holds these records."""
    archive = Archive()
    archive.add(*records)
    asked = MultiDict({"verb": "ListRecords", "metadataPrefix": "arXiv"})
    return OaiSide(archive, lambda: NOW, page_size).answer(asked)


def answer(inside: str) -> bytes:
    """An OAI answer around anything."""
    return f"<OAI-PMH><responseDate>2024-09-17T04:20:00Z</responseDate>{inside}</OAI-PMH>".encode()


def only(record: Record) -> Paper:
    """The paper a page of one record parses to."""
    (paper,) = parse(page_of(record)).papers
    return paper


def recorded() -> dict[str, int]:
    """File name → the number of entries INDEX.tsv says it holds."""
    if not OAI.is_dir():
        return {}
    with (SHARED / "arxiv" / "INDEX.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return {
        row["file"].removeprefix("oai/"): int(row["entries"])
        for row in rows
        if row["file"].startswith("oai/")
    }


def is_arxiv_format(path: Path) -> bool:
    """Whether a recorded answer is whole and in the format `arXiv`."""
    body = path.read_bytes()
    return b"<OAI-PMH" in body and b"<arXiv>" in body.replace(b"<arXiv ", b"<arXiv>")


@needs_recordings
@pytest.mark.parametrize("name", sorted(recorded()))
def test_recorded_answers(name: str) -> None:
    """A recorded answer in our format gives as many papers as the index says.

    Another format is named record by record, and what is no OAI answer is refused.
    """
    path = OAI / name
    body = path.read_bytes()
    if b"<OAI-PMH" not in body:
        with pytest.raises(SourceError, match="<OAI-PMH> was expected"):
            parse(body)
        return
    page = parse(body)
    if not is_arxiv_format(path):
        assert page.papers == ()
        assert page.unread == recorded()[name]
        # One recording has ids that were altered, as its index says.
        assert all("in the format" in f or "none of its own" in f for f in page.faults[:20])
        return
    assert len(page.papers) == recorded()[name]
    assert page.faults == ()
    for paper in page.papers:
        assert paper.title
        assert paper.abstract
        assert paper.authors
        assert paper.published
        assert paper.datestamp
        assert "\n" not in paper.title + paper.abstract + paper.comment
        assert "  " not in paper.title + paper.abstract + paper.comment


@needs_recordings
def test_recorded_withdrawals() -> None:
    """Of the 150 recorded papers in physics those are withdrawn whose comment says so."""
    name = "invenio-oaiharvester_sample_arxiv_response_listrecords_physics.xml"
    page = parse((OAI / name).read_bytes())
    assert {paper.id for paper in page.papers if paper.withdrawn} == {
        paper.id for paper in page.papers if "withdrawn" in paper.comment
    }
    assert sum(paper.withdrawn for paper in page.papers) == 3


@needs_recordings
def test_recorded_field_with_several_dois() -> None:
    """A field that holds three DOIs with mixed separators gives three aliases."""
    (paper,) = parse((OAI / "hepcrawl_sample_arxiv_record0.xml").read_bytes()).papers
    assert paper.doi == "10.1103/PhysRevD.93.016005"
    assert paper.aliases == (
        "doi:10.1103/physrevd.93.016005",
        "doi:10.1103/physrevd.98.079901",
        "doi:10.1103/physrevd.98.079903",
    )


def test_every_field_of_a_record() -> None:
    """All fields of a record arrive, with white space made single and nothing invented."""
    paper = only(
        Record(
            "2402.13446",
            title="Large Language Models for Data\n  Annotation &amp; <Synthesis>",
            authors=(("Tan", "Zhen"), ("Planck Collaboration", "")),
            abstract="  We survey.\n  It is new.\n",
            categories=("cs.CL", "cs.AI"),
            created=date(2024, 2, 21),
            updated=date(2024, 12, 2),
            datestamp=date(2024, 12, 3),
            comments="EMNLP 2024.\n Code: github.com/Zhen-Tan-dmml/LLM4Annotation.git",
            journal_ref="EMNLP 2024",
            doi="10.18653/v1/2024.emnlp-main.54",
        )
    )
    assert paper.id == "arXiv:2402.13446"
    assert paper.title == "Large Language Models for Data Annotation & <Synthesis>"
    assert paper.authors == (Author("Tan", "Zhen"), Author("Planck Collaboration"))
    assert paper.abstract == "We survey. It is new."
    assert paper.categories == ("cs.CL", "cs.AI")
    assert paper.published == date(2024, 2, 21)
    assert paper.updated == date(2024, 12, 2)
    assert paper.datestamp == date(2024, 12, 3)
    assert paper.journal_ref == "EMNLP 2024"
    assert paper.doi == "10.18653/v1/2024.emnlp-main.54"
    assert paper.aliases == ("acl:2024.emnlp-main.54", "doi:10.18653/v1/2024.emnlp-main.54")
    assert paper.links == (Link("Project", "https://github.com/Zhen-Tan-dmml/LLM4Annotation"),)
    assert not paper.withdrawn


@pytest.mark.parametrize(
    ("number", "paper_id"),
    [
        ("hep-th/9901001", "arXiv:hep-th/9901001"),
        ("math/0309136", "arXiv:math/0309136"),
        ("0704.0001", "arXiv:0704.0001"),
        ("1501.00001", "arXiv:1501.00001"),
    ],
)
def test_ids_of_all_ages(number: str, paper_id: str) -> None:
    """Ids of all three schemes become the primary id, without a version."""
    assert parse(page_of(Record(number))).papers[0].id == paper_id


def test_deleted_records_are_told() -> None:
    """A deleted record is listed as deleted and gives no paper."""
    page = parse(page_of(Record("2402.13446", deleted=True), Record("2402.13447")))
    assert page.deleted == ("arXiv:2402.13446",)
    assert [paper.id for paper in page.papers] == ["arXiv:2402.13447"]
    assert page.records == 2


def test_the_token_and_the_date_are_told() -> None:
    """A page that is not the last carries its token; the date is arXiv's, in UTC."""
    page = parse(page_of(Record("2402.13446"), Record("2402.13447"), page_size=1))
    assert page.token is not None
    assert "skip" in page.token
    assert page.response_date == NOW
    assert parse(page_of(Record("2402.13446"))).token is None


def test_an_empty_token_ends_the_list_and_tells_its_size() -> None:
    """The last page may carry an empty token with the size of the whole list."""
    records = page_of(Record("2402.13446")).decode()
    body = records.replace(
        "</ListRecords>", '<resumptionToken completeListSize="7" cursor="6"/></ListRecords>'
    )
    page = parse(body.encode())
    assert page.token is None
    assert page.complete_size == 7


def test_no_records_match_is_an_empty_list() -> None:
    """`noRecordsMatch` is a normal answer: an empty list of size 0."""
    page = parse(answer('<error code="noRecordsMatch">none</error>'))
    assert page == OaiPage((), (), NOW, None, 0)


@pytest.mark.parametrize(
    ("code", "kind"), [("badResumptionToken", TokenExpired), ("badArgument", SourceError)]
)
def test_other_errors_name_their_code(code: str, kind: type[SourceError]) -> None:
    """An error of the protocol names its code, and an expired token has a class of its own."""
    with pytest.raises(kind, match=code):
        parse(answer(f"<error code='{code}'>that was wrong</error>"))


def raw(inside: str, number: str = "2402.13446") -> str:
    """A record of this id around anything."""
    return (
        f"<record><header><identifier>oai:arXiv.org:{number}</identifier>"
        f"<datestamp>2024-09-16</datestamp></header>{inside}</record>"
    )


def described(inside: str) -> str:
    """Metadata in the format `arXiv`."""
    return f"<metadata><arXiv>{inside}</arXiv></metadata>"


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ("<record/>", "a record without a header"),
        ("<record><header/></record>", "id is none of its own: ''"),
        (raw("", "2413.00001"), "none of its own: 'oai:arXiv.org:2413.00001'"),
        (raw("", "9" * 1000), "none of its own: 'oai:arXiv.org:99"),
        (raw(""), "arXiv:2402.13446 with no metadata"),
        (raw("<metadata/>"), "arXiv:2402.13446 with no metadata"),
        (raw("<metadata><arXivRaw/></metadata>"), "in the format 'arXivRaw'"),
        (raw(described("<abstract>We</abstract>")), "arXiv:2402.13446 with no title"),
        (
            raw(described("<id>2402.13447</id><title>A</title>")),
            "arXiv:2402.13446 with metadata of another one: '2402.13447'",
        ),
        (raw(described("<title> </title>")), "arXiv:2402.13446 with no title"),
        (
            raw(described(f"<title>A</title><doi>{',' * 60_000}</doi>")),
            "arXiv:2402.13446 with 60000 characters in the field doi",
        ),
        (
            raw(
                described(
                    "<title>A</title><authors><author><keyname>"
                    f"{'x' * 6000}</keyname></author></authors>"
                )
            ),
            "a name of 6000 characters",
        ),
        (
            raw(
                described(
                    "<title>A</title><authors>"
                    + "<author><keyname>Li</keyname></author>" * 20_001
                    + "</authors>"
                )
            ),
            "20001 authors",
        ),
    ],
)
def test_a_record_is_named_and_never_silently_skipped(record: str, words: str) -> None:
    """What cannot be read is named with what is wrong; the records around it are given."""
    before, after = (raw(described("<title>A</title>"), f"2409.0000{n}") for n in (1, 2))
    page = parse(answer(f"<ListRecords>{before}{record}{after}</ListRecords>"))
    (fault,) = page.faults
    assert words in fault
    assert len(fault) < 200
    assert [paper.id for paper in page.papers] == ["arXiv:2409.00001", "arXiv:2409.00002"]
    assert page.records == 3


def test_many_unreadable_records_are_counted() -> None:
    """Twenty are named a page, the others counted, so that a ledger row stays readable."""
    page = parse(answer(f"<ListRecords>{raw('') * 25}{raw('<metadata/>')}</ListRecords>"))
    assert len(page.faults) == 21
    assert page.faults[-1] == "arXiv sent 6 more records that cannot be read"
    assert (page.unread, page.records) == (26, 26)


def test_an_answer_without_a_list_is_refused() -> None:
    """An answer to another question is no page."""
    with pytest.raises(SourceError, match="no list of records"):
        parse(answer("<ListSets/>"))


@pytest.mark.parametrize(
    "text", ["", "yesterday", "0001-01-01T00:00:00+23:59", "2024-13-01T00:00:00Z"]
)
def test_an_answer_needs_its_date(text: str) -> None:
    """The watermark is arXiv's own date, so an answer without a usable one is refused."""
    with pytest.raises(SourceError, match="date"):
        parse(f"<OAI-PMH><responseDate>{text}</responseDate><ListRecords/></OAI-PMH>".encode())


def test_truncated_xml_is_refused() -> None:
    """A page that was cut off anywhere is an error and never a shorter page."""
    whole = page_of(Record("2402.13446"), Record("2402.13447"))
    for length in range(1, len(whole) - 1, 97):
        with pytest.raises(SourceError):
            parse(whole[:length])


LAUGHS = "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' if n else '<!ENTITY l0 "ha">' for n in range(12)
)
ATTRIBUTES = '<a b="" c=""/>'
HOSTILE = {
    "billion laughs": f"<!DOCTYPE x [{LAUGHS}]><OAI-PMH>&l11;</OAI-PMH>",
    "laughs in an attribute": f'<!DOCTYPE x [{LAUGHS}]><OAI-PMH a="&l11;"/>',
    "quadratic blow-up": (
        f'<!DOCTYPE x [<!ENTITY a "{"x" * 50_000}">]><OAI-PMH>{"&a;" * 50_000}</OAI-PMH>'
    ),
    "parameter entity": '<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]><OAI-PMH/>',
    "external entity": '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><OAI-PMH>&e;</OAI-PMH>',
    "external subset": '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><OAI-PMH/>',
    "undefined entity": "<OAI-PMH>&nbsp;</OAI-PMH>",
    "depth": "<OAI-PMH>" + "<a>" * 100_000,
    "closed depth": f"<OAI-PMH>{'<a>' * 5_000}{'</a>' * 5_000}</OAI-PMH>",
    "unknown encoding": "<?xml version='1.0' encoding='klingon'?><OAI-PMH/>",
    "another encoding": "<?xml version='1.0' encoding='utf-7'?><OAI-PMH>+ADw-a/+AD4-</OAI-PMH>",
    "huge text": f"<OAI-PMH>{'x' * 11_000_000}</OAI-PMH>",
    "huge attribute": f"<OAI-PMH a='{'x' * 11_000_000}'/>",
    "a million elements": f"<OAI-PMH>{'<a/>' * 1_600_000}</OAI-PMH>",
    "a million attributes": f"<OAI-PMH>{ATTRIBUTES * 600_000}</OAI-PMH>",
    "null": "<OAI-PMH>\0</OAI-PMH>",
    "reference to null": "<OAI-PMH>&#0;</OAI-PMH>",
    "two roots": "<OAI-PMH/><OAI-PMH/>",
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_xml_is_refused_at_once(name: str) -> None:
    """Entities, document types, depth and size give our own error, quickly, without the network."""
    body = HOSTILE[name].encode()
    started = time.process_time()
    with pytest.raises(SourceError) as caught:
        parse(body)
    assert time.process_time() - started < 1
    assert "root:" not in str(caught.value)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    "body",
    [
        "<!DOCTYPE x [<!ENTITY e 'ha'>]><OAI-PMH>&e;</OAI-PMH>".encode("utf-16"),
        answer("<ListRecords/>").decode().encode("utf-16"),
        answer("<ListRecords/>").decode().encode("utf-32"),
        answer("<ListRecords/>").decode().encode("cp500"),
        b"<?xml version='1.0' encoding='UTF-16'?>" + answer("<ListRecords/>"),
        b"<?xml version='1.0' encoding='ISO-8859-1'?>" + answer("<a>\xe9</a>"),
        answer("<a>") + b"\xc3\x28</a>",
        answer("<a>\ud800</a>".encode("utf-8", "surrogatepass").decode("latin-1")),
    ],
    ids=["utf-16 with a type", "utf-16", "utf-32", "ebcdic", "declared", "latin", "broken", "lone"],
)
def test_another_encoding_is_refused(body: bytes) -> None:
    """OAI-PMH is UTF-8: what hides in another encoding, or is none, is never read."""
    with pytest.raises(SourceError):
        parse(body)


def test_processing_instructions_and_includes_do_nothing() -> None:
    """What other readers might act upon is passed over; the records are read."""
    include = '<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>'
    page = parse(
        b'<?xml version="1.0" encoding="UTF-8"?><?xml-stylesheet href="http://127.0.0.1:9/x"?>'
        + answer(
            f"<ListRecords><?php exit?>{raw(described(f'<title>A{include}</title>'))}</ListRecords>"
        )
    )
    assert [paper.title for paper in page.papers] == ["A"]


def test_a_page_of_too_many_records_is_refused() -> None:
    """A page has 2000 records; one with more than 10,000 is no page of arXiv's."""
    with pytest.raises(SourceError, match="more than 10000 records"):
        parse(answer(f"<ListRecords>{'<record/>' * 10_001}</ListRecords>"))


@given(st.binary(max_size=300))
def test_any_bytes_give_a_page_or_our_error(body: bytes) -> None:
    """Whatever arrives, nothing but SourceError is raised."""
    with pytest.raises(SourceError):
        parse(body)


@settings(max_examples=300)
@given(st.randoms(use_true_random=False))
def test_a_mutated_page_gives_a_page_or_our_error(chance: random.Random) -> None:
    """A true page with bytes changed, dropped, doubled or inserted parses or gives SourceError."""
    body = bytearray(
        page_of(Record("2402.13446", doi="10.1/x", comments="c"), Record("hep-th/9901001"))
    )
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(body))
        match chance.randrange(4):
            case 0:
                body[place] = chance.randrange(256)
            case 1:
                del body[place : place + chance.randrange(40)]
            case 2:
                body[place:place] = body[place : place + chance.randrange(200)]
            case _:
                piece = chance.choice(
                    [b"<", b"&", b"]]>", b"<!--", b"&#0;", b"&#xD800;", b"<arXiv>"]
                )
                body[place:place] = piece
    try:
        page = parse(bytes(body))
    except SourceError:
        return
    assert page.records <= 4
    assert all(paper.id.startswith("arXiv:") for paper in page.papers)


def test_two_thousand_records_take_well_under_a_second() -> None:
    """A full page parses fast enough not to matter beside its 3 seconds."""
    body = page_of(
        *(
            Record(
                f"2402.{n:05}",
                abstract="We generate data with large models. " * 35,
                comments="9 pages",
            )
            for n in range(1, 2001)
        )
    )
    started = time.process_time()
    page = parse(body)
    assert time.process_time() - started < 1
    assert page.records == 2000


def test_identify_is_told_from_other_answers() -> None:
    """`Identify` is recognised, anything else refused."""
    check_identify(answer("<Identify><repositoryName>arXiv</repositoryName></Identify>"))
    with pytest.raises(SourceError, match="identify"):
        check_identify(answer("<ListRecords/>"))


def record_of(fields: str) -> bytes:
    """An answer of one record with these fields, in the format `arXiv`."""
    return answer(
        "<ListRecords><record><header><identifier>oai:arXiv.org:2409.08239</identifier>"
        "<datestamp>2024-09-13T04:00:00Z</datestamp></header>"
        f"<metadata><arXiv><title>A</title>{fields}</arXiv></metadata></record></ListRecords>"
    )


def test_what_a_later_format_may_bring_changes_nothing() -> None:
    """Unknown fields, a second title behind the first, days with a time, lists with commas."""
    (paper,) = parse(
        record_of(
            "<created>2024-09-12T00:00:00Z</created><title xmlns='urn:x'>B</title>"
            "<categories>cs.CL, cs.LG</categories><score>7</score><abstract/>"
        )
    ).papers
    assert (paper.title, paper.authors, paper.abstract) == ("A", (), "")
    assert (paper.published, paper.datestamp) == (date(2024, 9, 12), date(2024, 9, 13))
    assert paper.categories == ("cs.CL", "cs.LG")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Q&amp;A", "Q&A"),
        ("Q&amp;amp;A for caf&amp;eacute;s &amp;#128512;", "Q&A for cafés 😀"),
        ("a &amp;lt; b &amp;#x3e; c &amp;nbsp; d", "a < b > c d"),
        ("AT&amp;T &amp;copy &amp;not an entity; R&amp;D;", "AT&T &copy &not an entity; R&D;"),
        ("&amp;#0;&amp;#xD800;", "\ufffd\ufffd"),
    ],
)
def test_entities_that_authors_typed_are_read(typed: str, meant: str) -> None:
    """HTML's entities in an abstract or a name are the characters that were meant, nothing else."""
    author = f"<authors><author><keyname>{typed}</keyname></author></authors>"
    (paper,) = parse(record_of(f"<abstract>{typed}</abstract>{author}")).papers
    assert paper.abstract == meant
    assert paper.authors == (Author(meant),)
