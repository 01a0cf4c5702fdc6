"""The commands as data: `/papers help`, the README's table and both faces are made from them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from bot.commands.reply import Choice, Reply
    from storage.models import Member, Via


class Kind(StrEnum):
    """What a parameter takes."""

    TEXT = "text"
    INTEGER = "integer"


class Completion(StrEnum):
    """What a parameter completes to."""

    NONE = "none"
    PAPER = "paper"
    SECTION = "section"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter. At the console words fill them in order; one with `rest` takes all left.

    Those that are not required can be given by name there too (`--sort newest`). `choices` are all
    the values it takes, at most 25.
    """

    name: str
    description: str
    kind: Kind = Kind.TEXT
    required: bool = True
    rest: bool = False
    completion: Completion = Completion.NONE
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Context:
    """Who asks, and where: no channel or guild at the console, no guild in direct messages."""

    member: Member
    via: Via
    channel_id: int | None = None
    guild_id: int | None = None


@dataclass(frozen=True, slots=True)
class Command:
    """One command of a group (`/papers search`). `home_only` commands exist only in the home guild.

    `run` gets the context and the given parameters by name (text as str, integers as int; those
    left out are absent) and returns the answer. It raises UserError with a sentence for the person.
    """

    group: str
    name: str
    description: str
    run: Callable[[Context, Mapping[str, str | int]], Awaitable[Reply]]
    parameters: tuple[Parameter, ...] = ()
    home_only: bool = False
    direct_messages: bool = False

    @property
    def path(self) -> str:
        """`/papers search`."""
        return f"/{self.group} {self.name}"

    @property
    def optional(self) -> tuple[Parameter, ...]:
        """The parameters that may be left out."""
        return tuple(parameter for parameter in self.parameters if not parameter.required)

    @property
    def usage(self) -> str:
        """`/digest here [TIME] [ZONE]`, `/papers search QUERY [--section --sort]`.

        What stands behind a parameter that takes all the rest can be given by name only.
        """
        words, names, ended = [self.path], [], False
        for parameter in self.parameters:
            if ended:
                names.append(f"--{parameter.name}")
            else:
                name = parameter.name.upper()
                words.append(name if parameter.required else f"[{name}]")
            ended |= parameter.rest
        return " ".join((*words, *([f"[{' '.join(names)}]"] if names else ())))


def call(
    run: Callable[..., Awaitable[Reply]],
) -> Callable[[Context, Mapping[str, Any]], Awaitable[Reply]]:
    """What a command runs, made of a function that takes its parameters by name."""

    async def named(context: Context, given: Mapping[str, Any]) -> Reply:
        return await run(context, **given)

    return named


@dataclass(frozen=True, slots=True)
class MessageAction:
    """Something to do with a message somebody wrote, in its menu; `run` gets its text."""

    name: str
    run: Callable[[Context, str], Awaitable[Reply]]


@dataclass(frozen=True, slots=True)
class Commands:
    """All a face needs: the commands, what their groups say, buttons and menus, autocomplete.

    `press(context, action, argument, value)` answers a button (`value` empty) or a menu; the reply
    is shown privately to whoever pressed. `complete(completion, typed)` gives at most 25 choices.
    """

    commands: tuple[Command, ...]
    groups: Mapping[str, str]
    press: Callable[[Context, str, str, str], Awaitable[Reply]]
    complete: Callable[[Completion, str], Awaitable[tuple[Choice, ...]]]
    message_actions: tuple[MessageAction, ...] = ()
