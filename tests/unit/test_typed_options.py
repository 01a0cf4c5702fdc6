"""Optional parameters by name at the console, and what a line of help says of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.registry import Command, Kind, Parameter
from bot.commands.reply import Choice, Reply
from bot.commands.typed_line import arguments
from bot.domain.errors import UserError

SORTS = (Choice("By relevance", "relevance"), Choice("Newest first", "newest"))


async def nothing(*_: object) -> Reply:
    """Answer nothing."""
    return Reply()


def command(name: str, *parameters: Parameter) -> Command:
    """A command of readers that takes these."""
    return Command("papers", name, "", nothing, parameters)


SECTION = Parameter("section", "", required=False)
SEARCH = command(
    "search",
    Parameter("query", "", rest=True),
    SECTION,
    Parameter("since", "", required=False),
    Parameter("limit", "", kind=Kind.INTEGER, required=False),
    Parameter("sort", "", required=False, choices=SORTS),
)
LATEST = command("latest", SECTION, Parameter("limit", "", kind=Kind.INTEGER, required=False))
SHOW = command("show", Parameter("paper", "", rest=True))
STATS = command("stats")

NAMES = ", ".join(f"--{parameter.name}" for parameter in SEARCH.optional)


@pytest.mark.parametrize(
    ("typed", "given_values"),
    [
        ("synthetic  data --sort newest", {"query": "synthetic  data", "sort": "newest"}),
        ("--sort=NEWEST synthetic data", {"query": "synthetic data", "sort": "newest"}),
        ("a --SINCE 2024 b --limit=3 c", {"query": "a b c", "since": "2024", "limit": 3}),
        ('a --section "Data sets" b', {"query": "a b", "section": "Data sets"}),
        ('--section="Data sets" "a b"', {"query": '"a b"', "section": "Data sets"}),
        ("a --srot newest", f"/papers search has no --srot; it takes {NAMES}."),
        ("--sicne=2024 a", f"/papers search has no --sicne; it takes {NAMES}."),
        ("a --sort newest --sort relevance", {"query": "a", "sort": "relevance"}),
        ("what --is this -- a --query", {"query": "what --is this -- a --query"}),
        ('"a --sort b" -not', {"query": '"a --sort b" -not'}),
        ('lone " --sort newest', {"query": 'lone "', "sort": "newest"}),
        ("a --section --since", "--section needs a value behind it."),
        ("a --sort", "--sort needs a value: relevance, newest."),
        ("a --sort=", "--sort needs a value: relevance, newest."),
        ("a --sort oldest", "sort is one of relevance, newest, not “oldest”."),
        ("a --limit many", "limit is a whole number, not “many”."),
        ("--sort newest", f"query is missing: {SEARCH.usage}"),
    ],
)
def test_an_optional_parameter_is_given_by_name_anywhere(typed: str, given_values: object) -> None:
    """What is left is text as it was typed; an unknown name belongs to it, and errors name all."""
    assert outcome(SEARCH, typed) == given_values


def outcome(of: Command, typed: str) -> object:
    """What the parameters are, or what is said of them."""
    try:
        return arguments(of, typed)
    except UserError as error:
        return str(error)


def test_words_fill_what_was_not_named() -> None:
    """In order, where nothing takes all that remains."""
    assert outcome(LATEST, "Data 3") == {"section": "Data", "limit": 3}
    assert outcome(LATEST, "--limit 3 Data") == {"section": "Data", "limit": 3}
    assert outcome(LATEST, "--section Data 3") == {"section": "Data", "limit": 3}


def test_an_unknown_name_is_refused_where_no_text_is_taken() -> None:
    """The error names those there are; a command without any says that it is too much."""
    assert (
        outcome(LATEST, "--sort x") == "/papers latest has no --sort; it takes --section, --limit."
    )
    assert outcome(STATS, "--sort x") == "“--sort x” is too much: /papers stats"
    assert outcome(SHOW, "a --paper b") == {"paper": "a --paper b"}


def test_a_line_of_help_shows_what_is_typed() -> None:
    """Words in their order, then, in one bracket, what can be given by name only."""
    assert SEARCH.usage == "/papers search QUERY [--section --since --limit --sort]"
    assert LATEST.usage == "/papers latest [SECTION] [LIMIT]"
    assert STATS.usage == "/papers stats"


@given(st.lists(st.sampled_from(["--sort", "--limit=", "=", '"', "a b", " ", "--x", "newest"])))
def test_no_line_breaks_the_options(parts: list[str]) -> None:
    """Whatever is typed is understood or refused with a sentence."""
    for of in (SEARCH, LATEST, SHOW, STATS):
        assert outcome(of, "".join(parts)) is not None
