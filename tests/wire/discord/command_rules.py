"""What Discord refuses of a list of application commands and the model does not.

discord-api-docs, interactions/application-commands: names, caps, 8000 characters, order of options.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import regex
from discord import Locale

from tests.wire.discord.model import AppCommandType, BackendError, OptionType

CAPS = {AppCommandType.CHAT_INPUT: 100, AppCommandType.USER: 15, AppCommandType.MESSAGE: 15}
CHARACTERS = 8000
NAME = regex.compile(r"[-_'\p{L}\p{N}\p{sc=Devanagari}\p{sc=Thai}]{1,32}")
LOCALES = frozenset(locale.value for locale in Locale)
NESTING = {OptionType.SUBCOMMAND, OptionType.SUBCOMMAND_GROUP}


def check_commands(commands: list[dict[str, Any]]) -> None:
    """Raises BackendError 30032 (too many) or 50035 (not valid)."""
    kinds = Counter(command.get("type") or 1 for command in commands)
    for kind, cap in CAPS.items():
        if kinds[kind] > cap:
            raise BackendError(
                400, 30032, f"Maximum number of application commands reached ({cap})"
            )
    names = Counter((command.get("type") or 1, command["name"]) for command in commands)
    for (_, name), times in names.items():
        _require(times == 1, f"application command names must be unique: {name}")
    for command in commands:
        _check_command(command)


def _check_command(command: dict[str, Any]) -> None:
    name = command["name"]
    if (command.get("type") or 1) == AppCommandType.CHAT_INPUT:
        _check_name(name, name)
        _check_description(command, name)
    else:
        _require(1 <= len(name) <= 32, f"{name}: name must be 1 to 32 characters")
    _require(
        _characters(command) <= CHARACTERS, f"{name}: longer than {CHARACTERS} characters in all"
    )
    _check_options(command.get("options") or [], name, depth=0)


def _check_options(options: list[dict[str, Any]], path: str, depth: int) -> None:
    _require(len(options) <= 25, f"{path}: at most 25 options")
    names = [option["name"] for option in options]
    _require(len(set(names)) == len(names), f"{path}: option names must be unique")
    nested = [option["type"] in NESTING for option in options]
    _require(not any(nested) or all(nested), f"{path}: subcommands and options cannot be mixed")
    required = [bool(option.get("required")) for option in options]
    _require(
        required == sorted(required, reverse=True), f"{path}: required options must come first"
    )
    for option in options:
        _check_option(option, f"{path} {option['name']}", depth)


def _check_option(option: dict[str, Any], path: str, depth: int) -> None:
    _check_name(option["name"], path)
    _check_description(option, path)
    choices = option.get("choices") or []
    _require(len(choices) <= 25, f"{path}: at most 25 choices")
    for choice in choices:
        for text in _worded(choice, "name"):
            _require(1 <= len(text) <= 100, f"{path}: a choice's name must be 1 to 100")
    _require(
        not (choices and option.get("autocomplete")), f"{path}: choices and autocomplete together"
    )
    if option["type"] in NESTING:
        deepest = 1 if option["type"] == OptionType.SUBCOMMAND else 0
        _require(depth <= deepest, f"{path}: nested too deep")
        _check_options(option.get("options") or [], path, depth + 1)


def _check_description(described: dict[str, Any], path: str) -> None:
    """In every language alike; those there are stand under “Locales” in Discord's reference."""
    for text in _worded(described, "description"):
        _require(1 <= len(text) <= 100, f"{path}: description must be 1 to 100")
    for key in ("name_localizations", "description_localizations"):
        unknown = set(described.get(key) or ()) - LOCALES
        _require(not unknown, f"{path}: {key} has no locales {sorted(unknown)}")
    for name in (described.get("name_localizations") or {}).values():
        _check_name(name, path)


def _worded(described: dict[str, Any], key: str) -> list[str]:
    """A text in English and in all the languages it is given in."""
    return [described.get(key, ""), *(described.get(f"{key}_localizations") or {}).values()]


def _check_name(name: str, path: str) -> None:
    _require(
        NAME.fullmatch(name) is not None,
        f"{path}: name {name!r} has other than letters, digits, - _ '",
    )
    _require(name == name.lower(), f"{path}: name must be lower case")


def _characters(command: dict[str, Any]) -> int:
    # The longest of all languages counts.
    own = sum(max(map(len, _worded(command, key))) for key in ("name", "description"))
    own += len(str(command.get("value", "")))
    inner = (*(command.get("options") or ()), *(command.get("choices") or ()))
    return own + sum(_characters(item) for item in inner)


def _require(holds: bool, problem: str) -> None:
    if not holds:
        raise BackendError(400, 50035, f"Invalid Form Body: {problem}")
