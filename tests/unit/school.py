"""Examples to learn from: made-up papers of five topics, and texts of all sorts."""

from __future__ import annotations

import random

from hypothesis import strategies as st

from storage.models import Example, Label, Paper, PaperId

TOPICS = {
    "syntax": "parsing treebank grammar dependency constituent syntax annotation clause verb noun",
    "speech": "prosody pitch speaker acoustic phoneme recording tone vowel utterance rhythm",
    "translation": "translation bilingual decoder source target sentence alignment beam fluency",
    "poetry": "poem rhyme stanza metre poet verse metaphor genre author style",
    "data": "synthetic data generated instruction tuning teacher student curation filter quality",
}
_COMMON = "model result method task paper experiment propose improve evaluate system work show"

_PIECES = (
    *("data", "Data", "generated", "generating", "generation", "synthetic", "Synthetic data"),
    *("the", "of", "by", "LLM", "LLMs", "models", "self-play", "C++", "GPT-4", "12", "3D", "²"),
    *(
        ".",
        ",",
        "(",
        "…",
        "\n",
        "_",
        r"\textbf{data}",
        "$x^2$",
        "naïve",
        "İstanbul",
        "数据",
        "合成",
    ),
)

any_text = st.one_of(
    st.lists(st.sampled_from(_PIECES), max_size=25).map(" ".join),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
)
"""What may stand in a record: words, signs, LaTeX, Chinese, anything."""


def made_up(topic: str, number: int, label: Label = Label.UNLABELLED) -> Example:
    """A paper of the topic; the same number gives the same one."""
    chance = random.Random(f"{topic} {number}")
    own, common = TOPICS[topic].split(), _COMMON.split()
    title = " ".join(chance.choices(own, k=4))
    words = [chance.choice(own if chance.random() < 0.4 else common) for _ in range(40)]
    sentences = (" ".join(words[at : at + 8]) for at in range(0, len(words), 8))
    return Example(f"{topic}:{number}", title, ". ".join(sentences) + ".", label)


def background(count: int) -> list[Example]:
    """So many unlabelled papers: one in 80 each about data and speech, else of the other topics."""
    rare = {7: "data", 41: "speech"}
    common = ("syntax", "translation", "poetry")
    return [made_up(rare.get(n % 80, common[n % 3]), n) for n in range(count)]


def paper_of(example: Example) -> Paper:
    """The example as a paper to be scored."""
    return Paper(PaperId("arXiv:2501.00001"), example.title, abstract=example.abstract)
