"""What the README says holds."""

from __future__ import annotations

import re

import pytest

from tests.readme import README, with_table

TEXT = README.read_text(encoding="utf-8")


def test_the_table_of_commands_is_the_one_the_bot_has() -> None:
    """`make readme` would change nothing."""
    assert with_table(TEXT) == TEXT
    assert "| `/papers search QUERY" in TEXT


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\]\((?!https?:)([^)#]+)\)", TEXT))))
def test_every_file_the_readme_points_to_is_there(path: str) -> None:
    """Pictures and links lead somewhere."""
    assert (README.parent / path).is_file()


def test_the_map_of_folders_is_true() -> None:
    """Every module and folder the map names exists."""
    tree = TEXT.partition("## Where things are")[2].partition("```")[2].partition("```")[0]
    named = re.findall(r"(?<![\w/])([a-z_]+(?:\.py|/))", tree)
    roots = (README.parent, README.parent / "bot", README.parent / "tests")
    assert len(named) > 15
    assert not [name for name in named if not any((root / name).exists() for root in roots)]
