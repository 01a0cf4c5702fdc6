"""One stretch of Markdown or HTML: its links, and what of it is plain text."""

from __future__ import annotations

import html
import re
import string
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.list_words import is_label, words

if TYPE_CHECKING:
    from collections.abc import Mapping

# An escaped character is replaced by one of 32 noncharacters, one for each mark of ASCII, so that
# no rule below takes it for markup.
_HIDE = {mark: chr(0xFDD0 + index) for index, mark in enumerate(string.punctuation)}
_SHOW = str.maketrans({hidden: mark for mark, hidden in _HIDE.items()})
_WRITE = str.maketrans({hidden: "\\" + mark for mark, hidden in _HIDE.items()})
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")

_URL = r"https?://(?:[^\s<>()\[\]\"'`|*]|\([^\s<>()]{0,200}\))++"
_TOKEN = re.compile(
    rf"(?P<open>!?\[)|(?P<close>\])"
    rf"|(?P<anchor><a\s[^<>]*>)|(?P<end></a\s*>)|(?P<image><img\s[^<>]*>)"
    rf"|<(?P<auto>https?://[^\s<>]+)>|(?P<bare>{_URL})|(?P<code>`[^`\n]+`)",
    re.IGNORECASE,
)
_TARGET = re.compile(
    r"\(\s*+(?:<(?P<angled>[^<>\n]*)>|(?P<url>(?:[^\s()]|\([^\s()]*+\))*+))"
    r"(?:\s++(?:\"[^\"]*\"|'[^']*'))?\s*+\)"
)
_REFERENCE = re.compile(r"\[([^\[\]]{0,200})\]")
_HREF = re.compile(r"\shref\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>]{0,1000}>", re.IGNORECASE)
_WITHIN_WORDS = re.compile(
    r"</?(?:sub|sup|b|i|em|strong|u|ins|code|span|font)\b[^<>]{0,200}>", re.IGNORECASE
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]\w{1,31});", re.IGNORECASE)
_EMPHASIS = re.compile(r"(?<!\w)_++|(?<!_)_++(?!\w)|~~|`")
_STARS = re.compile(r"\*++")


@dataclass(frozen=True, slots=True)
class Span:
    """A link: where it stands, its label (plain, still masked), its target. Images have none.

    `boxed` is a link in double brackets: `[[label]](…)`, `[[label](…)]`.
    """

    start: int
    end: int
    label: str
    url: str
    image: bool = False
    boxed: bool = False

    @property
    def external(self) -> bool:
        """Whether it leaves the file."""
        return self.url.lower().startswith(("http://", "https://"))

    @property
    def titled(self) -> bool:
        """Whether it is labelled with something's name instead of `Paper` or `Code`."""
        short = self.boxed and len(words(self.label)) < 4
        return bool(self.label) and not (self.image or short or is_label(self.label))


def masked(text: str) -> str:
    r"""Backslash escapes as single characters that mean nothing (`\[` is no bracket)."""
    return _ESCAPE.sub(lambda match: _HIDE[match[1]], text)


def hidden(mark: str) -> str:
    """One ASCII mark, escaped: what `masked` makes of it with a backslash before it."""
    return _HIDE[mark]


def shown(text: str) -> str:
    """Undo `masked`: the characters that were escaped."""
    return text.translate(_SHOW)


def written(text: str) -> str:
    """Undo `masked` for a file: every escaped character with its backslash again."""
    return text.translate(_WRITE)


def plain(text: str) -> str:
    """What a reader sees of a masked text: no images, tags or emphasis, of links the label.

    What was escaped stays masked, so that a caller can still tell it from markup; see `shown`.
    """
    return _plain(text, spans(text))


def _plain(text: str, found: tuple[Span, ...]) -> str:
    parts, position = [], 0
    for span in found:
        if span.start >= position:
            parts += [text[position : span.start], "" if span.image else span.label]
            position = span.end
    text = _TAG.sub(" ", _WITHIN_WORDS.sub("", "".join([*parts, text[position:]])))
    text = _ENTITY.sub(lambda entity: html.unescape(entity[0]), _EMPHASIS.sub("", _unstarred(text)))
    return " ".join(text.split())


def _unstarred(text: str) -> str:
    """The text without the stars that open and close emphasis; the one of `A* search` stays."""
    pending: list[re.Match[str]] = []
    removed: list[re.Match[str]] = []
    for stars in _STARS.finditer(text):
        if pending and not text[stars.start() - 1].isspace():
            removed += [pending.pop(), stars]
        elif not text[stars.end() : stars.end() + 1].isspace():
            pending.append(stars)
    for stars in sorted(removed, key=re.Match.start, reverse=True):
        text = text[: stars.start()] + text[stars.end() :]
    return text


def spans(text: str, references: Mapping[str, str] | None = None) -> tuple[Span, ...]:
    """The links and images of a masked text, in order.

    A picture in a link's label belongs to the link; of links in links only the inner ones count.
    """
    scanner = _Scanner(text, references or {})
    return tuple(sorted(scanner.run(), key=lambda span: span.start))


class _Scanner:
    """One pass over the brackets and anchors of a text."""

    def __init__(self, text: str, references: Mapping[str, str]) -> None:
        self._text = text
        self._references = references
        self._open: list[tuple[int, bool]] = []
        self._anchor: tuple[int, int, str] | None = None
        self._found: list[Span] = []

    def run(self) -> list[Span]:
        position = 0
        while token := _TOKEN.search(self._text, position):
            position = self._read(token) or token.end()
        return self._found

    def _read(self, token: re.Match[str]) -> int | None:
        """Take one token in; where to go on, when that is not right after it."""
        match token.lastgroup:
            case "open":
                self._open.append((token.start(), token[0][0] == "!"))
            case "close" if self._open:
                return self._close(token.end())
            case "anchor":
                href = _HREF.search(token[0])
                self._anchor = (token.start(), token.end(), href[1]) if href else None
            case "end" if self._anchor:
                start, inner, url = self._anchor
                self._add(start, token.end(), inner, token.start(), html.unescape(url))
                self._anchor = None
            case "image":
                self._found.append(Span(token.start(), token.end(), "", "", image=True))
            case "auto" | "bare" if not self._anchor:
                url = (token["auto"] or token["bare"]).rstrip(".,;:!?")
                end = token.end() if token["auto"] else token.start() + len(url)
                self._found.append(Span(token.start(), end, "", shown(url)))
        return None

    def _close(self, after: int) -> int | None:
        start, image = self._open.pop()
        target = _TARGET.match(self._text, after)
        if target:
            url, end = target["angled"] or target["url"] or "", target.end()
        else:
            named = _REFERENCE.match(self._text, after)
            key = (
                named[1]
                if named and named[1]
                else self._text[start + 1 : min(after - 1, start + 200)]
            )
            url, end = self._references.get(key.casefold(), ""), named.end() if named else after
            if not url:
                return None
        if image:
            self._drop_from(start)
            self._found.append(Span(start, end, "", shown(url), image=True))
        else:
            self._add(start, end, start + 1, after - 1, shown(url))
        return end

    def _add(self, start: int, end: int, inner: int, inner_end: int, url: str) -> None:
        within = tuple(span for span in self._within(start))
        if any(not span.image and span.label for span in within):
            return
        self._drop_from(start)
        shift = tuple(
            Span(span.start - inner, span.end - inner, span.label, span.url, span.image)
            for span in within
            if span.image
        )
        label = _plain(self._text[inner:inner_end], shift)
        boxed = self._text[start - 1 : start] == "[" and self._text[end : end + 1] == "]"
        while label.startswith("[") and label.endswith("]"):
            label, boxed = label[1:-1].strip(), True
        self._found.append(Span(start, end, label, url.strip().lstrip("["), boxed=boxed))

    def _within(self, start: int) -> list[Span]:
        count = len(self._found)
        while count and self._found[count - 1].start >= start:
            count -= 1
        return self._found[count:]

    def _drop_from(self, start: int) -> None:
        while self._found and self._found[-1].start >= start:
            self._found.pop()
