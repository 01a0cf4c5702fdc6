"""Ids, URLs and DOIs as people type and paste them."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.identify import abs_url, identify, identify_all, submitted_month
from storage.models import PaperId

SAME = "arXiv:2402.13446"


@pytest.mark.parametrize(
    "text",
    [
        "2402.13446",
        "2402.13446v2",
        " (2402.13446). ",
        "arXiv:2402.13446",
        "arxiv:2402.13446v11",
        "arXiv: 2402.13446",
        "arXiv 2402.13446",
        "arXiv：2402.13446",
        "arXiv:2402.13446v2 [cs.CL] 21 Feb 2024",
        "https://arxiv.org/abs/2402.13446",
        "http://arxiv.org/abs/2402.13446v1",
        "https://www.arxiv.org/abs/2402.13446?context=cs",
        "https://export.arxiv.org/abs/2402.13446",
        "arxiv.org/pdf/2402.13446",
        "https://arxiv.org/pdf/2402.13446v2.pdf#page=3",
        "https://arxiv.org/html/2402.13446v1#S3.SS1",
        "HTTPS://ARXIV.ORG/ABS/2402.13446",
        "<https://arxiv.org/abs/2402.13446>",
        "[Paper](https://arxiv.org/abs/2402.13446)",
        "https://alphaxiv.org/abs/2402.13446",
        "https://www.alphaxiv.org/overview/2402.13446v1",
        "https://huggingface.co/papers/2402.13446",
        "10.48550/arXiv.2402.13446",
        "https://doi.org/10.48550/arXiv.2402.13446v2",
        "doi:10.48550/ARXIV.2402.13446",
        "https://doi.org/10.48550%2FarXiv.2402.13446",
        "https://arxiv.org/abs/2402.13446v3#S2",
        "https://arxiv.org//abs/2402.13446/",
        "arxiv.org/2402.13446",
        "_https://arxiv.org/abs/2402.13446_",
        "**[Paper](<https://arxiv.org/abs/2402.13446>)**",
        "||https://arxiv.org/abs/2402.13446||",
        "https://m.arxiv.org/abs/2402.13446?utm_source=share&utm_medium=member_ios",
        "https://cn.arxiv.org/abs/2402.13446",
        "http://xxx.itp.ac.cn/pdf/2402.13446",
        "https://arxiv-org.proxy.example.edu/abs/2402.13446",
        "https://arxiv.org/ftp/arxiv/papers/2402/2402.13446.pdf",
        "https://scirate.com/arxiv/2402.13446",
        "https://papers.cool/arxiv/2402.13446",
        "https://www.semanticscholar.org/arXiv:2402.13446",
        "https://www.emergentmind.com/papers/2402.13446",
        "https://hf-mirror.com/papers/2402.13446",
        "https://huggingface.co/papers/2402.13446?ref=x#community",
        "https://www.alphaxiv.org/zh/overview/2402.13446v2?chatId=1",
        "https://www.google.com/url?q=https://arxiv.org/abs/2402.13446&sa=D",
        "https://l.facebook.com/l.php?u=https%3A%2F%2Farxiv.org%2Fabs%2F2402.13446%3Ffbclid&h=1",
        "https://safelinks.example.com/?url=https%3a%2f%2farxiv.org%2fpdf%2f2402.13446v2&data=05",
    ],
)
def test_many_spellings_name_one_paper(text: str) -> None:
    """Every way to write an arXiv paper gives its one id, without the version."""
    assert identify(text) == SAME


@pytest.mark.parametrize(
    ("text", "paper_id"),
    [
        ("hep-th/9901001", "arXiv:hep-th/9901001"),
        ("math.GT/0309136", "arXiv:math/0309136"),
        ("arXiv:math.GT/0309136v2", "arXiv:math/0309136"),
        ("https://arxiv.org/abs/cs.CL/0309136", "arXiv:cs/0309136"),
        ("http://arxiv.org/pdf/hep-th/9901001v1.pdf", "arXiv:hep-th/9901001"),
        ("cond-mat/9612123", "arXiv:cond-mat/9612123"),
        ("0704.0001", "arXiv:0704.0001"),
        ("1412.6572", "arXiv:1412.6572"),
        ("1501.00001", "arXiv:1501.00001"),
        ("https://aclanthology.org/2024.acl-long.12.pdf", "acl:2024.acl-long.12"),
        ("https://aclanthology.org/2024.acl-long.12/", "acl:2024.acl-long.12"),
        ("https://www.aclweb.org/anthology/P19-1001", "acl:P19-1001"),
        ("https://doi.org/10.18653/v1/2024.acl-long.12", "acl:2024.acl-long.12"),
        ("doi:10.18653/V1/P19-1001.", "acl:P19-1001"),
        ("10.3115/v1/P14-1001", "acl:P14-1001"),
        ("10.18653/v1/nonsense", "doi:10.18653/v1/nonsense"),
        ("10.3115/1073083.1073135", "doi:10.3115/1073083.1073135"),
        ("https://aclanthology.org/p19-1001.bib", "acl:P19-1001"),
        ("http://xxx.lanl.gov/abs/hep-th/9901001v2", "arXiv:hep-th/9901001"),
        ("https://aclanthology.org/2020.acl-main.463v2.pdf", "acl:2020.acl-main.463"),
        ("https://aclanthology.org/P19-1001v2.pdf#page=3", "acl:P19-1001"),
        ("https://aclanthology.org/papers/P/P19/P19-1001/", "acl:P19-1001"),
        ("https://aclanthology.coli.uni-saarland.de/papers/P18-1001/p18-1001", "acl:P18-1001"),
        ("https://aclanthology.org/attachments/2021.acl-long.1.Data.zip", "acl:2021.acl-long.1"),
        ("2024.acl-long.12", "acl:2024.acl-long.12"),
        ("P19-1001", "acl:P19-1001"),
        ("https://openreview.net/forum/?id=ThjDCZOljE", "openreview:ThjDCZOljE"),
        ("https://openreview.net/forum?id=ThjDCZOljE&amp;noteId=x", "openreview:ThjDCZOljE"),
        ("https://openreview.net/forum?noteId=a&id=ThjDCZOljE#discussion", "openreview:ThjDCZOljE"),
        ("https://openreview.net/forum?id=ThjDCZOljE&noteId=x", "openreview:ThjDCZOljE"),
        ("https://openreview.net/pdf?id=P-pPW1nxf1r", "openreview:P-pPW1nxf1r"),
        ("https://doi.org/10.1145/3560815", "doi:10.1145/3560815"),
        (
            "https://www.biorxiv.org/content/10.1101/2023.03.04.531015v2.full.pdf",
            "doi:10.1101/2023.03.04.531015",
        ),
        (
            "https://academic.oup.com/bioinformatics/article/doi/10.1093/bioinformatics/btad027/69869",
            "doi:10.1093/bioinformatics/btad027",
        ),
        ("10.1109/CVPR52729.2023.01964.", "doi:10.1109/cvpr52729.2023.01964"),
        ("https://dl.acm.org/doi/pdf/10.1145/3560815?download=true", "doi:10.1145/3560815"),
        ("(https://doi.org/10.1016/0022-2836(81)90087-5)", "doi:10.1016/0022-2836(81)90087-5"),
        (
            "https://link.springer.com/content/pdf/10.1007/978-3-031-73414-4_22.pdf",
            "doi:10.1007/978-3-031-73414-4_22",
        ),
    ],
)
def test_other_ids(text: str, paper_id: str) -> None:
    """Old arXiv ids, the ACL Anthology, OpenReview and DOIs have one form each."""
    assert identify(text) == paper_id


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "hello",
        "2413.12345",
        "2400.12345",
        "1501.0001",
        "1412.12345",
        "0703.0001",
        "2402.134467",
        "12402.13446",
        "2402.13446abc",
        "2402.00000",
        "math/0704001",
        "hep-th/9106001",
        "https://arxiv.org/list/cs.CL/recent",
        "https://evil-arxiv.org/abs/2402.13446",
        "https://arxiv.org.example.com/abs/2402.13446",
        "https://github.com/zhen-tan-dmml/llm4annotation",
        "preference data 2402.13446",
        "https://example.org/2024.acl-long.12.pdf",
        "model P19-1001",
        "https://aclanthology.org/volumes/2024.acl-long/",
        "https://openreview.net/group?id=ICLR.cc/2024/Conference",
        "10.1145/",
        "x" * 3_000,
    ],
)
def test_what_names_no_paper(text: str) -> None:
    """Impossible numbers, other pages and questions are no ids."""
    assert identify(text) is None


def test_all_in_order_and_once() -> None:
    """A message's papers come in its order, each once; a decimal number is none."""
    text = (
        "See https://arxiv.org/abs/2402.13446v2, arXiv:2401.00001 and "
        "[this](https://openreview.net/forum?id=abcDEF12), "
        "again 2402.13446; it scored 1012.4567 (doi:10.1145/3560815)."
    )
    assert identify_all(text) == (
        SAME,
        "arXiv:2401.00001",
        "openreview:abcDEF12",
        "doi:10.1145/3560815",
    )


def test_a_line_around_one_link_names_it() -> None:
    """What somebody says of a paper does not hide its link; new Anthology ids are told bare."""
    assert identify_all("Have you seen https://arxiv.org/abs/2402.13446? Great!") == (SAME,)
    assert identify_all("see 2024.acl-long.12, P19-1001 sold out") == ("acl:2024.acl-long.12",)


@pytest.mark.parametrize(
    ("paper_id", "month"),
    [
        ("arXiv:2402.13446", (2024, 2)),
        ("arXiv:hep-th/9901001", (1999, 1)),
        ("arXiv:math/0309136", (2003, 9)),
        ("acl:P19-1001", None),
    ],
)
def test_submitted_month(paper_id: str, month: tuple[int, int] | None) -> None:
    """The month stands in an arXiv id; other ids tell none."""
    assert submitted_month(PaperId(paper_id)) == month


TEXTS = st.one_of(
    st.text(),
    st.from_regex(r"(arXiv:)?\d{4}\.\d{4,5}(v\d)?", fullmatch=True),
    st.from_regex(r"(https://doi\.org/)?10\.\d{4,5}/[!-~]{1,30}", fullmatch=True),
    st.from_regex(r"https://aclanthology\.org/[A-Z0-9]\d{2}-\d{4}/?", fullmatch=True),
    st.from_regex(r"openreview\.net/forum\?id=[\w-]{5,12}", fullmatch=True),
)


@given(TEXTS)
def test_the_page_of_an_id_names_it_again(text: str) -> None:
    """identify(abs_url(id)) == id, and the id itself names the paper too."""
    for paper_id in identify_all(text):
        assert identify(abs_url(paper_id)) == paper_id
        assert identify(paper_id) == paper_id


@pytest.mark.parametrize(
    "text",
    [
        "a." * 50_000,
        "arxiv.org/abs/" * 7_000,
        "10.1234/" * 12_000,
        "10.1234/" + "(" * 99_000,
        "arxiv   " * 12_000,
        "openreview.net/forum?a&" * 4_000,
        "1" * 100_000,
        "2402.13446" * 10_000,
        "aclanthology.org/2024." + "a-" * 50_000,
        "arxiv-org." + "a." * 50_000,
        "arxiv-org." * 10_000,
        "2024.a-" * 14_000,
        "%2f" * 33_000,
        "arxiv.org/ftp/" * 7_000,
    ],
)
def test_long_hostile_text_takes_no_time(text: str) -> None:
    """100 kB of near misses are read in well under a second."""
    started = time.perf_counter()
    identify(text)
    identify_all(text)
    assert time.perf_counter() - started < 2
