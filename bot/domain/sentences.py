"""Sentences for people, written once in English, that can be said in another language too.

A sentence is a template with named gaps and what stands in them. As plain text it is English, so
that logs, files and whoever does not care need to know nothing of languages.
"""

from __future__ import annotations

from enum import StrEnum
from functools import reduce
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


class Language(StrEnum):
    """What the bot speaks, by Discord's locales."""

    ENGLISH = "en"
    CHINESE = "zh-CN"


class Sentence(str):
    """A text in English that knows its `template` and `values`.

    What is made of it by `+`, slices, f-strings and `str.join` is plain English text: use a value
    of another sentence, `joined`, `clauses`, `passage` or `trimmed`.
    """

    __slots__ = ("template", "values")

    template: str
    values: Mapping[str, object]

    def __new__(cls, template: str, values: Mapping[str, object]) -> Sentence:
        """The sentence that the template makes of the values."""
        made = super().__new__(cls, template.format_map(values))
        made.template, made.values = template, MappingProxyType(dict(values))
        return made

    def __reduce__(self) -> tuple[object, ...]:
        """How it crosses to another process."""
        return type(self), (self.template, dict(self.values))

    def said(self, catalog: Mapping[str, str]) -> str:
        """The sentence by the catalog's template, in English where that has none that fits."""
        values = {name: translated(value, catalog) for name, value in self.values.items()}
        try:
            return catalog[self.template].format_map(values)
        except (LookupError, ValueError, AttributeError):
            # No template, or one with another gap: English is understood, an error is not.
            return self.template.format_map(values)


class Joined(Sentence):
    """Sentences and plain texts in a row; the template is what stands between them."""

    __slots__ = ()

    def __new__(cls, separator: str, parts: Iterable[str]) -> Joined:
        """The parts in order."""
        numbered = {str(number): part for number, part in enumerate(parts)}
        made = str.__new__(cls, separator.join(numbered.values()))
        made.template, made.values = separator, MappingProxyType(numbered)
        return made

    def __reduce__(self) -> tuple[object, ...]:
        """How it crosses to another process."""
        return type(self), (self.template, tuple(self.values.values()))

    def said(self, catalog: Mapping[str, str]) -> str:
        """The parts, each as the catalog has it; the separator stays unless it is translated."""
        parts = (str(translated(part, catalog)) for part in self.values.values())
        return catalog.get(self.template, self.template).join(parts)


class Trimmed(Sentence):
    """A sentence cut to the room there is, in whatever language it is said."""

    __slots__ = ("cut", "most", "whole")

    whole: Sentence
    cut: Callable[[str, int], str]
    most: int

    def __new__(cls, whole: Sentence, cut: Callable[[str, int], str], most: int) -> Trimmed:
        """What `cut(text, most)` leaves of the sentence."""
        made = str.__new__(cls, cut(str(whole), most))
        made.template, made.values = whole.template, whole.values
        made.whole, made.cut, made.most = whole, cut, most
        return made

    def __reduce__(self) -> tuple[object, ...]:
        """How it crosses to another process."""
        return type(self), (self.whole, self.cut, self.most)

    def said(self, catalog: Mapping[str, str]) -> str:
        """As much of the translated sentence as there is room for."""
        return self.cut(self.whole.said(catalog), self.most)


def sentence(template: str, **values: object) -> Sentence:
    """`sentence("Nothing found for “{query}”.", query=typed)`: gaps are names and nothing more."""
    return Sentence(template, values)


def counted(number: int, one: str, many: str, **values: object) -> Sentence:
    """`one` for 1, else `many`; both templates may name `{n}`."""
    return Sentence(one if number == 1 else many, {"n": number, **values})


def joined(separator: str, parts: Iterable[str]) -> Sentence:
    """What `separator.join(parts)` is, with its sentences kept.

    `", "` stands between names and other single words; between clauses use `clauses`.
    """
    return Joined(separator, parts)


def clauses(*parts: str) -> str:
    """`6 decided, 2 added`: what is not empty, with the comma that a language has for clauses."""
    return _chain(lambda first, then: sentence("{first}, {then}", first=first, then=then), parts)


def passage(*parts: str) -> str:
    """`It waits. You will hear of it.`: one sentence after the other, less empty ones."""
    return _chain(lambda first, then: sentence("{first} {then}", first=first, then=then), parts)


def _chain(two: Callable[[str, str], str], parts: Iterable[str]) -> str:
    said = [part for part in parts if part]
    return reduce(two, said) if said else ""


def translated(value: object, catalog: Mapping[str, str]) -> object:
    """A sentence as the catalog says it; anything else as it is."""
    return value.said(catalog) if isinstance(value, Sentence) else value
