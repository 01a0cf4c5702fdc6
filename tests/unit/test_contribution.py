"""The sentence on a card is the one that says what the authors did."""

from __future__ import annotations

import gzip
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.contribution import contribution, sentences
from tests.conftest import SHARED

STREAM = SHARED / "relevance" / "stream.jsonl.gz"

CHECKED_BY_HAND = r"""
    2309.05519 To fill the gap, we present an end-to-end
    2404.16811 Based on this intuition, our study presents information-intensive
    2403.18746 In this paper, we propose CYCLE framework, learning
    2306.02707 To address these challenges, we develop Orca (We
    2312.14187 In this paper, we concentrate on multiple code-related
    2405.14906 We introduce AutoCoder, the first Large Language Model
    2402.12226 We introduce AnyGPT, an any-to-any multimodal language model
    2404.10774 In this work, we show how to build
    2305.03047 To address these challenges, we propose a novel
    2405.19716 To address this, we introduce Self-Training on Image
    2302.13007 Inspired by the recent success of large language
    2402.11443 This paper presents a benchmark self-evolving framework to
    2310.01377 We finally present \textsc{UltraFeedback}, a large-scale, high-quality, and
    2404.01413 In this paper, we ask: what effect does
    2308.01825 In this paper, we investigate how the pre-training
    2406.04614 To address this problem, we introduce LawGPT, the
    2403.15042 To address this, we propose LLM2LLM, a targeted
    2404.00604 In this work, we introduce Self-Contrast, a feedback-free
    2406.13542 In this paper, we introduce AutoIF, the first
    2401.10020 In this work, we study Self-Rewarding Language Models,
    2306.08568 In this paper, we introduce WizardCoder, which empowers
    2406.00770 This paper proposes Auto Evol-Instruct, an end-to-end framework
    2404.12253 In this paper, we introduce AlphaLLM for the
    2403.02990 This survey explores the transformative impact of LLMs
    2312.03724 In this paper, we present a novel solution
    2301.13318 In this work, we show that pairing a
    2304.02768 This work presents a systematic literature review of
    2306.01807 This paper explores this idea by creating a
    2404.09296 This article proposes a method for automatically constructing
    2303.04562 Instead, in this work, we propose Iterative Controlled
    2402.08005 In this paper, we introduce \emph{refined Direct Preference
    2404.04360 This paper investigates how large language models (LLMs)
    2406.20094 We propose a novel persona-driven data synthesis methodology
    2403.01081 This work introduces LAB (Large-scale Alignment for chatBots),
    2307.16789 To bridge this gap, we introduce ToolLLM, a
    2307.12950 We propose Reinforcement Learning from Contrastive Distillation (RLCD),
    2406.12397 Our work delves into these specific flaws associated
    2310.20689 To further improve their reasoning capabilities, this work
    2306.05115 To improve annotation accuracy and, thus, the detection
    2304.06588 This paper assesses the accuracy, reliability and bias
    2304.12244 In this paper, we show an avenue for
    2304.03277 In this paper, we present the first attempt
    2403.04706 This paper shows that the LLaMA-2 7B model
    2302.10291 This work tries to study adversarial behavior in
    2310.06117 We present Step-Back Prompting, a simple prompting technique
    2302.09632 To address this challenge, we propose Homotopic Distillation
    2309.05463 We follow the ``Textbooks Are All You Need"
    2305.14556 In this paper, we explore the potential of
    2306.14898 To address this gap, we introduce InterCode, a
    2406.14867 To address this gap of knowledge, we investigate
"""
"""arXiv id and the first words of the sentence a person chose, having read the whole abstract."""


@pytest.mark.skipif(not STREAM.exists(), reason=f"{STREAM} is not there")
def test_the_sentence_is_the_one_a_person_chose() -> None:
    """On real abstracts read by hand the same sentence is chosen, in at least 95 of 100."""
    with gzip.open(STREAM, "rt", encoding="utf-8") as lines:
        abstracts = {record["id"]: record["abstract"] for record in map(json.loads, lines)}
    expected = dict(line.split(" ", 1) for line in CHECKED_BY_HAND.strip().split("\n    "))
    wrong = {
        number: contribution(abstracts[number])
        for number, start in expected.items()
        if not contribution(abstracts[number]).startswith(start)
    }
    assert len(wrong) <= len(expected) // 20, wrong


@pytest.mark.parametrize(
    "wanted",
    [
        "We propose UniGen, a framework for textual datasets.",
        "This paper introduces a corpus of 1.5 million words.",
        "In this work, we study why models collapse.",
        "To fill this gap, the authors present GPT-4-made dialogues, e.g. in Thai.",
        "Here we show, after Wei et al. (2022), that data of Fig. 3 suffice.",
        "In this paper, a new tagger is proposed.",
        "This survey reviews how synthetic data is made.",
        "We survey 120 papers on data synthesis.",
    ],
)
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ""),
        ("Data is scarce. Previous work (Liu et al. 2023) proposed rules, i.e. templates. ", ""),
        ("Models grow. ", " Experiments show that it beats GPT-4 by 3.5 points. Code is public."),
        ("However, recent methods fail. ", " We also provide insights. We release our code."),
    ],
)
def test_what_they_offer_is_found_wherever_it_stands(before: str, wanted: str, after: str) -> None:
    """Neither motivation before nor results after hide the sentence that says what was done."""
    assert contribution(before + wanted + after) == wanted


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        ("One sentence without end", ["One sentence without end"]),
        ("As Wei et al. Showed it. We agree.", ["As Wei et al. Showed it.", "We agree."]),
        ("It follows Wei et al. We go on.", ["It follows Wei et al.", "We go on."]),
        ("Use e.g. GPT-4, i.e. LLMs. Done.", ["Use e.g. GPT-4, i.e. LLMs.", "Done."]),
        ("It gains 3.5 points. See Fig. 2 first.", ["It gains 3.5 points.", "See Fig. 2 first."]),
        ('Is it so? It is! "Quite." Yes.', ["Is it so?", "It is!", '"Quite."', "Yes."]),
        ("J. Smith wrote it. Good.", ["J. Smith wrote it.", "Good."]),
        ("No blank follows.We go on.", ["No blank follows.", "We go on."]),
        ("Wrapped\nlines   are\n one. Two.", ["Wrapped lines are one.", "Two."]),
        ("GPT-4 vs. Claude 3.5 etc. Both fail.", ["GPT-4 vs. Claude 3.5 etc.", "Both fail."]),
        ("It beats MultiPL-E. We release it.", ["It beats MultiPL-E.", "We release it."]),
        (r"Data helps. $\textbf{So}$ do rules.", ["Data helps.", r"$\textbf{So}$ do rules."]),
        (r"Data helps. \emph{So} do rules.", ["Data helps.", r"\emph{So} do rules."]),
        ("It is robust. rDPO is, too.", ["It is robust.", "rDPO is, too."]),
        ("See https://a.org/b. It is public.", ["See https://a.org/b.", "It is public."]),
        ("As of Wei et al., 2022. We go on.", ["As of Wei et al., 2022.", "We go on."]),
        ("Data (e.g. GPT-3.5 output) ends. So?", ["Data (e.g. GPT-3.5 output) ends.", "So?"]),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, parts: list[str]) -> None:
    """Abbreviations, initials, decimals and model names end no sentence."""
    assert sentences(text) == parts


def test_without_any_cue_the_first_sentence_stands() -> None:
    """There is always something to show."""
    assert contribution("Cats sleep. Dogs bark. Birds sing.") == "Cats sleep."
    assert contribution("") == ""


def test_a_promise_of_code_is_no_contribution() -> None:
    """Releases, hopes and results give way to the work itself."""
    text = "We release our code and data publicly. We hope it helps. We train a parser on poems."
    assert contribution(text) == "We train a parser on poems."


@pytest.mark.parametrize(
    "unit", ["we ", "We propose. ", ". ", "(", "a", "this very ", "and ", "e.g. "]
)
def test_hostile_text_costs_little(unit: str) -> None:
    """Text made to be slow is not."""
    start = time.perf_counter()
    contribution(unit * (300_000 // len(unit)))
    assert time.perf_counter() - start < 2


@given(st.text())
def test_it_is_a_part_of_the_text_on_one_line(text: str) -> None:
    """Whatever comes in, the answer is words of it on a single line."""
    found = contribution(text)
    assert found in " ".join(text.split())
    assert len(found.splitlines()) <= 1
