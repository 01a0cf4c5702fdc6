"""The stand-in refuses the translations of commands that Discord refuses."""

from __future__ import annotations

import pytest

from tests.wire.discord.command_rules import check_commands
from tests.wire.discord.model import BackendError


def command(**changed: object) -> dict[str, object]:
    """A command with an option and a choice, all of them translated."""
    choice = {"name": "Newest", "name_localizations": {"zh-CN": "最新"}, "value": "newest"}
    option = {"name": "sort", "type": 3, "description": "Order", "choices": [choice]}
    options = [{**option, "description_localizations": {"zh-CN": "排序"}}]
    return {"name": "find", "description": "Find", "options": options, **changed}


def test_what_is_within_the_limits_is_taken():
    """100 characters in every language."""
    check_commands([command(description_localizations={"zh-CN": "找" * 100, "de": "f" * 100})])


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"description_localizations": {"zh-CN": "找" * 101}}, "description must be 1 to 100"),
        ({"description_localizations": {"zh-CN": ""}}, "description must be 1 to 100"),
        ({"description_localizations": {"zh": "找"}}, "no locales"),
        ({"name_localizations": {"de": "Finde"}}, "lower case"),
    ],
)
def test_what_is_not_is_refused(changed, problem):
    """Too long, empty, in a language that Discord does not have, or a name it does not take."""
    with pytest.raises(BackendError, match=problem):
        check_commands([command(**changed)])


def test_of_all_languages_the_longest_counts():
    """8,000 characters a command: in English alone these would be well within them."""
    options = [
        {
            "name": f"{number}",
            "type": 1,
            "description": "x",
            "options": [
                {
                    "name": f"{inner}",
                    "type": 3,
                    "description": "x",
                    "description_localizations": {"zh-CN": "找" * 100},
                }
                for inner in range(25)
            ],
        }
        for number in range(4)
    ]
    with pytest.raises(BackendError, match="8000"):
        check_commands([command(options=options)])
