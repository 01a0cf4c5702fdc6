"""What a person types → a query value."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.query import LONGEST, MOST_WORDS, parse, respelled
from storage.models import ParsedQuery

JANUARY = date(2024, 1, 1)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("preference data", ParsedQuery(words=("preference", "data"))),
        ('"self instruct" data', ParsedQuery(words=("data",), phrases=("self instruct",))),
        ("“self instruct”", ParsedQuery(phrases=("self instruct",))),
        ("data -survey", ParsedQuery(words=("data",), excluded=("survey",))),
        ('data -"a survey"', ParsedQuery(words=("data",), excluded=("a survey",))),
        ("author:Lupidi", ParsedQuery(authors=("Lupidi",))),
        ('Author:"Ana B" x', ParsedQuery(words=("x",), authors=("Ana B",))),
        ("author: Lupidi", ParsedQuery(authors=("Lupidi",))),
        ('title:"synthetic data"', ParsedQuery(titles=("synthetic data",))),
        ("section:research", ParsedQuery(sections=("research",))),
        ("synth*", ParsedQuery(prefixes=("synth",))),
        ("year:2024", ParsedQuery(first_year=2024, last_year=2024)),
        ("year:2024..2025", ParsedQuery(first_year=2024, last_year=2025)),
        ("year:2025..2024", ParsedQuery(first_year=2024, last_year=2025)),
        ("year:2024-2025", ParsedQuery(first_year=2024, last_year=2025)),
        ("year:2024..", ParsedQuery(first_year=2024)),
        ("year:..2024", ParsedQuery(last_year=2024)),
        ("since:2024-05", ParsedQuery(since=date(2024, 5, 1))),
        ("until:2024-02", ParsedQuery(until=date(2024, 2, 29))),
        ("Since: 2024 until:2024-05-12", ParsedQuery(since=JANUARY, until=date(2024, 5, 12))),
        ("since:2023 since:2024", ParsedQuery(since=JANUARY)),
        ("data data", ParsedQuery(words=("data",))),
    ],
)
def test_reads_what_is_typed(typed: str, expected: ParsedQuery) -> None:
    """Words, phrases, a minus, fields, years and beginnings each find their place."""
    assert parse(typed) == expected


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("C++", ("C++",)),
        ("C#", ("C#",)),
        ("GPT-4", ("GPT-4",)),
        ("GPT-3.5.", ("GPT-3.5",)),
        ("foo:bar", ("foo", "bar")),
        ("http://x.org/a", ("http", "x.org", "a")),
        ('a lone " quote', ("a", "lone", "quote")),
        ("year:soon", ("soon",)),
        ("since:soon until:2024-13", ("soon", "2024-13")),
        ("-", ()),
        ("a - b -- c", ("a", "b", "c")),
        ("at -0.5 mV", ("at", "0.5", "mV")),
        ("🎉 🎉", ()),
        ("🎉data", ("data",)),
        ("合成数据", ("合成数据",)),
        ("AND OR NOT (data)", ("AND", "OR", "NOT", "data")),
        ("what's new?", ("what's", "new")),
        ("", ()),
    ],
)
def test_no_sign_is_a_grammar(typed: str, words: tuple[str, ...]) -> None:
    """Signs that other search engines stumble over are words, or nothing."""
    assert parse(typed) == ParsedQuery(words=words)


@pytest.mark.parametrize(
    "typed",
    ["2402.13446", "arXiv:2402.13446v2", "https://arxiv.org/abs/2402.13446v1", " 2402.13446 "],
)
def test_an_id_or_a_link_names_its_paper(typed: str) -> None:
    """A pasted arXiv id or link is recognised, whatever its version."""
    assert parse(typed).paper == "arXiv:2402.13446"


def test_words_around_an_id_are_a_search() -> None:
    """A sentence that mentions an id is a search, not that paper."""
    assert parse("papers like 2402.13446 please").paper is None


def terms(query: ParsedQuery) -> int:
    """How many words a query looks for."""
    kinds = (query.words, query.prefixes, query.phrases, query.excluded)
    kinds += (query.authors, query.titles, query.sections)
    return sum(len(text.split()) for kind in kinds for text in kind)


@given(st.text(max_size=300))
def test_any_text_is_a_query(typed: str) -> None:
    """No text raises, and none asks for more words than the budget."""
    assert terms(parse(typed)) <= MOST_WORDS


GRAMMAR = st.sampled_from(
    [
        '"',
        "-",
        ":",
        "*",
        " ",
        "author:",
        "year:",
        "since:",
        "until:",
        "2024",
        "..",
        "a",
        "C++",
        "数",
        "'",
        "\\",
        "(",
        "\0",
    ]
)


@given(st.lists(GRAMMAR, max_size=60).map("".join))
def test_any_mix_of_signs_is_a_query(typed: str) -> None:
    """No mix of the signs that mean something raises."""
    assert terms(parse(typed)) <= MOST_WORDS


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("sythetic data", "synthetic data"),
        ("(sythetic), “data”!", '(synthetic), "data"!'),
        ('"sythetic" -sythetic title:sythetic sythetic*', None),
        ("foo:sythetic", "foo:synthetic"),
        ("year:sythetic since: sythetic", "year:synthetic since: synthetic"),
        ("sythetics", None),
    ],
)
def test_only_plain_words_are_respelled(typed: str, expected: str | None) -> None:
    """What is quoted, excluded, begun or in a field stays as it was typed."""
    assert respelled(typed, {"sythetic": "synthetic"}) == (expected or typed)


def test_the_name_of_a_field_is_not_respelled() -> None:
    """A word may be spelt like the field before it."""
    assert respelled("year:year", {"year": "yeah"}) == "year:yeah"


@given(st.lists(GRAMMAR, max_size=60).map("".join))
def test_a_respelled_query_has_the_other_words(typed: str) -> None:
    """Reading the text again gives the words looked for instead, and all else as it was."""
    before = parse(typed)
    after = parse(respelled(typed, {"a": "b"}))
    assert after.words == tuple(
        dict.fromkeys("b" if word == "a" else word for word in before.words)
    )
    assert replace(after, words=()) == replace(before, words=())


@pytest.mark.parametrize(
    "part",
    ['"', "-", "a", "a-", "a'", "author:", "year:", "(", "*", "2402.13446 ", "x y ", '"a', "数"],
)
def test_no_long_text_is_slow(part: str) -> None:
    """Ten times as much of anything as is read takes a moment only."""
    begun = time.perf_counter()
    query = parse(part * (10 * LONGEST // len(part)))
    assert time.perf_counter() - begun < 0.5
    assert terms(query) <= MOST_WORDS
