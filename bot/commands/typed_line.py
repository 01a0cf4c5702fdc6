"""A line somebody typed → the command it names and its parameters."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from bot.commands.registry import Kind
from bot.commands.typed_options import take_options
from bot.domain.errors import UserError
from bot.domain.sentences import joined, sentence

if TYPE_CHECKING:
    from bot.commands.registry import Command, Commands, Parameter
    from bot.domain.sentences import Sentence

NAME = 40
SHOWN = 60
"""Characters of what was typed that an error repeats."""

_WORD = re.compile(r'(?:"[^"]*"|[^\s"])+(?=\s|$)')


def find(commands: Commands, typed: str) -> tuple[Command, str]:
    """The command a line names and what stands behind it. Raises UserError."""
    group, _, behind = typed.partition(" ")
    name, _, rest = behind.strip().partition(" ")
    for command in commands.commands:
        if (command.group, command.name) == (group.casefold(), name.casefold()):
            return command, rest.strip()
    raise UserError(_unknown(commands, group[:NAME], name[:NAME]))


def arguments(command: Command, rest: str) -> dict[str, str | int]:
    """`--name value` gives optional parameters; words fill those that are left, in order.

    One with `rest` takes all that remains, as it was typed. Raises UserError.
    """
    named, rest = take_options(command, rest)
    given = {parameter.name: _value(parameter, word) for parameter, word in named}
    for parameter in command.parameters:
        if parameter.name in given:
            continue
        word, rest = (rest.strip(), "") if parameter.rest else first_word(rest)
        if word:
            given[parameter.name] = _value(parameter, word)
        elif parameter.required:
            missing = sentence(
                "{name} is missing: {usage}", name=parameter.name, usage=command.usage
            )
            raise UserError(missing)
    if left := rest.strip()[:SHOWN]:
        raise UserError(sentence("“{text}” is too much: {usage}", text=left, usage=command.usage))
    return given


def first_word(rest: str) -> tuple[str, str]:
    """One word, or one "quoted text", and what follows."""
    rest = rest.strip()
    match = _WORD.match(rest)
    # A quotation that never ends takes all there is.
    return (match[0].replace('"', ""), rest[match.end() :]) if match else (rest, "")


def _value(parameter: Parameter, word: str) -> str | int:
    if parameter.choices:
        return _chosen(parameter, word)
    if parameter.kind is Kind.TEXT:
        return word
    if not word.lstrip("-").isdecimal():
        raise UserError(
            sentence(
                "{name} is a whole number, not “{typed}”.", name=parameter.name, typed=word[:NAME]
            )
        )
    return int(word)


def _chosen(parameter: Parameter, word: str) -> str:
    values = [choice.value for choice in parameter.choices]
    wanted = word.strip().casefold()
    for value in values:
        if value.casefold() == wanted:
            return value
    raise UserError(
        sentence(
            "{name} is one of {values}, not “{typed}”.",
            name=parameter.name,
            values=joined(", ", values),
            typed=word[:NAME],
        )
    )


def _unknown(commands: Commands, group: str, name: str) -> Sentence:
    """What to say of a command nobody knows: what may have been meant, and where all stand."""
    if group.casefold() in commands.groups and not name:
        paths = (one.path for one in commands.commands if one.group == group.casefold())
        names = joined(", ", paths)
        return sentence("/{group} needs a second word: {names}", group=group, names=names)
    typed = f"/{group} {name}".rstrip()
    if meant := _meant(commands, typed, group):
        return sentence(
            "No command “{typed}”. Did you mean {meant}? /papers help names them all.",
            typed=typed,
            meant=meant,
        )
    return sentence("No command “{typed}”. /papers help names them all.", typed=typed)


def _meant(commands: Commands, typed: str, group: str) -> str:
    paths = {command.path.casefold(): command.path for command in commands.commands}
    # Whoever leaves the group out (`search preference data`) is shown it.
    paths |= {f"/{command.name}": command.path for command in reversed(commands.commands)}
    wanted = (typed.casefold(), f"/{group.casefold()}")
    close = [one for text in wanted for one in difflib.get_close_matches(text, paths, n=1)]
    return paths[close[0]] if close else ""
