"""Answers in the member's language: the catalogs, and replies said anew by them."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from functools import cache
from importlib import resources
from operator import is_not
from typing import TYPE_CHECKING, Any, TypeVar

from bot.domain.sentences import Language, Sentence

if TYPE_CHECKING:
    from collections.abc import Mapping

T = TypeVar("T")

FOLDER = "chinese"
CHINESE = ("zh_CN", "zh_Hans")
"""How the names of POSIX locales with simplified characters begin."""


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


def in_language(told: T, language: Language) -> T:
    """A reply with every sentence of it said in that language, or a single sentence."""
    words = catalog(language)
    return _said(told, words) if words else told


def sentence_of(error: Exception) -> str:
    """What an error says: the sentence it was raised with, so that it can be translated."""
    said = error.args[0] if error.args else None
    return said if isinstance(said, Sentence) else str(error)


def by_locale(locale: str) -> Language:
    """What the bot speaks to somebody whose Discord is set to that locale (`zh-CN`)."""
    return Language.CHINESE if locale == Language.CHINESE else Language.ENGLISH


def by_environment(environment: Mapping[str, str]) -> Language:
    """What a terminal is spoken to in, by the first of the variables that is set.

    POSIX.1-2017, 8.2 Internationalization Variables: LC_ALL goes before LC_MESSAGES before LANG.
    """
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    spoken = next((value for name in names if (value := environment.get(name))), "")
    return Language.CHINESE if spoken.startswith(CHINESE) else Language.ENGLISH


def _said(value: Any, words: Mapping[str, str]) -> Any:
    """The same object where nothing in it is a sentence."""
    if isinstance(value, Sentence):
        return value.said(words)
    if isinstance(value, tuple):
        said = tuple(_said(one, words) for one in value)
        return said if any(map(is_not, said, value)) else value
    changed = {
        name: said
        for name in getattr(value, "__dataclass_fields__", ())
        if type(part := getattr(value, name)) is not str
        and (said := _said(part, words)) is not part
    }
    return replace(value, **changed) if changed else value
