"""What is read out of arXiv's fields: withdrawals, links, DOIs and ids."""

from __future__ import annotations

import gzip
import json

import pytest

from bot.sources.project_links import project_links
from bot.sources.records import aliases_of, arxiv_paper_id, dois_in
from bot.sources.withdrawal import says_withdrawn
from tests.conftest import SHARED

WITHDRAWN = SHARED / "arxiv" / "withdrawn_metadata.jsonl"
COMMENTS = SHARED / "comments" / "comments.jsonl.gz"
needs_data = pytest.mark.skipif(
    not COMMENTS.is_file(), reason="no recorded comments beside the project"
)
NOT_WITHDRAWN = {
    "1207.0859": "a theorem is",
    "1305.0457": "another submission is",
    "1404.4276": "another preprint is",
    "1910.12745": "earlier versions were",
    "2001.01662": "the first version was",
    "2506.07053": "a request is",
    "2506.18094": "a conference submission was",
}


@needs_data
def test_recorded_withdrawals_are_seen() -> None:
    """Of 221 recorded notices all are seen, but for those on something else than the paper."""
    rows = [json.loads(line) for line in WITHDRAWN.read_text(encoding="utf-8").splitlines()]
    missed = {
        row["id"] for row in rows if not says_withdrawn(row["comment"] or "", row["abstract"] or "")
    }
    assert missed == set(NOT_WITHDRAWN)


@needs_data
def test_ordinary_comments_are_no_withdrawals() -> None:
    """None of 6,000 ordinary comments is taken for a withdrawal."""
    with gzip.open(COMMENTS, "rt", encoding="utf-8") as file:
        comments = [json.loads(line)["comment"] or "" for line in file]
    assert [comment for comment in comments if says_withdrawn(comment)] == []
    assert len(comments) == 6000


@pytest.mark.parametrize(
    "comment",
    [
        "Withdrawn",
        "withdrawn by the authors",
        "This paper has been withdrawn by arXiv due to disputed authorship",
        "arXiv admin note: This submission has been withdrawn by arXiv administrators",
        "12 pages. We have decided to withdraw this paper, since Table 2 is wrong",
        "I would like to withdraw my submission",
        "This article has been temporarily withdrawn",
        "This version has been withdrawn and superseded by arXiv:2401.00001",
        "The authors request the withdrawal of this manuscript",
        "This paper has been retracted",
    ],
)
def test_withdrawals(comment: str) -> None:
    """However it is worded, a withdrawal is seen."""
    assert says_withdrawn(comment)


@pytest.mark.parametrize(
    "comment",
    [
        "",
        "Accepted at ACL 2024",
        "Withdrawn from ICLR 2024, now under review at TMLR",
        "The paper was withdrawn from ICML because of a policy on dual submission",
        "An earlier version of this paper was withdrawn. This one is corrected",
        "We study how patients withdraw consent",
        "A survey of retracted papers",
        "This paper has not been withdrawn",
        "Theorem 2 is withdrawn",
    ],
)
def test_no_withdrawals(comment: str) -> None:
    """Withdrawn versions, theorems and conference submissions leave a paper standing."""
    assert not says_withdrawn(comment)


def test_a_notice_in_place_of_the_abstract() -> None:
    """Old records say it in the abstract's first words; a study of withdrawals does not."""
    assert says_withdrawn("", "This paper has been withdrawn by the author.")
    assert not says_withdrawn("", "Papers are withdrawn for many reasons. We study them.")


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("Code: https://github.com/hzy138/DriveMRP.", ["https://github.com/hzy138/DriveMRP"]),
        ("Project Page: GitHub.com/A/PIPO", ["https://GitHub.com/A/PIPO"]),
        ("demos at: https://3dllm-mem.github.io", ["https://3dllm-mem.github.io"]),
        (r"see \url{https://github.com/a/b\_c}", ["https://github.com/a/b_c"]),
        ("(https://github.com/a/b.git), http://www.github.com/a/b/", ["https://github.com/a/b"]),
        (
            "https://huggingface.co/datasets/d/MMSU. Code at https://github.com/d/MMSU_Bench",
            ["https://huggingface.co/datasets/d/MMSU", "https://github.com/d/MMSU_Bench"],
        ),
        ("https://huggingface.co/papers/2402.13446", []),
        ("code on GitHub, https://github.com/about", []),
        ("https://evilgithub.com/a/b and https://github.com.evil.org/a/b", []),
        ("https://github.com/a/b\u202egnp.exe", ["https://github.com/a/b"]),
        ("https://github.com/a/b)](https://evil.example)", ["https://github.com/a/b"]),
    ],
)
def test_project_links(text: str, urls: list[str]) -> None:
    """Links to code and data are found, cleaned of what is around them, and each given once."""
    assert [link.url for link in project_links(text)] == urls
    assert all(link.label == "Project" for link in project_links(text))


def test_links_are_few() -> None:
    """A text full of links gives five."""
    assert len(project_links(" ".join(f"github.com/a/b{n}" for n in range(100)))) == 5


@pytest.mark.parametrize(
    ("field", "dois"),
    [
        ("10.1103/PhysRevD.93.016005", ("10.1103/PhysRevD.93.016005",)),
        ("10.1/x", ()),
        ("10.1234/a, 10.1234/b;10.1234/c", ("10.1234/a", "10.1234/b", "10.1234/c")),
        ("10.1234/a 10.1234/A;x", ("10.1234/a", "10.1234/A;x")),
        ("https://doi.org/10.1234/a.", ("10.1234/a",)),
        ("doi:10.48550/arXiv.2402.13446", ()),
        ("to appear", ()),
    ],
)
def test_doi_fields(field: str, dois: tuple[str, ...]) -> None:
    """A field gives all DOIs in it as they are written; arXiv's own and other text none."""
    assert dois_in(field) == dois


def test_aliases_of_the_anthology() -> None:
    """A DOI of the ACL Anthology gives its id too, in the case the Anthology writes it."""
    assert aliases_of(("10.18653/v1/2024.acl-long.12",)) == (
        "doi:10.18653/v1/2024.acl-long.12",
        "acl:2024.acl-long.12",
    )
    assert aliases_of(("10.18653/v1/p19-1001",)) == ("doi:10.18653/v1/p19-1001", "acl:P19-1001")
    assert aliases_of(("10.1234/X",)) == ("doi:10.1234/x",)


@pytest.mark.parametrize(
    ("text", "paper_id"),
    [
        ("2402.13446v3", "arXiv:2402.13446"),
        ("oai:arXiv.org:hep-th/9901001", "arXiv:hep-th/9901001"),
        ("math.GT/0309136v1", "arXiv:math/0309136"),
        ("2413.00001", None),
        ("2402.13446 or so", None),
        ("", None),
        ("doi:10.1234/x", None),
    ],
)
def test_ids(text: str, paper_id: str | None) -> None:
    """An id loses version and subject class; what arXiv never gave out is none."""
    assert arxiv_paper_id(text) == paper_id
