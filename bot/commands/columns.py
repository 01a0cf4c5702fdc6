"""Text as a phone shows it: how many rows it takes, and what of it fits into so many."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from bot.domain.sentences import Sentence, Trimmed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROW = 38
"""Columns of a row: about 40 on a phone, less what a quotation's bar takes."""

ELLIPSIS = "…"

LONGEST_WORD = 20
"""What is longer may be broken: an address, or a language without blanks."""

_OTHERS = re.compile(r"[^\x00-\u02ff\u2010-\u2027]|\xad")
"""What may take another width than one column."""

_MOST_MARKS = 8
_JOINER = "\u200d"
_SKINS = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
_FLAGS = range(0x1F1E6, 0x1F200)
"""Regional indicators, of which two are a flag."""


def columns(text: str) -> int:
    """How wide a text is: East Asian characters and emoji take two columns, marks none."""
    if text.isascii():
        return len(text)
    return len(text) + sum(_columns(found) - 1 for found in _OTHERS.findall(text))


def rows(text: str) -> int:
    """How many rows a text takes where words are not broken unless they are longer than a row."""
    count, used = 1, 0
    for word in text.split():
        size = columns(word)
        blank = 1 if used else 0
        if used + blank + size <= ROW:
            used += blank + size
        elif size <= ROW:
            count, used = count + 1, size
        else:
            # No blank in it, as in Chinese and in addresses: it goes on wherever a row ends.
            count, used = count + (used + blank + size - 1) // ROW, (used + blank + size) % ROW
    return count


def fit(text: str, most: int) -> str:
    """`text`, cut between words and with an ellipsis where it takes more than `most` rows."""
    if isinstance(text, Sentence):
        return Trimmed(text, fit, most)
    return _longest(text, most * ROW, lambda cut: rows(cut) <= most)


def shorten(text: str, most: int) -> str:
    """`text`, cut between words and with an ellipsis where it is wider than `most` columns."""
    if isinstance(text, Sentence):
        return Trimmed(text, shorten, most)
    return _longest(text, most, lambda cut: columns(cut) <= most)


@lru_cache(maxsize=4_096)
def _columns(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _longest(text: str, room: int, fits: Callable[[str], bool]) -> str:
    """The longest beginning that fits; what is longer than `room` columns never does."""
    seen = text[: room * _MOST_MARKS]
    if seen == text and fits(text):
        return text
    parts = _characters(seen)
    low, high = 0, len(parts)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(_cut(parts, middle)) else (low, middle - 1)
    return _cut(parts, low)


def _characters(text: str) -> Sequence[str]:
    """What belongs together: a letter and its marks, an emoji of several, a flag."""
    if text.isascii() or not any(map(_clings, set(text))):
        return text
    parts: list[str] = []
    for one in text:
        if parts and _joins(parts[-1], one):
            parts[-1] += one
        else:
            parts.append(one)
    return parts


@lru_cache(maxsize=4_096)
def _clings(one: str) -> bool:
    """Whether a character may belong to the one before it, or the next one to it."""
    return not _columns(one) or one in _SKINS or ord(one) in _FLAGS


def _joins(part: str, one: str) -> bool:
    flag = len(part) == 1 and ord(part) in _FLAGS and ord(one) in _FLAGS
    return flag or not _columns(one) or part.endswith(_JOINER) or one in _SKINS


def _cut(parts: Sequence[str], count: int) -> str:
    """The first so many characters, less a word that was broken off, and an ellipsis."""
    first = parts[:count]
    kept = first if isinstance(first, str) else "".join(first)
    whole, blank, broken = kept.rpartition(" ")
    at_border = count < len(parts) and parts[count].isspace()
    if blank and not at_border and len(broken) <= LONGEST_WORD:
        kept = whole
    return kept.rstrip(" ,;:·–-") + ELLIPSIS
