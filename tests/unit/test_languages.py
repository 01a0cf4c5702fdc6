"""No message lacks its Chinese: read off the code, and by what every command answers."""

from __future__ import annotations

import tomllib
from collections import Counter

import pytest

from bot.commands.languages import catalog
from bot.domain.sentences import Language
from tests.unit.templates import (
    ROOT,
    gaps,
    has_words,
    plain_arguments,
    raised,
    templates,
)
from tests.unit.test_chinese_descriptions import defined, worded

FOLDER = ROOT / "bot" / "commands" / "chinese"

DESCRIPTIONS = {"bot/commands/helping.py"}
"""Says what commands say of themselves, which has a test of its own."""

ENGLISH = {
    "f'New on the list, {day_text(post.day)}{part}'": "digests stand in channels, for everybody",
    "What stood here was taken back.": "digests stand in channels, for everybody",
    '"synthetic data" -survey model*': "an example of what is typed",
    "author:gan title:code year:2024..2025": "an example of what is typed",
}
"""What is no sentence though it has words, and why."""

OF_OPERATORS = {
    "bot/services/intake.py": "days of `python -m bot harvest`",
    "bot/publish/markdown_file.py": "the log says that the public copy was not written",
    "bot/programs": "the command line of whoever runs the bot",
    "bot/composition.py": "the command line of whoever runs the bot",
    "bot/config": "the configuration of whoever runs the bot",
    "bot/sources": "what a harvest met, for log and ledger",
    "bot/chat/errors.py": "what keeps the bot from Discord, for the log",
    "bot/chat/checks.py": "a mistake of the program, not of a member",
    "bot/assembly.py": "the configuration of whoever runs the bot",
    "bot/services/set_harvest.py": "what a harvest met, for log and ledger",
}
"""Errors that no member meets."""

PASSED_ON = {"receipts[0].problem"}
"""Sentences that somebody else has made."""


def lines() -> list[tuple[str, str, str]]:
    """Every line of the catalogs: file, English, Chinese."""
    found = []
    for file in sorted(FOLDER.glob("*.toml")):
        words = tomllib.loads(file.read_text(encoding="utf-8"))
        found += [(file.name, english, chinese) for english, chinese in words.items()]
    return found


def test_every_template_stands_in_the_code() -> None:
    """A literal, or a constant of its module: never put together where the program runs."""
    unread = [said.where for said in templates() if said.template is None]
    assert [one for one in unread if one.partition(":")[0] not in DESCRIPTIONS] == []


def test_gaps_are_names_and_nothing_more() -> None:
    """No format, no attribute, no number: what stands in them is worked out before."""
    for said in templates():
        if said.template is not None:
            gaps(said.template)


def test_every_template_has_its_chinese() -> None:
    """Whatever has a word in it; separators and signs may stay."""
    chinese = catalog(Language.CHINESE)
    missing = {
        f"{said.where}: {said.template!r}"
        for said in templates()
        if said.template and has_words(said.template) and said.template not in chinese
    }
    assert missing == set()


@pytest.mark.parametrize("file", sorted(file.name for file in FOLDER.glob("*.toml")))
def test_both_languages_have_the_same_gaps(file: str) -> None:
    """A gap too few says less than was known, one too many cannot be said at all."""
    wrong = [
        english
        for name, english, chinese in lines()
        if name == file and set(gaps(english)) != set(gaps(chinese))
    ]
    assert wrong == []


def test_no_line_is_left_over() -> None:
    """Of a message that is no longer said."""
    known = {said.template for said in templates()} | set(worded(defined()))
    assert [f"{name}: {english}" for name, english, _ in lines() if english not in known] == []


def test_no_line_stands_twice() -> None:
    """Or one of two files would be changed in vain."""
    counts = Counter(english for _, english, _ in lines())
    assert [english for english, count in counts.items() if count > 1] == []


def test_no_line_is_empty() -> None:
    """Nor does it begin or end otherwise than the English where a name stands next to it."""
    for name, english, chinese in lines():
        assert chinese, f"{name}: {english}"
        assert "\n" not in chinese, f"{name}: {english}"


def test_nothing_told_is_plain_english() -> None:
    """No literal and no f-string with words in what commands and faces lay out."""
    known = {*ENGLISH, *worded(defined())}
    assert [one for one in plain_arguments() if one[1] not in known] == []


def test_errors_are_raised_with_sentences() -> None:
    """Wherever a member may meet them."""
    plain = [
        f"{one.where}: {one.text}"
        for one in raised()
        if not one.is_sentence
        and one.text not in PASSED_ON
        and not one.where.startswith(tuple(OF_OPERATORS))
    ]
    assert plain == []


def test_the_lists_of_exceptions_hold_nothing_but_exceptions() -> None:
    """What they name exists and needs to be named."""
    unread = {said.where.partition(":")[0] for said in templates() if said.template is None}
    assert unread == DESCRIPTIONS
    assert {words for _, words in plain_arguments()} >= set(ENGLISH)
    operators = [one.where for one in raised() if not one.is_sentence]
    for prefix in OF_OPERATORS:
        assert any(where.startswith(prefix) for where in operators), prefix
    assert {one.text for one in raised()} >= PASSED_ON
