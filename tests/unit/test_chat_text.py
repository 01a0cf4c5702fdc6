"""Hostile text reads as it is; cuts fall between graphemes; only web addresses become links."""

from __future__ import annotations

import re

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.custom_ids import LIMIT, Carried, decode, encode
from bot.chat.text import (
    ELLIPSIS,
    clean,
    cut,
    escape,
    graphemes,
    guard,
    isolate,
    link,
    safe_url,
    width,
)

MARKUP = "\\*_~|`[]<>@:#-+.()!0123456789 \n\tab/"
hostile = st.one_of(
    st.text(alphabet=MARKUP, max_size=60),
    st.text(max_size=60),
    st.text(alphabet="e\u0301\u200d🧑🚀🇩🇪\u202e\u200bשש한\U000e0041\ud800[]*", max_size=60),
)
ESCAPED = re.compile(r"\\([^0-9A-Za-z\s])")


def shown(markdown: str) -> str:
    """What Discord shows of escaped text that holds no live markup."""
    return ESCAPED.sub(r"\1", markdown)


def live(markdown: str) -> str:
    """The Markdown with every escaped character made harmless."""
    return ESCAPED.sub("\ue000", markdown)


@given(hostile)
def test_escaped_text_reads_as_it_is(text):
    """Unescaping gives the cleaned text back, and nothing that Discord would act on is left."""
    seen = clean(text)
    escaped = guard(escape(seen))
    assert shown(escaped) == seen
    assert not re.search(r"[\\*_~|`\[\]<@]|https?://|:\w+:", live(escaped))
    assert not re.match(r"[#>+-]|\d+[.)](\s|$)", live(escaped))


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("Title: subtitle", "Title: subtitle"),
        ("09:12 UTC", "09:12 UTC"),
        ("arXiv:2402.13446", "arXiv:2402.13446"),
        ("https://a.org", r"https\://a.org"),
        ("ends in https:", r"ends in https\:"),
        (":+1::skin-tone-2: a:b:c", r"\:+1:\:skin-tone-2: a\:b:c"),
    ],
)
def test_only_colons_that_do_something_are_escaped(text, escaped):
    """Links and emoji names lose their life; times, ids and titles stay as typed."""
    assert escape(text) == escaped


@given(hostile)
def test_clean_text_is_one_visible_line(text):
    """No control, override or zero-width characters, no lone surrogates, no runs of space."""
    seen = clean(text)
    assert not regex.search(
        r"[\p{Cc}\p{Cs}]|[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]", seen
    )
    assert "  " not in seen
    assert clean(seen) == seen


@pytest.mark.parametrize(
    "kept", ["🧑‍🚀 flies", "می‌خواهم", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "क्‍ष", "שלום", "é", "한국어", "Title: a subtitle"]
)
def test_what_needs_joiners_is_left_alone(kept):
    """Emoji sequences, flags, Persian and Indic words and right-to-left text stay as they are."""
    assert clean(kept) == kept


def test_piled_up_marks_are_cut_down():
    """Text that would spill over its neighbours keeps four marks a letter."""
    assert clean("a" + "\u0301" * 40) == "a" + "\u0301" * 4


def test_right_to_left_text_cannot_reorder_its_neighbours():
    """Such a run is isolated; other text gets no hidden characters."""
    assert isolate("שלום") == "\u2068שלום\u2069"
    assert isolate("plain") == "plain"


@given(hostile, st.integers(1, 40))
def test_a_cut_fits_and_never_splits_a_grapheme(text, limit):
    """What is left is a run of whole graphemes and an ellipsis, or all of the text."""
    text = clean(text).strip()
    short = cut(text, limit)
    assert width(short) <= limit
    if short != text:
        assert short.endswith(ELLIPSIS)
        kept = short.removesuffix(ELLIPSIS)
        whole = graphemes(text)
        assert any(kept == "".join(whole[:count]).rstrip() for count in range(len(whole) + 1))


@given(hostile, st.integers(2, 40))
def test_a_cut_never_splits_an_escape(text, limit):
    """The limit holds for the escaped text, and unescaping it gives a beginning of the text."""
    text = clean(text).strip()
    short = cut(text, limit, escape)
    assert width(short) <= limit
    assert text.startswith(shown(short).removesuffix(ELLIPSIS))


def test_a_text_of_just_the_limit_is_not_cut():
    """The limit itself is allowed; one more is not."""
    assert cut("x" * 256, 256, escape) == "x" * 256
    assert cut("x" * 257, 256, escape) == "x" * 255 + ELLIPSIS
    assert cut("🧑‍🚀" * 10, 12) == "🧑‍🚀🧑‍🚀" + ELLIPSIS


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://arxiv.org/abs/2409.08239", "https://arxiv.org/abs/2409.08239"),
        ("http://a.org/x (y)[z]", "http://a.org/x%20%28y%29%5Bz%5D"),
        ("https://a.org/%20?q=a&b=ü#f", "https://a.org/%20?q=a&b=%C3%BC#f"),
        ("HTTPS://A.org:8080/x", "https://a.org:8080/x"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("javascript:alert(1)", ""),
        ("//a.org/x", ""),
        ("https://arxiv.org@evil.example/", ""),
        ("https://a.org:port/", ""),
        ("https://[::1", ""),
        ("https://a b.org/", ""),
        ("https://" + "a" * 70 + ".org/", ""),
        ("https://a.org/" + "x" * 2048, ""),
        ("", ""),
    ],
)
def test_only_plain_web_addresses_are_links(url, safe):
    """Only http and https with a host and no user name; whatever could end a link is encoded."""
    assert safe_url(url) == safe


@given(hostile)
def test_a_link_cannot_be_broken_from_inside(text):
    """Read with Discord's own pattern, the link spans the whole and leads where it should."""
    inside = r"(?:\[[^\]]*\]|[^\[\]]|\](?=[^\[]*\]))*"
    text = clean(text).strip() or "x"
    found = re.fullmatch(rf"\[({inside})\]\(([^\s()]*)\)", link(text, "https://a.org/x"))
    assert found
    assert found.group(2) == "https://a.org/x"
    read = shown(found.group(1)).strip("\u2068\u2069")
    assert read.replace("［", "[").replace("］", "]") == text.replace("［", "[").replace("］", "]")


@given(st.from_regex(r"[a-z_-]{1,12}", fullmatch=True), hostile, st.sampled_from(["", "c17.0.0"]))
def test_a_custom_id_gives_its_parts_back(action, argument, key):
    """Whatever the argument holds: colons, keys, nothing. One that would be too long is refused."""
    carried = Carried(action, argument, key)
    custom_id = encode(carried)
    assert width(custom_id) <= LIMIT
    assert not custom_id or decode(custom_id) == carried


@pytest.mark.parametrize("argument", ["a:c17.0.0", "a:", ":", "c17.0.0", "arXiv:2402.13446"])
def test_an_argument_that_looks_like_a_key_is_none(argument):
    """An argument can neither bring a key of its own nor lose its end to one."""
    assert decode(encode(Carried("more", argument))) == Carried("more", argument)
    assert decode(encode(Carried("more", argument, "d1.0.0"))).argument == argument


def test_the_shape_of_custom_ids_is_fixed():
    """Messages sent before an update must still work after it."""
    assert encode(Carried("more", "17", "c17.0.0")) == "more:17:c17.0.0"
    assert encode(Carried("more", "17")) == "more:17"
    assert encode(Carried("more", "x" * 96)) == ""


@given(st.from_regex(r"https?://[a-z.-]{1,70}(/[\w./%:@!$&*+,;=~?#-]*)?", fullmatch=True))
def test_an_address_known_at_a_glance_is_what_taking_it_apart_makes_of_it(url):
    """A blank before it lets it be read piece by piece."""
    assert safe_url(url) == safe_url(f" {url}")


@given(hostile)
def test_a_text_known_at_a_glance_to_be_clean_is_what_cleaning_makes_of_it(text):
    """A control character lets it be read character by character; a width is what UTF-16 takes."""
    assert clean(f"\x07{text}") == clean(text)
    assert width(text) == sum(2 if character > "\uffff" else 1 for character in text)
