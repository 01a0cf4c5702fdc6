"""Commands → slash commands: groups, parameters, autocomplete."""

from __future__ import annotations

import inspect
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeAlias

import discord
from discord import app_commands

from bot.chat.reactions import plain_context
from bot.commands.registry import Completion, Kind
from bot.domain.errors import NotAllowed
from bot.domain.sentences import sentence
from storage.models import Via

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator, Sequence

    from bot.chat.answers import Answers
    from bot.chat.completions import Choices, Completions
    from bot.commands.registry import Command, Commands, Parameter
    from bot.commands.reply import Choice, Reply

TYPES: dict[Kind, Any] = {Kind.TEXT: str, Kind.INTEGER: app_commands.Range[int, 0, 2**31 - 1]}
"""Integers are ids and counts: never negative, and small enough for a column of any database."""

Suggest: TypeAlias = "Callable[[discord.Interaction, str], Coroutine[Any, Any, Choices]]"


def groups(
    commands: Commands, answers: Answers, completions: Completions
) -> Iterator[tuple[app_commands.Group, bool]]:
    """The groups with their commands, and whether each exists in the home guild only."""
    place = attrgetter("home_only", "group")
    for (home_only, name), members in groupby(sorted(commands.commands, key=place), key=place):
        commanded = tuple(members)
        group = _group(name, commands.groups[name], commanded)
        for command in commanded:
            group.add_command(_command(command, answers, completions))
        yield group, home_only


def _group(name: str, description: str, members: Sequence[Command]) -> app_commands.Group:
    """One group. Discord takes contexts for whole groups only, and none for those of one guild."""
    contexts = app_commands.AppCommandContext(
        guild=True, dm_channel=any(command.direct_messages for command in members)
    )
    home_only = members[0].home_only
    return app_commands.Group(
        name=name,
        description=description,
        allowed_contexts=None if home_only else contexts,
    )


def _command(
    command: Command, answers: Answers, completions: Completions
) -> app_commands.Command[Any, ..., Any]:
    made: app_commands.Command[Any, ..., Any] = app_commands.Command(
        name=command.name, description=command.description, callback=_callback(command, answers)
    )
    for parameter in command.parameters:
        if parameter.completion is not Completion.NONE:
            made.autocomplete(parameter.name)(_suggest(completions, parameter.completion))
    return made


def _callback(command: Command, answers: Answers) -> Callable[..., Coroutine[Any, Any, None]]:
    async def callback(interaction: discord.Interaction, **given: str | int | None) -> None:
        """Run the command with what was given, and answer."""
        context = plain_context(interaction, Via.COMMAND)
        values = {name: value for name, value in given.items() if value is not None}

        async def work() -> Reply:
            """The answer. Raises UserError."""
            if context.guild_id is None and not command.direct_messages:
                alone = sentence("`{command}` works on a server only.", command=command.path)
                raise NotAllowed(alone)
            return await command.run(context, values)

        await answers.give(interaction, work, doing=command.path)

    callback.__signature__ = _signature(command)  # type: ignore[attr-defined] # inspect reads it
    described = {parameter.name: parameter.description for parameter in command.parameters}
    offered = {
        parameter.name: [_choice(choice) for choice in parameter.choices]
        for parameter in command.parameters
        if parameter.choices
    }
    return app_commands.choices(**offered)(app_commands.describe(**described)(callback))


def _choice(choice: Choice) -> app_commands.Choice[str]:
    return app_commands.Choice(name=choice.label, value=choice.value)


def _signature(command: Command) -> inspect.Signature:
    """What discord.py reads a command's options from."""
    first = inspect.Parameter(
        "interaction", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=discord.Interaction
    )
    return inspect.Signature([first, *map(_parameter, command.parameters)])


def _parameter(parameter: Parameter) -> inspect.Parameter:
    taken = TYPES[parameter.kind]
    return inspect.Parameter(
        parameter.name,
        inspect.Parameter.KEYWORD_ONLY,
        default=inspect.Parameter.empty if parameter.required else None,
        annotation=taken if parameter.required else taken | None,
    )


def _suggest(completions: Completions, completion: Completion) -> Suggest:
    """What marks an option as one that completes; the tree answers it itself."""

    async def suggest(_interaction: discord.Interaction, typed: str) -> Choices:
        return await completions.choices(completion, typed)

    return suggest
