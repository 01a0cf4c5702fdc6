"""Answers in the member's language: the catalogs, and replies said anew by them."""

from __future__ import annotations

import tomllib
from dataclasses import fields, is_dataclass, replace
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, TypeVar

from bot.domain.sentences import Language, Sentence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.commands.reply import Reply

T = TypeVar("T")

FOLDER = "chinese"


@cache
def catalog(language: Language) -> Mapping[str, str]:
    """English template → template in that language; English has none."""
    if language is Language.ENGLISH:
        return {}
    files = resources.files("bot.commands").joinpath(FOLDER).iterdir()
    found: dict[str, str] = {}
    for file in sorted(files, key=lambda one: one.name):
        if file.name.endswith(".toml"):
            found |= tomllib.loads(file.read_text(encoding="utf-8"))
    return found


def in_language(reply: Reply, language: Language) -> Reply:
    """The reply with every sentence of it said in that language."""
    words = catalog(language)
    return _said(reply, words) if words else reply


def _said(value: T, words: Mapping[str, str]) -> T:
    made: Any = value
    if isinstance(value, Sentence):
        made = value.said(words)
    elif isinstance(value, tuple):
        made = tuple(_said(one, words) for one in value)
    elif is_dataclass(value) and not isinstance(value, type):
        parts = {field.name: getattr(value, field.name) for field in fields(value)}
        made = replace(value, **{name: _said(part, words) for name, part in parts.items()})
    return made  # type: ignore[no-any-return] # of the type that came
