"""Code, data, models and demos that a paper brings, from what its authors wrote."""

from __future__ import annotations

import gzip
import json
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.resources import resources
from storage.models import Link, Paper, PaperId
from tests.conftest import SHARED

STREAM = SHARED / "relevance" / "stream.jsonl.gz"
COMMENTS = SHARED / "comments" / "comments.jsonl.gz"
G = "https://github.com/a/b"
H = "https://huggingface.co"


def found(abstract: str = "", comment: str = "", *links: Link) -> list[tuple[str, str]]:
    """Label and address of what a paper brings."""
    paper = Paper(PaperId("arXiv:2501.01234"), "T", abstract=abstract, comment=comment, links=links)
    return [(link.label, link.url) for link in resources(paper)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"Our code is available at {G}.", [("Code", G)]),
        (f"We release code and data at {G}, with models.", [("Code", G)]),
        (f"The dataset can be found here: {G}", [("Data", G)]),
        (f"See {G}", [("Code", G)]),
        ("code: github.com/a/b", [("Code", G)]),
        (rf"code\footnote{{\url{{{G}}}}}.", [("Code", G)]),
        (rf"Code is \href{{{G}\_c}}{{here}}.", [("Code", f"{G}_c")]),
        ("Code at https://github. com/a/b-c", [("Code", f"{G}-c")]),
        (
            "open-sourced at https://github.com/a/ My-Repo. The",
            [("Code", "https://github.com/a/My-Repo")],
        ),
        (f"Code: {G}.git, {G}/ and http://www.GitHub.com/A/B", [("Code", G)]),
        (f"Project page: {G}", [("Project", G)]),
        ("Project page: https://a.github.io/b/", [("Project", "https://a.github.io/b")]),
        ("Demo: https://a.github.io", [("Demo", "https://a.github.io")]),
        (f"on {H}/datasets/a/b for all", [("Data", f"{H}/datasets/a/b")]),
        (f"{H}/spaces/a/b", [("Demo", f"{H}/spaces/a/b")]),
        (f"data and weights: {H}/a/b", [("Model", f"{H}/a/b")]),
        (f"The data is at {H}/a", [("Data", f"{H}/a")]),
        (f"as {H}/papers/2402.13446 has it", []),
        ("Data: https://zenodo.org/record/12", [("Data", "https://zenodo.org/record/12")]),
        ("Website: https://lab.org/x", [("Project", "https://lab.org/x")]),
        ("Code: https://lab.org/x", [("Code", "https://lab.org/x")]),
        ("Demo video: https://youtu.be/x", [("Demo", "https://youtu.be/x")]),
        ("Talk: https://youtu.be/x", []),
        ("Accepted at the Workshop on Data (https://data.org/2024)", []),
        ("Published version: https://doi.org/10.1/2, data as in https://arxiv.org/abs/2402.1", []),
        ("We evaluate models on data. Visit https://lab.org", []),
        (f"Models and code: {H}/a/b and {G}, respectively.", [("Code", G), ("Model", f"{H}/a/b")]),
        (
            f"Code and data are at {G} and {G}2, respectively.",
            [("Code", G), ("Data", f"{G}2")],
        ),
        (f"Code: {G}; dataset: {G}2", [("Code", G), ("Data", f"{G}2")]),
        ("code on GitHub, and data too", []),
        (f"Code: {G}\u202egnp.exe", [("Code", G)]),
        (f"Code: {G})](https://evil.example)", [("Code", G)]),
    ],
)
def test_links_are_called_what_they_are(text: str, expected: list[tuple[str, str]]) -> None:
    """Host, path and the words before an address say whether it is code, data, model or demo."""
    assert found(text) == expected
    assert found("", text) == expected


def test_each_address_once_and_four_at_most() -> None:
    """Comment, abstract and the paper's own links may name the same; code comes first."""
    many = " ".join(f"Website: https://lab.org/{n} ;" for n in range(9))
    assert found(f"{many} Code: {G}", f"Code at {G}/")[0] == ("Code", G)
    assert len(found(f"{many} Code: {G}")) == 4
    assert found("", "", Link("Project", f"{H}/datasets/a/b")) == [("Data", f"{H}/datasets/a/b")]
    assert found(f"Data: {G}", "", Link("Project", G)) == [("Data", G)]
    assert found(f"Data: {G}", "", Link("Leaderboard", G)) == [("Leaderboard", G)]


def test_links_that_a_maintainer_set_are_all() -> None:
    """What was taken away by hand does not come back from the abstract."""
    paper = Paper(PaperId("arXiv:2501.01234"), "T", abstract=f"Code: {G}", edited=("links",))
    assert resources(paper) == ()


@pytest.mark.skipif(not STREAM.exists(), reason=f"{STREAM} is not there")
def test_real_abstracts_and_comments() -> None:
    """Of the repositories that 30,000 real texts name, 99 of 100 are found."""
    wanted = caught = 0
    for source in (STREAM, COMMENTS):
        with gzip.open(source, "rt", encoding="utf-8") as lines:
            records = [json.loads(line) for line in lines]
        texts = (record.get("abstract") or record.get("comment") or "" for record in records)
        for text in texts:
            named = {m.lower().rstrip(".") for m in re.findall(r"github\.com/[\w-]+/[\w.-]+", text)}
            if named:
                urls = [url.lower() for _, url in found(text)]
                wanted += min(4, len(named))
                caught += sum(
                    any(name.removesuffix(".git") in url for url in urls) for name in named
                )
    assert wanted > 3_000
    assert caught >= 0.99 * wanted


@pytest.mark.parametrize(
    "unit", ["https://a.", r"\url{", r"\href{a}{", "github.com/a/", "code ", "a.b/"]
)
def test_hostile_text_costs_little(unit: str) -> None:
    """Text made to be slow is not."""
    start = time.perf_counter()
    found(unit * (100_000 // len(unit)))
    assert time.perf_counter() - start < 1


@settings(deadline=None)
@given(st.text(), st.text())
def test_addresses_are_plain(abstract: str, comment: str) -> None:
    """Whatever comes in, what comes out is a web address of printable ASCII."""
    for _, url in found(f"{abstract} code: https://{comment}", comment):
        assert re.fullmatch(r"https?://[!-;=?-Z_a-z~]+", url)
