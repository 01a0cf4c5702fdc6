"""/papers help and /review help: what there is to type, made from the commands themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands.reply import Reply, Span, text
from bot.domain.sentences import sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.commands.registry import Command
    from bot.commands.reply import Line


def for_readers(commands: Iterable[Command]) -> Reply:
    """The readers' commands on one screen of a phone: 22 rows of 45 columns."""
    return Reply(
        title=sentence("What I can do"),
        lines=(
            *_lines(one for one in commands if one.group == "papers"),
            text(Span(sentence("A search understands"), bold=True)),
            text(sentence("words (all, else any), an arXiv id, a link,")),
            text('"synthetic data" -survey model*'),
            text("author:gan title:code year:2024..2025"),
            text(sentence("Maintainers: /review help")),
        ),
    )


def for_maintainers(commands: Iterable[Command]) -> Reply:
    """What maintainers can do beyond."""
    return Reply(
        title=sentence("What maintainers can do"),
        lines=tuple(_lines(one for one in commands if one.group != "papers")),
    )


def _lines(commands: Iterable[Command]) -> Iterator[Line]:
    """`/papers show PAPER: …`: what can be left out is not named."""
    for command in commands:
        needed = (one.name.upper() for one in command.parameters if one.required)
        yield text(
            Span(" ".join((command.path, *needed)), bold=True),
            sentence(": {what}", what=sentence(command.description)),
        )
