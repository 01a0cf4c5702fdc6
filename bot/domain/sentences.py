"""Sentences for people, written once in English, that can be said in another language too.

A sentence is a template with named gaps and what stands in them. As plain text it is English, so
that logs, files and whoever does not care need to know nothing of languages.
"""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Language(StrEnum):
    """What the bot speaks, by Discord's locales."""

    ENGLISH = "en"
    CHINESE = "zh-CN"


class Sentence(str):
    """A text in English that knows its `template` and `values`.

    What is made of it by `+`, slices, f-strings and `str.join` is plain English text: use a value
    of another sentence, or `joined`.
    """

    __slots__ = ("template", "values")

    template: str
    values: Mapping[str, object]

    def __new__(cls, template: str, values: Mapping[str, object]) -> Sentence:
        """The sentence that the template makes of the values."""
        made = super().__new__(cls, template.format_map(values))
        made.template, made.values = template, MappingProxyType(dict(values))
        return made

    def said(self, catalog: Mapping[str, str]) -> str:
        """The sentence by the catalog's template, in English where that has none."""
        values = {name: translated(value, catalog) for name, value in self.values.items()}
        return catalog.get(self.template, self.template).format_map(values)


class Joined(Sentence):
    """Sentences and plain texts in a row; the template is what stands between them."""

    __slots__ = ()

    def __new__(cls, separator: str, parts: Iterable[str]) -> Joined:
        """The parts in order."""
        numbered = {str(number): part for number, part in enumerate(parts)}
        made = str.__new__(cls, separator.join(numbered.values()))
        made.template, made.values = separator, MappingProxyType(numbered)
        return made

    def said(self, catalog: Mapping[str, str]) -> str:
        """The parts, each as the catalog has it; the separator stays unless it is translated."""
        parts = (str(translated(part, catalog)) for part in self.values.values())
        return catalog.get(self.template, self.template).join(parts)


def sentence(template: str, **values: object) -> Sentence:
    """`sentence("Nothing found for “{query}”.", query=typed)`: gaps are names and nothing more."""
    return Sentence(template, values)


def counted(number: int, one: str, many: str, **values: object) -> Sentence:
    """`one` for 1, else `many`; both templates may name `{n}`."""
    return Sentence(one if number == 1 else many, {"n": number, **values})


def joined(separator: str, parts: Iterable[str]) -> Sentence:
    """What `separator.join(parts)` is, with its sentences kept."""
    return Joined(separator, parts)


def translated(value: object, catalog: Mapping[str, str]) -> object:
    """A sentence as the catalog says it; anything else as it is."""
    return value.said(catalog) if isinstance(value, Sentence) else value
