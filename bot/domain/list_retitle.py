"""A new title in the place of an old one: its characters change, the markup round it stays."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from bot.domain.list_guard import clean, guarded, guarded_html
from bot.domain.list_inline import hidden, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.domain.list_own import OwnText

_UNSEEN = frozenset(" \t\r\n\u00a0*_`~")
_PIECE = re.compile(
    r"(?P<tag></?[a-zA-Z][^<>]{0,1000}>)|(?P<entity>&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]\w{1,31});)"
    r"|.",
    re.DOTALL,
)
_MARKS = re.compile(r"\*+|(?<!\w)_+|_+(?!\w)|`+|~~|</?[a-zA-Z][^<>]{0,1000}>")


def retitled(own: OwnText, old: str, new: str, *, markup: bool) -> Iterator[str]:
    """The entry's text with the title `new`, masked, the likeliest place and spelling first.

    `markup` says that the entry is written in HTML.
    """
    spellings = [guarded_html(new)] if markup else _spellings(new)
    for start, end in _places(own.seen, old):
        for left, right, marks in _balanced(own.seen, start, end):
            for title in spellings:
                yield own.text[:left] + marks + title + marks + own.text[right:]


def _spellings(title: str) -> list[str]:
    """The title, masked, with as few backslashes as may do first."""
    quoted = re.sub(r"[\"']|:(?=//)", lambda mark: hidden(mark[0]), guarded(title, ends=True))
    return list(dict.fromkeys([guarded(title), guarded(title, ends=True), quoted]))


def _places(seen: str, title: str) -> Iterator[tuple[int, int]]:
    """Where the title stands, whatever markup and line breaks are in it."""
    pieces = [*_pieces(seen)]
    letters = [(at, char) for at, (char, _, _) in enumerate(pieces) if char not in _UNSEEN]
    text = "".join(char for _, char in letters)
    key = "".join(char for char in clean(title) if char not in _UNSEEN)
    at = text.find(key) if key else -1
    while at >= 0:
        first, last = letters[at][0], letters[at + len(key) - 1][0]
        # A mark that begins or ends the title itself: `A*`.
        while title[:1] in _UNSEEN and first and pieces[first - 1][0] == title[0]:
            first -= 1
        while title[-1:] in _UNSEEN and pieces[last + 1 :] and pieces[last + 1][0] == title[-1]:
            last += 1
        yield pieces[first][1], pieces[last][2]
        at = text.find(key, at + 1)


def _pieces(seen: str) -> Iterator[tuple[str, int, int]]:
    """Each character that a reader sees, and where it stands."""
    for piece in _PIECE.finditer(seen):
        chars = html.unescape(piece[0]) if piece["entity"] else shown(piece[0])
        for char in "" if piece["tag"] else chars:
            yield char, piece.start(), piece.end()


def _balanced(seen: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """The place, and marks to put round the title, so that emphasis opens and closes as before."""
    inner = _MARKS.findall(seen[start:end])
    tags = [mark for mark in inner if mark.startswith("<")]
    odd = [mark for mark in dict.fromkeys(inner) if mark not in tags and inner.count(mark) % 2]
    if sum(tag.startswith("</") for tag in tags) * 2 != len(tags) or len(odd) > 1:
        return
    if not odd:
        yield start, end, ""
    elif seen.startswith(odd[0], end):
        yield start, end + len(odd[0]), ""
    elif seen.endswith(odd[0], 0, start):
        yield start - len(odd[0]), end, odd[0]
