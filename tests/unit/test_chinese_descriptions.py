"""What Discord's menus say of the commands stands in Chinese too, and fits there."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest.mock import MagicMock

import pytest

from bot.commands.definitions import Groups, build
from bot.commands.languages import catalog
from bot.domain.sentences import Language

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.commands.registry import Commands


def defined() -> Commands:
    """All commands; nothing is run, so nothing stands behind them."""
    stubs = {name: MagicMock() for name in Groups.__dataclass_fields__}
    return build(Groups(**stubs))


def worded(commands: Commands) -> Iterator[str]:
    """Every text of a command that Discord shows in the member's language."""
    yield from commands.groups.values()
    for command in commands.commands:
        yield command.description
        for parameter in command.parameters:
            yield parameter.description
            yield from (choice.label for choice in parameter.choices)


@pytest.mark.parametrize("text", sorted(set(worded(defined()))))
def test_it_has_its_chinese(text: str) -> None:
    """Of 1 to 100 characters in both languages, as Discord wants it."""
    chinese = catalog(Language.CHINESE)
    assert text in chinese, f"bot/commands/chinese/faces.toml has no line for {text!r}"
    assert 1 <= len(text) <= 100
    assert 1 <= len(chinese[text]) <= 100
    assert "{" not in text + chinese[text]
