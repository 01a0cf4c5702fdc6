"""Sentences: English text that can be said by another catalog, whatever stands in their gaps."""

from __future__ import annotations

import pickle
from collections import UserDict

from hypothesis import given
from hypothesis import strategies as st

from bot.commands.columns import shorten
from bot.commands.languages import in_language
from bot.commands.reply import Reply, Span, text
from bot.domain.errors import UserError
from bot.domain.sentences import (
    Language,
    Sentence,
    clauses,
    counted,
    joined,
    passage,
    sentence,
    translated,
)

WORDS = {
    "Found {n} for “{query}”.": "{query}：{n} 篇。",
    "{n} paper": "{n} 篇",
    "{n} papers": "{n} 篇",
    "new": "新",
    "{first}, {then}": "{first}，{then}",
    "{first} {then}": "{first}{then}",
    "a long text about {topic}": "关于{topic}的长文",
}
HOSTILE = st.text() | st.sampled_from(["{n}", "{", "}", "{0}", "{query.__class__}", "{{}}", "%s"])


@given(HOSTILE)
def test_what_stands_in_a_gap_is_never_read(typed: str) -> None:
    """Braces in a title are braces, in either language."""
    said = sentence("Found {n} for “{query}”.", n=2, query=typed)
    assert said == f"Found 2 for “{typed}”."
    assert said.said(WORDS) == f"{typed}：2 篇。"


def test_a_sentence_is_its_english_text() -> None:
    """So that logs and whoever compares texts need to know nothing of languages."""
    said = sentence("{n} new", n=3)
    assert said == "3 new"
    assert hash(said) == hash("3 new")
    assert type(str(said)) is str


def test_sentences_within_a_sentence_are_said_too() -> None:
    """At any depth; plain values stay."""
    inner = counted(1, "{n} paper", "{n} papers")
    outer = sentence("Found {n} for “{query}”.", n=inner, query="new")
    assert outer == "Found 1 paper for “new”."
    assert outer.said(WORDS) == "new：1 篇 篇。"


def test_one_and_many_have_templates_of_their_own() -> None:
    """Also nothing is many."""
    said = [counted(n, "{n} paper", "{n} papers") for n in (0, 1, 2)]
    assert said == ["0 papers", "1 paper", "2 papers"]
    assert [one.said(WORDS) for one in said] == ["0 篇", "1 篇", "2 篇"]


def test_joined_keeps_its_parts_and_a_translated_separator() -> None:
    """A separator without a line of its own stays as it is."""
    parts = (sentence("new"), "{plain}", sentence("new"))
    assert joined(" · ", parts) == "new · {plain} · new"
    assert joined(" · ", parts).said(WORDS) == "新 · {plain} · 新"
    assert joined(", ", parts).said({**WORDS, ", ": "、"}) == "新、{plain}、新"
    assert joined(", ", ()) == ""


def test_clauses_and_sentences_follow_one_another_as_the_language_has_it() -> None:
    """What is empty leaves no comma and no blank."""
    assert clauses("", sentence("new"), "", "2 old") == "new, 2 old"
    assert translated(clauses(sentence("new"), "2 old"), WORDS) == "新，2 old"
    assert translated(passage(sentence("new"), "", sentence("new")), WORDS) == "新新"
    assert clauses("", "") == ""


def test_a_sentence_that_is_cut_is_cut_in_the_language_it_is_said_in() -> None:
    """To the columns there are, of which a Chinese character takes two."""
    cut = shorten(sentence("a long text about {topic}", topic="x" * 40), 20)
    assert isinstance(cut, Sentence)
    assert cut == "a long text about…"
    assert cut.said(WORDS) == "关于xxxxxxxxxxxxxxx…"


def test_a_line_with_another_gap_is_said_in_english() -> None:
    """A fault of a catalog costs a member the translation and not the answer."""
    said = sentence("Found {n} for “{query}”.", n=2, query="x")
    for wrong in ("{q}: {n}", "{n.real.x}", "{", "{0}", "{n:q}"):
        assert said.said({said.template: wrong}) == "Found 2 for “x”."


def test_any_mapping_is_a_catalog() -> None:
    """Not only a dict."""
    assert sentence("new").said(UserDict({"new": "新"})) == "新"


def test_a_sentence_crosses_to_another_process() -> None:
    """Whole, cut or joined, it can still be translated there."""
    whole = sentence("a long text about {topic}", topic=sentence("new"))
    for said in (whole, joined(", ", (whole, "b")), shorten(whole, 12)):
        there = pickle.loads(pickle.dumps(said))
        assert there == said
        assert there.said(WORDS) == said.said(WORDS)


def test_a_reply_is_said_anew_all_through() -> None:
    """Each sentence of it; titles and names stay as they are."""
    reply = Reply(title=sentence("Jan"), lines=(text("Jan ", Span(sentence("Feb"), bold=True)),))
    said = in_language(reply, Language.CHINESE)
    assert said == Reply(title="1月", lines=(text("Jan ", Span("2月", bold=True)),))
    assert in_language(reply, Language.ENGLISH) is reply


def test_an_error_keeps_its_sentence() -> None:
    """So that a face can say it in another language."""
    error = UserError(sentence("{n} paper", n=1))
    assert str(error) == "1 paper"
    assert translated(error.args[0], WORDS) == "1 篇"
