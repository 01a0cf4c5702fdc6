"""What is wrong with config.toml, in one line that names the key and where it is explained."""

from __future__ import annotations

import difflib
import re
from pathlib import Path
from typing import TYPE_CHECKING

from bot.config_values import shown
from bot.domain.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

_WANTED = {
    "int": "a whole number",
    "float": "a number",
    "finite_number": "a number",
    "string": "text in quotes",
    "path": "text in quotes",
    "tuple": "a list in square brackets",
    "list": "a list in square brackets",
    "dict": "a table",
    "mapping": "a table",
}


class ConfigError(UserError):
    """The configuration cannot be used; the text says where, what is wrong and what to do."""


def example() -> str:
    """The text of config.example.toml: beside the package in a clone, inside it once installed."""
    here = Path(__file__).parent
    inside = here / "config.example.toml"
    return (inside if inside.exists() else here.parent / inside.name).read_text(encoding="utf-8")


def explained(section: str, key: str = "") -> str:
    """Which line of config.example.toml to read; empty when it says nothing about the key."""
    wanted = re.compile(rf"(?:# )?{re.escape(key)} = " if key else rf"\[{re.escape(section)}\]")
    inside = not key
    for number, line in enumerate(example().splitlines(), start=1):
        if line in (f"[{section}]", f"[{section}.{key}]"):
            inside = True
            if line == f"[{section}.{key}]":
                return f"config.example.toml line {number} explains it"
        elif line.startswith("["):
            inside = not key
        if inside and wanted.match(line):
            return f"config.example.toml line {number} explains it"
    return ""


def refusal(path: Path, error: ValidationError, keys: Mapping[str, tuple[str, ...]]) -> ConfigError:
    """Put the first problem pydantic found into words. `keys` are the known keys by section."""
    problem = error.errors(include_url=False)[0]
    section, key, *_ = (*map(str, problem["loc"]), "")
    if problem["type"] == "extra_forbidden":
        return _unknown(path, section, key, keys)
    if not key:
        return sentence(path, f"{section} must be a section: [{section}] above its keys", section)
    return sentence(path, f"[{section}] {key}: {_what(problem)}", section, key)


def sentence(path: Path, what: str, section: str, key: str = "") -> ConfigError:
    """The error for one key of one file."""
    where = explained(section, key)
    joint = " " if what.endswith("?") else "; "
    return ConfigError(f"{path}: {what}{joint}{where}" if where else f"{path}: {what}")


def _unknown(
    path: Path, section: str, key: str, keys: Mapping[str, tuple[str, ...]]
) -> ConfigError:
    if key:
        close = difflib.get_close_matches(key, keys[section], n=1)
        hint = f"did you mean {close[0]}?" if close else f"it takes {', '.join(keys[section])}"
        return sentence(path, f"[{section}] has no key {shown(key)}; {hint}", section, *close)
    owners = [name for name, known in keys.items() if section in known]
    if owners:
        return sentence(path, f"{section} belongs under [{owners[0]}]", owners[0], section)
    close = difflib.get_close_matches(section, keys, n=1)
    hint = f"did you mean [{close[0]}]?" if close else f"there are {', '.join(keys)}"
    return sentence(path, f"no section or key is called {shown(section)}; {hint}", *(close or [""]))


_SAID: Mapping[str, Callable[[ErrorDetails], str]] = {
    "value_error": lambda problem: str(problem["ctx"]["error"]),
    "greater_than": lambda problem: f"must be more than {problem['ctx']['gt']}",
    "greater_than_equal": lambda problem: f"must be at least {problem['ctx']['ge']}",
    "less_than": lambda problem: f"must be less than {problem['ctx']['lt']}",
    "less_than_equal": lambda problem: f"must be at most {problem['ctx']['le']}",
    "literal_error": lambda problem: f"must be {problem['ctx']['expected']}",
    "too_short": lambda _: "must not be empty",
}


def _what(problem: ErrorDetails) -> str:
    given = f", not {shown(problem['input'])}"
    if problem["type"] == "value_error":
        return _SAID["value_error"](problem)
    if problem["type"] in _SAID:
        return _SAID[problem["type"]](problem) + given
    kind = re.sub(r"_(type|parsing|from_).*", "", problem["type"])
    wanted = _WANTED.get(kind)
    return f"wants {wanted}{given}" if wanted else problem["msg"]
