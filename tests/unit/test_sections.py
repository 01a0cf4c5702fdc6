"""The section a paper belongs to is learned from the names and entries of the list's sections."""

from __future__ import annotations

import pickle
import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.sections import Sections
from storage.models import Paper, PaperId
from tests.seeds import LISTED as SHIPPED

NAMES = ("Survey Papers", "Research Papers", "Analysis Papers")
SURVEY, RESEARCH, ANALYSIS = NAMES


def paper(title: str, abstract: str = "", published: date | None = None) -> Paper:
    """A paper with what matters here."""
    return Paper(PaperId("arXiv:2501.00001"), title, abstract=abstract, published=published)


def listed(*entries: tuple[str, str]) -> list[tuple[Paper, str]]:
    """Entries by title and section."""
    return [(paper(title), section) for title, section in entries]


FRESH = Sections.learn(SHIPPED, NAMES)


@pytest.mark.parametrize(
    ("title", "section"),
    [
        ("A Survey on Data Augmentation in Large Model Era", SURVEY),
        (
            "On LLMs-Driven Synthetic Data Generation, Curation, and Evaluation: A Survey",
            SURVEY,
        ),
        ("A Survey on Data Synthesis and Augmentation for Large Language Models", SURVEY),
        ("A Survey on Knowledge Distillation of Large Language Models", SURVEY),
        ("Instruction Tuning for Large Language Models: A Survey", SURVEY),
        ("A Survey on Data Selection for Language Models", SURVEY),
        ("Fairness in Large Language Models: A Taxonomic Survey", SURVEY),
        (
            "Surveying the Landscape of Text Summarization: A Comprehensive Review",
            SURVEY,
        ),
        ("AugGPT: Leveraging ChatGPT for Text Data Augmentation", RESEARCH),
        ("WizardLM: Empowering Large Language Models to Follow Complex Instructions", RESEARCH),
        ("Self-Alignment with Instruction Backtranslation", RESEARCH),
        ("CodecLM: Aligning Language Models with Tailored Synthetic Data", RESEARCH),
        (
            "Magpie: Alignment Data Synthesis from Scratch by Prompting Aligned LLMs with Nothing",
            RESEARCH,
        ),
        ("TarGEN: Targeted Data Generation with Large Language Models", RESEARCH),
        (
            "DataDreamer: A Tool for Synthetic Data Generation and Reproducible LLM Workflows",
            RESEARCH,
        ),
        ("GenQA: Generating Millions of Instructions from a Handful of Prompts", RESEARCH),
        ("LLM2LLM: Boosting LLMs with Novel Iterative Data Enhancement", RESEARCH),
        ("LongForm: Effective Instruction Tuning with Reverse Instructions", RESEARCH),
        ("Scaling Synthetic Data Creation with 1,000,000,000 Personas", RESEARCH),
        ("Synthetic Pretraining on Small Corpora", RESEARCH),
        ("A Theoretical Analysis of Training on Generated Data", ANALYSIS),
        ("Why Does Self-Training Help Language Models?", ANALYSIS),
        ("How Does the Quality of Instruction Data Affect Fine-Tuning?", ANALYSIS),
        ("Towards Understanding the Effect of Synthetic Data on Post-Training", ANALYSIS),
        (
            "How Bad is Training on Synthetic Data? A Statistical Analysis of Collapse",
            ANALYSIS,
        ),
        (
            "LLMs Suffer From Their Own Output: An Analysis of the Self-Consuming Training Loop",
            ANALYSIS,
        ),
        ("Does Synthetic Data Generation of LLMs Help Clinical Text Mining?", ANALYSIS),
        ("Can ChatGPT Reproduce Human-Generated Labels? A Study of Social Computing", ANALYSIS),
        ("The Curse of Recursion: Training on Generated Data Makes Models Forget", ANALYSIS),
        ("Analyzing What Language Models Learn from Their Own Output", ANALYSIS),
    ],
)
def test_the_shipped_list_tells_surveys_analyses_and_methods(title: str, section: str) -> None:
    """Eight titles and three names suffice for titles that say what they are."""
    assert FRESH.suggest(paper(title)) == section


def test_an_empty_section_is_known_by_its_name() -> None:
    """The first survey finds the section for surveys, the word in another form."""
    entries = [pair for pair in SHIPPED if pair[1] != SURVEY]
    sections = Sections.learn(entries, NAMES)
    assert sections.suggest(paper("Surveys of Data, a Survey")) == SURVEY
    assert sections.suggest(SHIPPED[1][0]) == RESEARCH


def test_where_all_surveys_say_so_nothing_else_is_one() -> None:
    """A method on the very topic of the only survey is no survey."""
    assert FRESH.suggest(paper("CoAnnotating: Work Allocation for Data Annotation")) == RESEARCH
    entries = listed(
        ("Gardens: A Survey", "Surveys"),
        ("A Survey of Rose Gardens", "Surveys"),
        ("Kitchens Old and New", "Works"),
        ("Soup", "Works"),
        ("Bread", "Works"),
    )
    sections = Sections.learn(entries, ("Surveys", "Works"))
    assert sections.suggest(paper("New Hedges for Roses")) == "Works"
    assert sections.suggest(paper("Kitchens: A Survey")) == "Surveys"


def test_names_alone_suffice() -> None:
    """A list without an entry suggests by words of the names, in their order where none fits."""
    sections = Sections.learn((), ("1. Benchmarks", "2. 🎓 Surveys", "2.1 Theory", "Data-free"))
    assert sections.suggest(paper("A New Benchmark for Agents")) == "1. Benchmarks"
    assert sections.suggest(paper("Agents: A Survey")) == "2. 🎓 Surveys"
    assert sections.suggest(paper("A Theoretical View of Agents")) == "2.1 Theory"
    assert sections.suggest(paper("Nothing of That, in 2 Words")) == "1. Benchmarks"


def test_a_word_of_all_names_tells_nothing() -> None:
    """`Papers` in every name draws no paper about papers anywhere."""
    sections = Sections.learn(SHIPPED, NAMES)
    assert "wsurvey" in sections.titles
    assert "wpaper" not in sections.titles
    assert sections.suggest(paper("Papers on Papers")) == RESEARCH


def test_names_in_other_scripts_match_titles_in_them() -> None:
    """Characters of a Chinese name are found within a Chinese title."""
    sections = Sections.learn((), ("方法", "综述", "理论分析", "조사", "Обзоры"))
    assert sections.suggest(paper("大语言模型数据合成综述")) == "综述"
    assert sections.suggest(paper("合成数据的理论分析")) == "理论分析"
    assert sections.suggest(paper("합성 데이터에 대한 조사")) == "조사"
    assert sections.suggest(paper("Обзор синтетических данных: обзоры")) == "Обзоры"


def test_other_lists_learn_their_own_kinds() -> None:
    """What a list calls a kind is learned from it, and abstracts say what a title does not."""
    texts = {
        "Gardens": "We grow roses and prune hedges in the garden.",
        "Kitchens": "We cook soup and bake bread in the kitchen.",
    }
    entries = [
        (paper(f"Work {n}", texts[name]), name)
        for n, name in enumerate(("Gardens", "Kitchens") * 4)
    ]
    sections = Sections.learn(entries, tuple(texts))
    assert sections.suggest(paper("More Work", "Bread is baked with soup.")) == "Kitchens"
    assert sections.suggest(paper("More Work", "Roses and hedges.")) == "Gardens"


def test_sections_named_after_years_get_papers_of_those_years() -> None:
    """The year of a paper picks among them, the nearest where its own has no section."""
    names = ("Survey / 2023", "Survey / 2024", "Method / 2023", "Method / 2024")
    entries = listed(
        ("Agents: A Survey", names[0]),
        ("Tools: A Survey", names[1]),
        ("AgentX: Faster Tools", names[2]),
        ("ToolY: Faster Agents", names[3]),
    )
    sections = Sections.learn(entries, names)
    for year, section in ((2023, names[0]), (2024, names[1]), (2026, names[1]), (2011, names[0])):
        assert sections.suggest(paper("Data: A Survey", "", date(year, 5, 1))) == section


def test_sections_may_be_missing_or_unknown() -> None:
    """No section, no suggestion; entries of sections that are not asked for teach nothing."""
    assert Sections.learn(SHIPPED, ()).suggest(paper("A Survey")) == ""
    assert Sections.learn(SHIPPED, ("Only",)).suggest(paper("A Survey")) == "Only"
    assert Sections.learn((), ("", "...")).suggest(paper("")) == ""
    assert Sections.learn(SHIPPED, ("A", "B")) == Sections.learn((), ("A", "B"))


def test_what_was_learned_is_the_same_each_time_and_travels() -> None:
    """The same list gives the same, in another process too."""
    again = Sections.learn(list(SHIPPED), list(NAMES))
    assert again == FRESH
    assert pickle.loads(pickle.dumps(FRESH)) == FRESH


@given(st.text(), st.text(), st.lists(st.text(), max_size=5, unique=True))
def test_no_text_is_too_strange(title: str, abstract: str, names: list[str]) -> None:
    """Whatever stands in a paper or a name, one of the sections is suggested."""
    strange = paper(title, abstract)
    entries = [(strange, name) for name in names]
    assert Sections.learn(entries, names).suggest(strange) in (names or [""])
    assert FRESH.suggest(strange) in NAMES


def test_a_huge_list_is_learned_in_no_time() -> None:
    """1,200 entries with abstracts in 40 sections, and megabytes in one of them."""
    names = [f"Topic {n}" for n in range(40)]
    words = [f"word{n}" for n in range(5_000)]
    entries = [
        (
            paper(f"{words[n]} {words[n + 7]}: on {words[n % 40]}", " ".join(words[n : n + 150])),
            names[n % 40],
        )
        for n in range(1_200)
    ]
    huge = paper("综述 " * 500_000, "x y? " * 1_000_000)
    start = time.process_time()
    sections = Sections.learn([*entries, (huge, names[0])], names)
    assert time.process_time() - start < 3  # a busy machine; alone it takes a fifth of a second
    assert sections.suggest(huge) == names[0]
    assert sections.suggest(paper("On word13 and word999")) == names[13]
