"""The sentence on a card, against a table of 50 abstracts that a person read.

The abstracts are every third (from the second) of those on the topic, by id; the sentences were
chosen before the program's choice was seen. Where two are equally good, there are two rows.
"""

from __future__ import annotations

import gzip
import json
from collections import defaultdict

import pytest

from bot.domain.contribution import contribution
from tests.conftest import SHARED

STREAM = SHARED / "relevance" / "stream.jsonl.gz"
CHOSEN = r"""
    2301.08881 In this paper, we propose a comprehensive
    2303.04360 To overcome these limitations, we propose a
    2303.17760 To address the challenges of achieving autonomous
    2304.06588 This paper assesses the accuracy, reliability and
    2304.06588 The paper finds that ChatGPT-4 has achieves
    2304.08485 In this paper, we present the first
    2304.08485 By instruction tuning on such generated data,
    2305.03047 To address these challenges, we propose a
    2305.08298 We present symbol tuning - finetuning language
    2305.14233 We first provide a systematically designed, diverse,
    2305.15062 In this paper, we propose a new
    2305.16635 We present Impossible Distillation, a novel framework
    2305.20050 We conduct our own investigation, finding that
    2306.04140 In this work, we explore human-AI partnerships
    2306.05301 To address this question, this paper introduces
    2306.14898 To address this gap, we introduce InterCode,
    2307.04657 In this paper, we introduce the BeaverTails
    2307.08701 In this paper, we propose a simple
    2308.01825 In this paper, we investigate how the
    2308.09583 In this paper, we present WizardMath, which
    2308.12950 We release Code Llama, a family of
    2309.00267 Across the tasks of summarization, helpful dialogue
    2309.05653 We introduce MAmmoTH, a series of open-source
    2309.14316 In this paper, we investigate this issue
    2310.03744 In this note, we show that the
    2310.03744 With simple modifications to LLaVA, namely, using
    2310.05910 This paper presents a novel approach, namely
    2310.15638 We propose CoAnnotating, a novel paradigm for
    2310.20111 In this paper, we propose a unified
    2311.00571 LLaVA-Interactive is a research prototype for multimodal
    2311.05437 LLaVA-Plus is a general-purpose multimodal assistant that
    2311.09528 To alleviate this problem, we collect HelpSteer,
    2311.15614 To bridge this, we revolutionize traditional active
    2312.02120 We introduce Magicoder, a series of fully
    2312.14187 In this paper, we concentrate on multiple
    2401.03065 We present CRUXEval (Code Reasoning, Understanding, and
    2401.09003 We introduce the MMIQC dataset, comprising a
    2401.14367 To address this gap, we propose Genie,
    2401.16380 In this work, we propose Web Rephrase
    2402.01812 This study focuses on distilling the LLMs'
    2402.06627 In this work, we show that feedback
    2402.08005 In this paper, we introduce \emph{refined Direct
    2402.10612 In this study, we present Rowen, a
    2402.12226 We introduce AnyGPT, an any-to-any multimodal language
    2402.14658 To address this, we introduce OpenCodeInterpreter, a
    2402.16352 In this paper, we introduce MathGenie, a
    2403.01081 This work introduces LAB (Large-scale Alignment for
    2403.02990 This survey explores the transformative impact of
    2403.09032 Based on this approach, we present CodeUltraFeedback,
    2403.18746 In this paper, we propose CYCLE framework,
    2404.02078 We introduce Eurus, a suite of large
    2404.05875 To this end, we introduce CodecLM, a
    2404.10774 In this work, we show how to
"""
"""arXiv id and the first words of the sentence that says what the authors contribute."""


def table() -> dict[str, list[str]]:
    """By arXiv id how a sentence that will do begins."""
    rows: dict[str, list[str]] = defaultdict(list)
    for row in CHOSEN.strip().split("\n"):
        number, _, start = row.strip().partition(" ")
        rows[number].append(start)
    return rows


@pytest.mark.skipif(not STREAM.exists(), reason=f"{STREAM} is not there")
def test_the_chosen_sentence_is_found() -> None:
    """Of 50 abstracts the program finds the sentence that a person chose in all."""
    with gzip.open(STREAM, "rt", encoding="utf-8") as lines:
        abstracts = {record["id"]: record["abstract"] for record in map(json.loads, lines)}
    rows = table()
    found = {number: contribution(abstracts[number]) for number in rows}
    wrong = {
        number: found[number] for number in rows if not found[number].startswith((*rows[number],))
    }
    assert len(rows) == 50
    assert wrong == {}
