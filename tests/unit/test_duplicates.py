"""The same work under another id: its title however spelled, and its first author."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.duplicates import same_work
from storage.models import Author, Paper, PaperId


def paper(title: str, family: str = "Lopez") -> Paper:
    """A paper of one author."""
    return Paper(PaperId("arXiv:2501.01234"), title, (Author(family, "Ana"),) if family else ())


@pytest.mark.parametrize(
    ("title", "other"),
    [
        ("A Survey on Data", "A survey on data."),
        ("Self-Instruct: Aligning Models", "Self Instruct - aligning models"),
        ("SelfInstruct: Aligning Models", "Self-Instruct: Aligning Models"),
        ("A Data Set of State of the Art LLMs", "A Dataset of State-of-the-Art LLM's"),
        ("Gödel Écoles for naïve Models", "Godel Ecoles for Naive Models"),
        (r"G\"odel for na\"{\i}ve Models", "Gödel for naïve Models"),
        (r"\textsc{UltraFeedback}: Boosting", "UltraFeedback: Boosting"),
        (r"$\textit{UniGen}$: $k$-Shot Data \& More", "UniGen: k-shot data and more"),
        ("Modelling and Summarisation of Behaviour", "Modeling and Summarization of Behavior"),
        ("Analysing Coloured Labelled Catalogues", "Analyzing Colored Labeled Catalogs"),
        ("Large Langauge Models Make Data", "Large Language Models Make Data"),
        ("Large Languge Models Make Synthtic Data", "Large Language Models Make Synthetic Data"),
        ("Large Language Model as Judges", "Large Language Models as Judges"),
        ("Synthetic Dta for LLMs", "Synthetic Data for LLMs"),
        ("Does GPT 4 Know?", "Does GPT-4 know"),
        ("LLaMA2 Learns", "LLaMA-2 Learns"),
        ("合成数据:大模型", "合成数据：大模型"),
        ("A\nNew  Way\tof Data", "A New Way of Data"),
    ],
)
def test_spelling_does_not_matter(title: str, other: str) -> None:
    """Case, hyphens, accents, LaTeX, punctuation, British spelling and two typos say nothing."""
    assert same_work(paper(title), [("x", "Another Thing", "Lopez"), ("k", other, "López")]) == "k"
    assert same_work(paper(other), [("k", title, "LOPEZ")]) == "k"


@pytest.mark.parametrize(
    ("title", "other"),
    [
        ("Learning to Reason, Part I", "Learning to Reason, Part II"),
        ("Learning to Reason VII", "Learning to Reason VIII"),
        ("Learning to Reason", "Learning to Reason v2"),
        ("LLaMA 2 for Data", "LLaMA 3 for Data"),
        ("LLaMA2 for Data", "LLaMA3 for Data"),
        ("LLaMA 2 3 Data", "LLaMA 23 Data"),
        ("Shared Task 2023 Findings", "Shared Task 2024 Findings"),
        ("A Corpus of English Text", "A Corpus of Chinese Text"),
        ("A Corpus of 中文 Text", "A Corpus of 英文 Text"),
        ("合成数据用于大模型训练", "合成数据用于小模型训练"),
        ("Training Encoders on Data", "Training Decoders on Data"),
        ("Supervised Tuning of Models", "Unsupervised Tuning of Models"),
        ("Explicit Bias of Models", "Implicit Bias of Models"),
        ("Symmetric Games of Models", "Asymmetric Games of Models"),
        ("Micro Benchmarks for Models", "Macro Benchmarks for Models"),
        ("Syntactic Data for Models", "Synthetic Data for Models"),
        ("Tuning BERT on Data", "Tuning BART on Data"),
        ("Data A for Models", "Data B for Models"),
        ("Learning C", "Learning C++"),
        (r"On $\alpha$-Divergence", r"On $\beta$-Divergence"),
        ("Langage Modls Mak Data", "Language Models Make Data"),
        ("Synthetic Data", "Synthetic Data for Everyone"),
        ("", ""),
        ("?!", "?!"),
    ],
)
def test_parts_and_versions_are_other_works(title: str, other: str) -> None:
    """Numerals, years, languages and any other word that differs keep works apart."""
    assert same_work(paper(title), [(1, other, "Lopez")]) is None
    assert same_work(paper(other), [(1, title, "Lopez")]) is None


@pytest.mark.parametrize(
    ("mine", "theirs"), [("Lopez", "Li"), ("", "Lopez"), ("Lopez", ""), ("", "")]
)
def test_the_first_author_is_the_same_and_known(mine: str, theirs: str) -> None:
    """The same title by somebody else, or by nobody, is no proof."""
    assert same_work(paper("A New Way", mine), [(1, "A New Way", theirs)]) is None


def test_five_thousand_take_no_time() -> None:
    """All rejected papers are compared in less than 50 ms; a fifth of them by one family here."""
    families = ["Lopez", "Li", "Müller", "Wang", "de Vries"]
    known = [
        (n, f"Synthetic data for language models number {n}", families[n % 5]) for n in range(5_000)
    ]
    known.append((-1, "Synthetic Data for Language Models, Number X", "Lopez"))
    mine = paper("Synthetic data for language models number X")
    took = []
    for _ in range(5):
        start = time.perf_counter()
        assert same_work(mine, known) == -1
        took.append(time.perf_counter() - start)
    assert min(took) < 0.05


@pytest.mark.parametrize("unit", ["\\", "{", "\\'{", "$", "a ", "a+", "s", "ise", "our", "\\c{"])
def test_hostile_titles_cost_little(unit: str) -> None:
    """Titles made to be slow are not."""
    long = unit * (100_000 // len(unit))
    start = time.perf_counter()
    same_work(paper(long), [(1, long[:-1], "Lopez"), (2, long + "x", "Lopez")])
    assert time.perf_counter() - start < 0.5


@settings(deadline=None)
@given(st.text(), st.text(max_size=20))
def test_a_title_is_itself(title: str, family: str) -> None:
    """Any work is the same as itself, if title and author say anything at all."""
    found = same_work(paper(title, family), [(1, title, family)])
    assert found in ({1} if title.isalnum() and family.isalnum() else {1, None})
