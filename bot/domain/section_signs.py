"""What of a title or an abstract tells the section: its words, and how it is put.

Unlike the terms of `features`, words such as `how`, `can` and `towards` count here, and so do
question marks: surveys and analyses differ from methods in how titles are put, hardly in topic.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from bot.domain.words import LONGEST_TEXT, stem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Sign = str
"""A word (`w…`), the beginning of one (`k…`), where it stands (`f…`, `l…`) or a shape (`s…`)."""

LONGEST_TITLE = 1_000
"""Characters of a title that are looked at."""

_WEIGHTS: Mapping[str, float] = {"w": 1.0, "k": 0.5, "f": 0.5, "l": 0.5, "s": 1.0}

_KIN = 4  # letters: `analysis` and `analyze`, `theory` and `theoretical` share as many
_TOKEN = re.compile(r"[^\W_]+|[?!？！]")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def weight(sign: Sign) -> float:
    """How much a sign counts: half where another one of the same title says nearly the same."""
    return _WEIGHTS[sign[0]]


def signs_of_title(title: str) -> set[Sign]:
    """All signs of a title."""
    title = title[:LONGEST_TITLE]
    words = list(_words(title))
    signs = _said(words) | _shape(title)
    if words:
        signs |= {f"f{words[0]}", f"l{words[-1]}"}
    return signs


def signs_of_abstract(abstract: str) -> set[Sign]:
    """The words of an abstract, those of one kin as one."""
    return {_kin(word) or f"w{word}" for word in _words(abstract[:LONGEST_TEXT])}


def signs_of_name(section: str) -> set[Sign]:
    """The words of a section's name without its number."""
    return _said([word for word in _words(section[:LONGEST_TITLE]) if not word.isdigit()])


def years(section: str) -> tuple[int, ...]:
    """The years a section's name names."""
    return tuple(map(int, _YEAR.findall(section)))


def _said(words: list[str]) -> set[Sign]:
    signs = {f"w{word}" for word in words}
    return signs | {kin for word in words if (kin := _kin(word))}


def _kin(word: str) -> Sign:
    return f"k{word[:_KIN]}" if len(word) >= _KIN else ""


def _shape(title: str) -> set[Sign]:
    """How much stands before and after a colon: `Name: …` is put otherwise than `…: A Survey`."""
    head, colon, tail = title.partition(":")
    if not colon:
        return set()
    return {f"shead {min(len(head.split()), 3)}", f"stail {min(len(tail.split()) // 2, 3)}"}


def _words(text: str) -> Iterator[str]:
    for token in _TOKEN.findall(text):
        yield from _split(token)


@lru_cache(maxsize=32_768)
def _split(token: str) -> tuple[str, ...]:
    """A stem; of scripts without capitals, which may not part words, all pairs of characters."""
    if token.isascii() or token.lower() != token.upper() or not token.isalpha():
        return (stem(token) if token[0].isalnum() else token,)
    return tuple(token[at : at + 2] for at in range(max(1, len(token) - 1)))
