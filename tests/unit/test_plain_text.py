"""LaTeX reads as text, and nothing in it can do harm."""

from __future__ import annotations

import gzip
import json
import logging
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.services.plain_text import LONGEST, plain
from tests.conftest import SHARED

STREAM = SHARED / "relevance" / "stream.jsonl.gz"


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"Schr\"odinger", "Schrödinger"),
        (r"Schr{\"o}dinger", "Schrödinger"),
        (r"G\"odel's \v{S}koda, \L{}ukasz and Pir\'a", "Gödel's Škoda, Łukasz and Pirá"),
        (r"$\alpha$-divergence", "α-divergence"),
        (r"in $O(n^2)$ time", "in O(n^2) time"),
        (r"an \emph{x}", "an x"),
        (r"\textsc{AIEV-Instruct}", "AIEV-Instruct"),
        (r"$\textbf{PLUM}$: Improving", "PLUM: Improving"),
        (r"3$\times$ more", "3× more"),
        (r"$>$80\% of $k$NN", ">80% of kNN"),
        (r"see \url{http://x.org/~u} or \href{http://y.org}{this}", "see http://x.org/~u or this"),
        (r"as shown~\cite{gpt}, Fig.~1 is $\frac{a}{b}$", "as shown, Fig. 1 is a/b"),
        (r"{BERT} and {\bf more}", "BERT and more"),
        (r"\unknown{kept} too", "kept too"),
        (r"R$^2$AG", "R^2AG"),
    ],
)
def test_latex_reads_as_text(latex: str, text: str) -> None:
    """Accents, symbols, styles, links and maths come out as a person would write them."""
    assert plain(latex) == text


@pytest.mark.parametrize(
    "text",
    ["", "C++ & GPT-4: 50% #1 ~5  two  blanks", "line\nbreak", "100 % ^ _ x_i", "naïve 数据 🙂"],
)
def test_text_without_latex_is_left_alone(text: str) -> None:
    """Without a backslash, dollar or brace not even the white space changes."""
    assert plain(text) == text


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"\emph{up} 50% of all & ~7 #2", "up 50% of all & ~7 #2"),
        ("costs $5 and $10 {a month}", "costs $5 and $10 a month"),
        ("from $5-$10 to US$20", "from $5-$10 to US$20"),
        (r"\$5 for 100\% of C\#", "$5 for 100% of C#"),
        (r"$5 for $\alpha$", "$5 for α"),
        ("$$", "$$"),
    ],
)
def test_signs_that_are_no_latex_swallow_nothing(latex: str, text: str) -> None:
    """Percent signs, tildes, ampersands and dollar amounts stay what they are."""
    assert plain(latex) == text


@pytest.mark.parametrize(
    "unit",
    [
        "{",
        "}",
        "$",
        "\\",
        "\\frac",
        "\\emph{",
        "\\begin{a}",
        "\\c ",
        "$x_1$ ",
        "\\left(",
        "\\verb|",
        "\\[",
        "\\(",
        "\\cite{",
        "\\href{",
        "\\sqrt[",
        "\\\\",
        "%",
        "\\'",
        "{{}",
        "\\begin{",
    ],
)
def test_hostile_input_costs_little(unit: str) -> None:
    """A megabyte of any one thing takes bounded time; what was too long follows as it is."""
    text = unit * (1_000_000 // len(unit))
    start = time.perf_counter()
    result = plain(text)
    assert time.perf_counter() - start < 2
    assert result.endswith(text[LONGEST:])


LATEX = st.lists(
    st.sampled_from(
        [
            *"\\${}[]()%~^_&# ab5é\n\x00",
            "\\frac",
            '\\"',
            "\\begin",
            "\\end",
            "{a}",
            "\\sqrt",
            "\\c",
            "\\left",
            "\\verb",
            "\\input",
            "\\def",
            "\\newcommand",
            "\\text",
            "\\item",
            "\\hspace",
        ]
    ),
    max_size=30,
).map("".join)


@settings(max_examples=300, deadline=None)
@given(LATEX | st.text(max_size=60))
def test_it_never_raises(text: str) -> None:
    """Whatever stands in a title, there is something to show."""
    assert isinstance(plain(text), str)


def test_it_does_not_talk(caplog: pytest.LogCaptureFixture) -> None:
    """Broken LaTeX fills no log."""
    with caplog.at_level(logging.DEBUG):
        plain(r"a \frac \sqrt \'")
    assert not caplog.records


@pytest.mark.skipif(not STREAM.exists(), reason=f"{STREAM} is not there")
def test_no_real_abstract_keeps_a_command() -> None:
    """In real titles and abstracts no command is left, and no text is lost."""
    with gzip.open(STREAM, "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    texts = [r[key] for r in records for key in ("title", "abstract") if "\\" in r[key]]
    for text in texts[::5]:
        read = plain(text)
        assert "\\" not in read
        assert len(read) > 0.6 * len(text)
