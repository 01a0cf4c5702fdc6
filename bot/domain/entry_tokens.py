"""One line of an entry as tokens: what is filled for a new paper, what goes, what joins."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from bot.domain.entry_dates import DATE, date_like
from bot.domain.list_words import is_venue

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from storage.models import Paper

_TOKEN = re.compile(
    r"(?P<code>:[a-z][a-z0-9_+-]{1,40}:)"
    r"|(?P<preprint>\barxiv\s(?:preprint\s)?arxiv:\s?\d{4}\.\d{4,5}(?:v\d+)?"
    r"|\barxiv[:,]\s?\d{4}\.\d{4,5}(?:v\d+)?|\barxiv(?:\spreprint)?\b|\bpreprint\b|\bcorr\b)"
    r"|(?P<id>(?<![\w.])\d{4}\.\d{4,5}(?:v\d+)?(?![\w.]))"
    r"|(?P<pause><br\s?/?>|&(?:emsp|ensp|nbsp);)"
    r"|<(?P<tag>/?(?:ins|sub|sup|small|em|i|b|strong|kbd))\b[^<>]{0,40}>|(?P<other><[^<>]{1,400}>)"
    r"|(?P<toggle>\*{1,3}|_{1,3}(?!\w)|(?<!\w)_{1,3}|`|\")"
    r"|(?P<open>[(\[{（【“])|(?P<close>[)\]}）】”])"
    r"|(?P<word>[^\W_](?:(?:[\w&+.-]|['’](?!\d))*[^\W_])?)"
    r"|(?P<glue>[\s,.;:|/·•–—\\&+'’-]+|，|。|、|：)|(?P<mark>.)",
    re.IGNORECASE | re.DOTALL,
)
_NUMBER = re.compile(r"\d{4}\.\d{4,5}(?:v\d+)?")
_PREPRINT = re.compile(r"\b(?:arxiv|preprint|corr)\b", re.IGNORECASE)
_BEFORE_DATE = re.compile(r"[\s,'’]{0,3}")
_KINDS = {"glue": "glue", "pause": "glue", "code": "mark", "mark": "mark", "word": "word"}


class Piece(NamedTuple):
    """A part [start, end) of a neighbour and what stands there for the new paper, if anything."""

    start: int
    end: int
    value: str


@dataclass(slots=True)
class Part:
    """A token or a group of them.

    `kept`, `dropped`, `word` (dropped too), `glue`, `mark` (a picture), `opens`, `closes`, `group`.
    """

    kind: str
    text: str = ""
    inner: list[Part] = field(default_factory=list)


def kept(value: str) -> Part:
    """What is filled; dropped where there is nothing to fill it with."""
    return Part("kept" if value else "dropped", value)


def parts_of(text: str, pieces: Sequence[Piece], paper: Paper) -> Iterator[Part]:
    """The tokens of a line. `pieces`, in order and apart, are filled already."""
    reader = _Reader(text, paper, told=_PREPRINT.search(_between(text, pieces)) is not None)
    waiting = list(reversed(pieces))
    while reader.position < len(text):
        if waiting and waiting[-1].start <= reader.position:
            piece = waiting.pop()
            reader.position = max(piece.end, reader.position)
            yield kept(piece.value)
        else:
            yield reader.next(waiting[-1].start if waiting else len(text))


def _between(text: str, pieces: Sequence[Piece]) -> str:
    parts, position = [], 0
    for piece in pieces:
        parts.append(text[position : piece.start])
        position = max(position, piece.end)
    return " ".join([*parts, text[position:]])


class _Reader:
    """Knows of a line where it is, and which of venue and date were filled before."""

    def __init__(self, text: str, paper: Paper, *, told: bool) -> None:
        self.position = 0
        self._text = text
        self._paper = paper
        self._arxiv = paper.id.startswith("arXiv:")
        self._told = told
        self._dated = False
        self._venue = False
        self._worded = False
        self._toggles: list[str] = []

    def next(self, limit: int) -> Part:
        if date := DATE.match(self._text, self.position, limit):
            self.position = date.end()
            return self._date(date[0])
        token = _TOKEN.match(self._text, self.position, limit)
        if token is None:
            self.position += 1
            return Part("dropped")
        self.position = token.end()
        kind = token.lastgroup or ""
        self._worded = kind == "word" or (self._worded and kind == "glue")
        if kind == "word" and is_venue(token[0]) and self._before_date(limit):
            self._venue = True
            return kept("arXiv" if self._arxiv and not (self._told or self._dated) else "")
        return self._token(token[0], kind, token["tag"])

    def _date(self, written: str) -> Part:
        """A date; not that of a conference where another one is filled."""
        again = self._dated if self._worded else self._venue and (self._told or self._dated)
        value = "" if again else date_like(written, self._paper)
        self._dated = self._dated or value != ""
        self._venue = self._worded = False
        return kept(value)

    def _before_date(self, limit: int) -> bool:
        between = _BEFORE_DATE.match(self._text, self.position, limit)
        return between is not None and DATE.match(self._text, between.end(), limit) is not None

    def _token(self, written: str, kind: str, tag: str | None) -> Part:
        if kind in {"preprint", "id"}:
            number = self._paper.id.removeprefix("arXiv:")
            return kept(_NUMBER.sub(number, written) if self._arxiv else "")
        if kind == "toggle":
            closing = written in self._toggles
            if closing:
                del self._toggles[self._toggles.index(written) :]
            else:
                self._toggles.append(written)
            return Part("closes" if closing else "opens", written)
        if tag:
            return Part("closes" if tag.startswith("/") else "opens", written)
        if kind in {"open", "close"}:
            return Part("opens" if kind == "open" else "closes", written)
        return Part(_KINDS.get(kind, "dropped"), written)
