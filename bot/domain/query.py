"""What a person types into a search → a plain query value. Any text is a query; none is an error.

Words, "phrases", -excluded, author: title: section: (with one word or "several"), year:2024,
year:2024..2025 (either end may be missing), since:2024-05 and until:2024-05-12 (days of
publication, inclusive), synth* for beginnings, an arXiv id or a link pasted in.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import TYPE_CHECKING, Any

from bot.domain import days
from bot.domain.errors import UserError
from bot.domain.identify import identify
from storage.models import ParsedQuery

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST = 4_000
"""Characters of a query that are read."""

MOST_WORDS = 64
"""Words of a query that are looked for; a phrase counts as many as it has."""

LONGEST_WORD = 80
"""Characters of one word that are looked at (a line of Chinese is one word here)."""

_QUOTES = str.maketrans("“”„«»＂：－", '"""""":-')
_PART = re.compile(
    r"(?P<minus>-(?=[^\W\d]|\"))?"
    r"(?:(?P<field>author|title|section|year|since|until):[ ]?)?"
    r"(?:\"(?P<quoted>[^\"]*)\"|(?P<word>[^\s\"]+))",
    re.IGNORECASE,
)
_INSIDE_WORD = re.compile(r"[^\w\-.'’+#*]+")
_WORD = re.compile(r"[\w\-.'’+#*]+")
_YEARS = re.compile(r"(?P<first>\d{4})?(?P<range>\.\.\.?|-)?(?P<last>\d{4})?", re.ASCII)
_PREFIX = re.compile(r"(?P<begun>\w{2,}(?:-\w+)*)\*")
_MARKS = "*.-'’"

_Years = tuple[int | None, int | None]


def parse(text: str) -> ParsedQuery:
    """The query that `text` means; `paper` is set where all of it is one id or link."""
    typed = text[:LONGEST]
    reader = _Reader()
    for match in _PART.finditer(typed.translate(_QUOTES)):
        reader.take(match)
    return reader.query(typed)


def respelled(text: str, instead: Mapping[str, str]) -> str:
    """`text` with other words for some; what is quoted, excluded, begun or a field's stays."""

    def word(match: re.Match[str]) -> str:
        """One word, the marks around it kept."""
        core = match[0].strip(_MARKS)
        known = core not in instead or _PREFIX.fullmatch(match[0])
        return match[0] if known else match[0].replace(core, instead[core])

    def part(match: re.Match[str]) -> str:
        """One part: only plain words are respelled."""
        if _read(match)[0] != "words":
            return match[0]
        return match[0].removesuffix(match["word"]) + _WORD.sub(word, match["word"])

    return _PART.sub(part, text[:LONGEST].translate(_QUOTES))


class _Reader:
    """Collects the parts of one query under a budget of words."""

    def __init__(self) -> None:
        self._left = MOST_WORDS
        self._found: dict[str, dict[str, None]] = {}
        self._years: _Years = (None, None)
        self._days: dict[str, date] = {}

    def take(self, match: re.Match[str]) -> None:
        """Read one part: a word, a phrase, either with a minus or a field before it."""
        kind, value = _read(match)
        if isinstance(value, tuple):
            self._years = value
        elif isinstance(value, date):
            self._days[kind] = value
        elif kind == "words":
            self._add_words(value)
        else:
            self._add(kind, value)

    def _add_words(self, content: str) -> None:
        for word in _INSIDE_WORD.split(content):
            if begun := _PREFIX.fullmatch(word):
                self._add("prefixes", begun["begun"])
            else:
                self._add("words", word.strip(_MARKS))

    def _add(self, kind: str, text: str) -> None:
        cut = " ".join(_searchable(text)[: self._left])
        if cut and cut not in self._found.setdefault(kind, {}):
            self._found[kind][cut] = None
            self._left -= len(cut.split())

    def query(self, typed: str) -> ParsedQuery:
        """All that was read, as a value."""
        first, last = self._years
        found: dict[str, Any] = {kind: tuple(texts) for kind, texts in self._found.items()}
        return ParsedQuery(
            **found,
            since=self._days.get("since"),
            until=self._days.get("until"),
            first_year=first,
            last_year=last,
            paper=identify(typed),
        )


def _read(match: re.Match[str]) -> tuple[str, str | date | _Years]:
    """What a part is read as; after `year:` words and phrases too, where no year follows."""
    field, quoted = (match["field"] or "").lower(), match["quoted"]
    content = match["word"] if quoted is None else quoted
    if match["minus"]:
        return "excluded", content
    if field in {"author", "title", "section"}:
        return f"{field}s", content
    if limit := _limit(field, content):
        return field, limit
    return "words" if quoted is None else "phrases", content


def _limit(field: str, text: str) -> date | _Years | None:
    if field == "year":
        return _years(text)
    return _day(text, last=field == "until") if field else None


def _searchable(text: str) -> list[str]:
    words = (word[:LONGEST_WORD] for word in text.split())
    return [word for word in words if any(map(_counts, word))]


def _counts(character: str) -> bool:
    return unicodedata.category(character)[0] in "LN"


def _day(text: str, *, last: bool) -> date | None:
    try:
        return days.last_day(text) if last else days.first_day(text)
    except UserError:
        return None


def _years(text: str) -> _Years | None:
    """(first, last), inclusive, an open end None; None where the text names no year."""
    match = _YEARS.fullmatch(text.strip())
    if not match or not (match["first"] or match["last"]):
        return None
    first, last = (int(match[end]) if match[end] else None for end in ("first", "last"))
    if not match["range"]:
        return (first, first) if last is None else None
    if first is not None and last is not None:
        return min(first, last), max(first, last)
    return first, last
