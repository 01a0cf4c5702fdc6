"""`--name value` and `--name=value`, wherever they stand in a typed line."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from bot.domain.errors import UserError
from bot.domain.sentences import joined, sentence

if TYPE_CHECKING:
    from bot.commands.registry import Command, Parameter

DASHES = "--"
ALIKE = 0.7
"""How like an option's name (of 1) a word has to be to be taken for a slip of the finger."""

_WORD = re.compile(r'(?:"[^"]*"|\S)+')
_OPTION = re.compile(r"--[A-Za-z][\w-]*(?:=.*)?", re.DOTALL)


def take_options(command: Command, typed: str) -> tuple[list[tuple[Parameter, str]], str]:
    """The optional parameters given by name, and the line without them, else as it was typed.

    A name the command does not have stays text where a parameter takes all that remains, unless it
    looks like one mistyped. Raises UserError for that, for one elsewhere, and for a name without a
    value.
    """
    taken: list[tuple[Parameter, str]] = []
    kept: list[str] = []
    words = list(_WORD.finditer(typed))
    done = at = 0
    while at < len(words):
        word = words[at]
        at += 1
        if (parameter := _named(command, word.group())) is None:
            continue
        _, equals, value = word.group().partition("=")
        end = word.end()
        if not equals and at < len(words) and _named(command, words[at].group()) is None:
            value, end = words[at].group(), words[at].end()
            at += 1
        taken.append((parameter, _unquoted(parameter, value)))
        kept.append(typed[done : word.start()])
        done = end
    kept.append(typed[done:])
    return taken, " ".join(part.strip() for part in kept if part.strip())


def _named(command: Command, word: str) -> Parameter | None:
    """The parameter that a word names, or None where the word is text."""
    if not _OPTION.fullmatch(word):
        return None
    name = word.removeprefix(DASHES).partition("=")[0].casefold()
    for parameter in command.optional:
        if parameter.name == name:
            return parameter
    names = [parameter.name for parameter in command.optional]
    takes_text = any(parameter.rest for parameter in command.parameters)
    if not names or (takes_text and not difflib.get_close_matches(name, names, 1, ALIKE)):
        return None
    raise UserError(
        sentence(
            "{command} has no --{name}; it takes {names}.",
            command=command.path,
            name=name[:40],
            names=joined(", ", (DASHES + one for one in names)),
        )
    )


def _unquoted(parameter: Parameter, value: str) -> str:
    plain = value[1:-1] if len(value) > 1 and value[0] == value[-1] == '"' else value
    if plain.strip():
        return plain
    if parameter.choices:
        values = joined(", ", (choice.value for choice in parameter.choices))
        raise UserError(
            sentence("--{name} needs a value: {values}.", name=parameter.name, values=values)
        )
    raise UserError(sentence("--{name} needs a value behind it.", name=parameter.name))
