"""`python -m tests.readme`: write the table of commands into the README, from their definitions."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import MagicMock

from bot.commands.definitions import Groups, build, markdown_table

README = Path(__file__).resolve().parents[1] / "README.md"
BEGIN = "<!-- commands: written by `make readme`, checked by tests/unit/test_readme.py -->\n"
END = "<!-- /commands -->\n"


def table() -> str:
    """The table as it should stand; nothing is run, so nothing stands behind the commands."""
    groups = Groups(papers=MagicMock(), review=MagicMock(), digest=MagicMock(), search=MagicMock())
    return markdown_table(build(groups).commands)


def with_table(text: str) -> str:
    """The README's text with the table between its marks."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}{table()}{END}{after}"


if __name__ == "__main__":
    README.write_text(with_table(README.read_text(encoding="utf-8")), encoding="utf-8")
