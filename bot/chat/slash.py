"""Commands → slash commands: groups, parameters, autocomplete."""

from __future__ import annotations

import inspect
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeAlias

import discord
from discord import app_commands

from bot.chat.reactions import plain_context
from bot.chat.text import clean, cut, width
from bot.commands.registry import Completion, Kind
from bot.domain.errors import NotAllowed
from storage.models import Via

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator, Sequence

    from bot.chat.answers import Answers
    from bot.commands.registry import Command, Commands, Parameter
    from bot.commands.reply import Reply

CHOICES = 25
CHOICE = 100
"""Characters of a choice's name and of its value."""

TYPES: dict[Kind, Any] = {Kind.TEXT: str, Kind.INTEGER: app_commands.Range[int, 0, 2**31 - 1]}
"""Integers are ids and counts: never negative, and small enough for a column of any database."""

Suggest: TypeAlias = (
    "Callable[[discord.Interaction, str], Coroutine[Any, Any, list[app_commands.Choice[str]]]]"
)


def groups(commands: Commands, answers: Answers) -> Iterator[tuple[app_commands.Group, bool]]:
    """The groups with their commands, and whether each exists in the home guild only."""
    place = attrgetter("home_only", "group")
    for (home_only, name), members in groupby(sorted(commands.commands, key=place), key=place):
        yield _group(name, tuple(members), commands, answers), home_only


def _group(
    name: str, members: Sequence[Command], commands: Commands, answers: Answers
) -> app_commands.Group:
    """One group. Discord takes contexts for whole groups only, and none for those of one guild."""
    contexts = app_commands.AppCommandContext(
        guild=True, dm_channel=any(command.direct_messages for command in members)
    )
    home_only = members[0].home_only
    group = app_commands.Group(
        name=name,
        description=commands.groups[name],
        allowed_contexts=None if home_only else contexts,
    )
    for command in members:
        group.add_command(_command(command, commands, answers))
    return group


def _command(
    command: Command, commands: Commands, answers: Answers
) -> app_commands.Command[Any, ..., Any]:
    made: app_commands.Command[Any, ..., Any] = app_commands.Command(
        name=command.name, description=command.description, callback=_callback(command, answers)
    )
    for parameter in command.parameters:
        if parameter.completion is not Completion.NONE:
            made.autocomplete(parameter.name)(_suggest(commands, parameter.completion))
    return made


def _callback(command: Command, answers: Answers) -> Callable[..., Coroutine[Any, Any, None]]:
    async def callback(interaction: discord.Interaction, **given: str | int | None) -> None:
        """Run the command with what was given, and answer."""
        context = plain_context(interaction, Via.COMMAND)
        values = {name: value for name, value in given.items() if value is not None}

        async def work() -> Reply:
            """The answer. Raises UserError."""
            if context.guild_id is None and not command.direct_messages:
                raise NotAllowed(f"`{command.path}` works on a server only.")
            return await command.run(context, values)

        await answers.give(interaction, work, doing=command.path)

    callback.__signature__ = _signature(command)  # type: ignore[attr-defined] # inspect reads it
    described = {parameter.name: parameter.description for parameter in command.parameters}
    return app_commands.describe(**described)(callback)


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


def _suggest(commands: Commands, completion: Completion) -> Suggest:
    async def suggest(
        _interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        """What fits, as far as Discord shows it."""
        found = await commands.complete(completion, typed)
        return [
            app_commands.Choice(name=name, value=choice.value)
            for choice in found[:CHOICES]
            if (name := cut(clean(choice.label).strip(), CHOICE))
            and 0 < width(choice.value) <= CHOICE
        ]

    return suggest
