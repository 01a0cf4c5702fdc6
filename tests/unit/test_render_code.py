"""Lines to copy: one fenced block that nothing breaks out of, plain text at the console."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import console
from bot.chat.markdown import markdown
from bot.chat.render import embed
from bot.chat.text import width
from bot.commands.reply import Line, Reply, Span, text

BIBTEX = ("@article{lupidi2024source2synth,", "  title = {``A'' *b* _c_ <@1>},", "}")


def code(*rows: str) -> tuple[Line, ...]:
    """These rows as lines of code."""
    return tuple(text(row, code=True) for row in rows)


def test_lines_of_code_that_follow_each_other_are_one_block():
    """Nothing is escaped in it, indents stay, and what stands around it is as ever."""
    lines = (text("*in*"), *code(*BIBTEX), text("between"), *code("x"), text("out"))
    block = "\n".join(BIBTEX)
    assert markdown(lines, 4096) == f"\\*in\\*\n```\n{block}\n```\nbetween\n```\nx\n```\nout"


def test_a_line_of_code_may_hold_several():
    """A whole entry in one line is the same block; the empty ones at its ends vanish."""
    assert markdown(code("\n" + "\n".join(BIBTEX) + "\n\n"), 4096) == markdown(code(*BIBTEX), 4096)
    assert markdown(code("", "\u200b\n"), 4096) == ""


def test_nothing_of_a_line_of_code_is_a_link_or_bold():
    """Only its text is there to be copied."""
    line = Line((Span("a", "https://a.org", bold=True), Span("b")), code=True)
    assert markdown((line,), 4096) == "```\nab\n```"


@given(st.lists(st.text(alphabet="`a \n\u202e\u200b\ud800\t", max_size=60), max_size=5))
def test_backticks_never_end_the_block(rows):
    """No third backtick follows two others; two stay as they are, since LaTeX quotes by them."""
    made = markdown(code(*rows), 4096)
    assert not made or re.fullmatch(r"```\n(?:(?!```)[^\u202e\u200b])+\n```", made)


@pytest.mark.parametrize("room", range(12, 80))
def test_a_block_that_is_cut_still_ends(room):
    """At any limit the fence closes behind an ellipsis."""
    made = markdown((text("first"), *code(*BIBTEX), text("last")), room)
    assert width(made) <= room
    assert made.count("```") in {0, 2}
    assert "…" in made


def test_a_block_longer_than_a_description_is_cut_at_its_limit():
    """4096 units, fences and all."""
    made = embed(Reply(lines=code(*("x" * 100 for _ in range(100))))).description
    assert 4000 < width(made) <= 4096
    assert made.endswith("…\n```")


def test_the_console_shows_code_as_plain_text():
    """Ready to be copied there too."""
    assert console.render(Reply(lines=code(*BIBTEX))) == "\n".join(BIBTEX)
