"""What is read out of arXiv's fields: withdrawals, links, DOIs and ids."""

from __future__ import annotations

import gzip
import json

import pytest

from bot.sources.other_ids import aliases_of, dois_in
from bot.sources.project_links import project_links
from bot.sources.records import arxiv_paper_id
from bot.sources.withdrawal import says_withdrawn
from storage.models import PaperId
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
        "15 pages, withdrawn due to an error in Lemma 2",
        "v3: withdrawn",
        "To be withdrawn",
        "This submission has been removed by arXiv administrators because of a copyright claim",
        "This paper has an error in Lemma 3 and has been withdrawn",
        "Because Theorem 3 is wrong, this paper is withdrawn",
        "withdrawn due to errors from our code",
        "The authors withdrew the paper from arXiv",
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
        "Version 2: the claim about optimality is withdrawn",
        "We withdrew the paper from NeurIPS 2023",
        "The paper was withdrawn by the authors from ICML 2024",
        "Withdrawn ICLR 2025 submission",
        "Submitted to ICML, withdrawn",
        "This paper supersedes arXiv:2301.00001, which has been withdrawn",
        "The conference version was withdrawn",
        "Studying papers that have been withdrawn from arXiv",
        "Opioid withdrawal is modelled",
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
    """A DOI of the ACL Anthology is its id there, and the DOI's own spelling too."""
    assert aliases("10.18653/v1/2024.acl-long.12") == (
        "acl:2024.acl-long.12",
        "doi:10.18653/v1/2024.acl-long.12",
    )
    assert aliases("10.18653/v1/p19-1001") == ("acl:P19-1001", "doi:10.18653/v1/p19-1001")
    assert aliases("10.3115/v1/P14-1001")[0] == "acl:P14-1001"
    assert aliases("10.1234/X") == ("doi:10.1234/x",)


def aliases(doi: str = "", journal_ref: str = "", comment: str = "") -> tuple[str, ...]:
    """The other ids of arXiv:2402.13446 with these fields."""
    return aliases_of(PaperId("arXiv:2402.13446"), dois_in(doi), journal_ref, comment)


@pytest.mark.parametrize(
    ("journal_ref", "ids"),
    [
        ("Proceedings of ACL 2024, pp. 1-12", ()),
        ("EMNLP 2024. https://aclanthology.org/2024.emnlp-main.54/", ("acl:2024.emnlp-main.54",)),
        ("TMLR 2024, https://openreview.net/forum?id=R0Vc9lnDd5", ("openreview:R0Vc9lnDd5",)),
        ("Phys. Rev. D 93, doi:10.1103/PhysRevD.93.016005", ("doi:10.1103/physrevd.93.016005",)),
        ("arXiv:2402.13446; 10.48550/arXiv.2402.13446; arXiv:2401.00001", ()),
    ],
)
def test_aliases_in_a_journal_reference(journal_ref: str, ids: tuple[str, ...]) -> None:
    """What a journal reference names is the paper itself; arXiv's own ids are no aliases."""
    assert aliases(journal_ref=journal_ref) == ids


@pytest.mark.parametrize(
    ("comment", "ids"),
    [
        (
            "Published at ACL 2025. Official version: https://aclanthology.org/2025.acl-long.41/",
            ("acl:2025.acl-long.41",),
        ),
        (
            "Official version: https://doi.org/10.18653/v1/2025.acl-long.1413",
            ("acl:2025.acl-long.1413",),
        ),
        ("ICLR2025 https://openreview.net/forum?id=5YbuOTUFQ4", ("openreview:5YbuOTUFQ4",)),
        (
            "Accepted at the 4th Workshop (https://openreview.net/forum?id=hXDYsNAq8m).",
            ("openreview:hXDYsNAq8m",),
        ),
        (
            (
                "NeurIPS 2024 Datasets and Benchmarks: openreview.net/forum?id=abcDEF12&noteId=x, "
                "https://aclanthology.org/P19-1001.pdf"
            ),
            ("acl:P19-1001", "openreview:abcDEF12"),
        ),
        ("Extended version of https://aclanthology.org/2023.acl-long.1/", ()),
        ("This builds on our earlier work, https://openreview.net/forum?id=abcDEF12", ()),
        ("A response to https://aclanthology.org/2023.acl-long.1", ()),
        ("See also https://aclanthology.org/2023.acl-long.1", ()),
        (
            "Builds on earlier work. Published: https://aclanthology.org/2023.acl-long.1",
            ("acl:2023.acl-long.1",),
        ),
        ("https://aclanthology.org/P19-1001 and https://aclanthology.org/P19-1002", ()),
        ("https://evilaclanthology.org/P19-1001", ()),
        ("Dataset available at Zenodo: https://doi.org/10.5281/zenodo.17249602", ()),
        ("Published version: 10.1007/s10586-025-05326-9", ()),
        ("Companion papers: arXiv:2401.00001, 2603.18829", ()),
    ],
)
def test_aliases_in_a_comment(comment: str, ids: tuple[str, ...]) -> None:
    """A comment's one link to the Anthology or OpenReview is the paper's own, unless it says not.

    Its DOIs are as often those of data, which several papers may share.
    """
    assert aliases(comment=comment) == ids


@needs_data
def test_aliases_in_recorded_comments() -> None:
    """Of 6,000 recorded comments seven link the paper's own page, and each of these is found."""
    with gzip.open(COMMENTS, "rt", encoding="utf-8") as file:
        comments = [json.loads(line)["comment"] or "" for line in file]
    found = {alias for one in comments for alias in aliases(comment=" ".join(one.split()))}
    assert found == {
        "acl:2024.lrec-main.374",
        "acl:2025.acl-long.1413",
        "acl:2025.acl-long.41",
        "openreview:5YbuOTUFQ4",
        "openreview:R0Vc9lnDd5",
        "openreview:hXDYsNAq8m",
        "openreview:tdN42GTv4S",
    }


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
