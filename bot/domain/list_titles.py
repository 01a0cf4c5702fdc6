"""Finding the title in one stretch of a list, from the surest way to the last resort."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from bot.domain.citations import Citation, parse_citation
from bot.domain.identify import identify
from bot.domain.list_drafts import ITALIC, Draft, Wording
from bot.domain.list_inline import Span, masked, plain, shown, spans
from bot.domain.list_words import is_date_or_venue, is_label, words
from storage.models import Author

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LONGEST = 20_000
"""Characters of a block that are looked at; nobody writes an entry longer than that."""

_CACHED = 2_000
_BOLD = re.compile(
    r"\*\*(?=\S)(.+?)\*\*+|(?<!\w)__(?=\S)(.+?)__|<(?:b|strong)>(.+?)</(?:b|strong)>", re.DOTALL
)
# Marks inside a quoted title stand round a word or a few in the middle of it.
_QUOTE = re.compile(
    r"[\"“]((?:[^\"“”\n]|\n(?!\n)|(?<= )[\"“][^\"“”\n]{1,40}[\"”](?= [a-z])){8,500})[\"”]"
)
# `**LEO**: "Title"`, `**Codex** (GPT-3): "Title"`, `**[RT-2]** "Title"`
_SHORT_NAME = re.compile(
    r"(?:\*\*|__)([^*_\n]{1,60})(?:\*\*|__)\s{0,3}(?:\([^()\n]{0,200}\))?\s{0,3}(:?)\s{0,3}$"
)
_LEAD_TAG = re.compile(r"\s*[\[(【]([^\[\]()【】\n]{1,30})[\])】][:,]?")
_CELL_TAG = re.compile(r"[^\w\[\ufdd0-\ufdef]{0,6}\[[^\[\]]{1,60}\]\s*(?=\S+\s+\S)")
_AT = re.compile(r"\s*\(@[^()]{1,80}\)$")
_AT_VENUE = re.compile(r"(?<=\S)\s*\((?:[^()]{0,60}[\s'’,])?(?:19|20)\d\d\)$")
_SUBTITLE = re.compile(r"\s*(:?)\s*([^\n.\[<*`(|]{8,250})")
_PLAIN_END = re.compile(r"\.\s|\s[-–—|]\s|\s\(|\[|\n|<|\*|`|$")
_AUTHORS = re.compile(r"(?:authors?|作者)\s*[:：]", re.IGNORECASE)
_TASK = re.compile(r"\s*\[[ xX]\]\s")
_TITLE_COLUMNS = frozenset(
    ("title", "titles", "paper", "papers", "name", "publication", "标题", "论文")
)


def draft(text: str, references: Mapping[str, str], header: Sequence[str] = ()) -> Draft | None:
    """Read the visible text of an item, row or paragraph; None where nothing could be a title.

    `header` are the column names when it is a table row.
    """
    if references or len(text) > _CACHED:
        return _read(text, references, tuple(header))
    return _read_once(text, tuple(header))


@lru_cache(maxsize=1_024)
def _read_once(text: str, header: tuple[str, ...]) -> Draft | None:
    # Adding an entry reads the whole list again with one entry more.
    return _read(text, {}, header)


def _read(text: str, references: Mapping[str, str], header: tuple[str, ...]) -> Draft | None:
    hidden = masked(text[:LONGEST])
    if task := _TASK.match(hidden):
        hidden = " " * task.end() + hidden[task.end() :]
    found = spans(hidden, references)
    reading = _Reading(hidden, found)
    if header or hidden.lstrip().startswith("|"):
        return reading.row([name.casefold() for name in header])
    return reading.item()


class _Reading:
    """The ways to find a title, from the surest to the last resort."""

    def __init__(self, text: str, found: tuple[Span, ...]) -> None:
        self._text = text
        self._found = found
        self._titled = [
            span for span in found if span.titled and not span.url.startswith(("#", "mailto:"))
        ]

    def item(self) -> Draft | None:
        ways = (
            self._linked,
            self._bold,
            self._quoted,
            self._named_later,
            self._cited,
            self._italic,
            self._unlinked,
            self._label,
        )
        return next((read for way in ways if (read := way())), None)

    def row(self, header: list[str]) -> Draft | None:
        """The linked title with an id, else the cell under a title's header, else any link."""
        sure = [span for span in self._titled if identify(span.url)]
        long = [span for span in self._titled if len(words(span.label)) > 3]
        if sure or long:
            return self._of_link((sure or long)[0])
        for index, (start, end) in enumerate(_cells(self._text)):
            title = plain(self._text[start:end])
            if (
                index < len(header)
                and _is_title_column(header[index])
                and title
                and not is_label(title)
            ):
                link = next(
                    (span for span in self._found if start <= span.start < end and not span.image),
                    None,
                )
                if link is None:
                    title = _AT.sub("", _CELL_TAG.sub("", title))
                return self._made(title, Wording.LINK if link else Wording.PLAIN, start, end, link)
        return self._of_link(self._titled[0]) if self._titled else self._label()

    def _made(
        self, title: str, wording: Wording, start: int, end: int, link: Span | None = None
    ) -> Draft | None:
        title = title.strip(" \t\n,;:|")
        title = title if title.endswith(("..", "et al.")) else title.removesuffix(".").rstrip()
        title = _AT_VENUE.sub("", title)
        return (
            Draft(self._text, self._found, shown(title), wording, start, end, link)
            if title
            else None
        )

    def _of_link(self, span: Span) -> Draft | None:
        return self._made(span.label, Wording.LINK, span.start, span.end, span)

    def _leads(self, start: int) -> bool:
        return is_date_or_venue(plain(self._text[:start]))

    def _linked(self) -> Draft | None:
        first = next((span for span in self._titled if _is_target(span)), None)
        if first is None or not self._leads(first.start):
            return None
        return self._of_link(first)

    def _bold(self) -> Draft | None:
        match = next(
            (bold for bold in _BOLD.finditer(self._text) if not is_label(plain(bold[0]))), None
        )
        if match is None or not self._leads(match.start()):
            return None
        title, end = plain(match[match.lastindex or 0]), match.end()
        if (quoted := self._quoted()) and quoted.start >= end:
            return quoted
        if len(words(title)) < 4:
            if named := self._named_later():
                return named
            title, end = self._with_subtitle(title, end)
        inner = (
            span
            for span in self._found
            if match.start() <= span.start < match.end() and span.external
        )
        return self._made(title, Wording.BOLD, match.start(), end, next(inner, None))

    def _with_subtitle(self, name: str, end: int) -> tuple[str, int]:
        """`**UniGen**: A Unified Framework …` has only its first word in bold."""
        rest = _SUBTITLE.match(self._text, end)
        if rest is None or not (rest[1] or name.endswith(":")) or len(words(rest[2])) < 3:
            return name, end
        return f"{name.rstrip(': ')}: {plain(rest[2])}", rest.end()

    def _quoted(self) -> Draft | None:
        match = _QUOTE.search(self._text)
        if match is None or not (self._leads(match.start()) or self._named(match.start())):
            return None
        return self._made(plain(match[1]), Wording.QUOTED, match.start(), match.end())

    def _named(self, start: int) -> bool:
        """Whether only the short name of a work stands in bold before its quoted title."""
        name = _SHORT_NAME.search(self._text, max(0, start - 300), start)
        if name is None or not self._leads(name.start()):
            return False
        return bool(name[2]) or name[1].startswith("[") or len(words(name[1])) < 4

    def _named_later(self) -> Draft | None:
        named = (span for span in self._titled if identify(span.url) and len(words(span.label)) > 2)
        first = next(named, None)
        return self._of_link(first) if first else None

    def _cited(self) -> Draft | None:
        end = next((span.start for span in self._found if not span.titled), len(self._text))
        citation = parse_citation(plain(self._text[:end]))
        if citation is None:
            return None
        quote = _QUOTE.search(self._text, 0, end)
        if quote and plain(quote[1]).strip(" .,") == citation.title:
            read = self._made(plain(quote[1]), Wording.QUOTED, quote.start(), quote.end())
            return replace(read, citation=citation) if read else None
        authors = tuple(
            Author(shown(author.family), shown(author.given)) for author in citation.authors
        )
        whole = Citation(authors, shown(citation.title), citation.year)
        end = len(self._text[:end].rstrip())
        return Draft(self._text, self._found, whole.title, Wording.CITED, 0, end, None, whole)

    def _italic(self) -> Draft | None:
        match = ITALIC.match(self._text, len(self._text) - len(self._text.lstrip()))
        title = plain(match[match.lastindex or 0]) if match else ""
        return self._made(title, Wording.PLAIN, match.start(), match.end()) if match else None

    def _unlinked(self) -> Draft | None:
        """Plain words before the first link: `Title. Authors. [pdf](…)`."""
        start = 0
        while (tag := _LEAD_TAG.match(self._text, start)) and is_date_or_venue(tag[1]):
            start = tag.end()
        first = next((span for span in self._found if span.start >= start and not span.image), None)
        text = self._text[: first.start if first else len(self._text)]
        start += len(text[start:]) - len(text[start:].lstrip())
        end = _PLAIN_END.search(text, start)
        title = plain(text[start : end.start()] if end else text[start:])
        if is_label(title) or _AUTHORS.match(title):
            return None
        return self._made(title, Wording.PLAIN, start, end.start() if end else len(text))

    def _label(self) -> Draft | None:
        named = next((span for span in self._found if identify(span.url) and not span.image), None)
        link = named or (self._titled[0] if self._titled else None)
        if link is None:
            return None
        title = link.label or str(identify(link.url) or link.url)
        return Draft(
            self._text, self._found, shown(title), Wording.LABEL, link.start, link.end, link
        )


def _is_target(span: Span) -> bool:
    """A link out of the file; a cited work whose link was lost (`[Title](None)`) is one too."""
    return span.external or (span.url in {"", "None"} and len(words(span.label)) > 2)


def _is_title_column(name: str) -> bool:
    return any(word in _TITLE_COLUMNS for word in words(name))


def _cells(text: str) -> list[tuple[int, int]]:
    """Where the cells of a row stand in it."""
    bars = [-1, *(match.start() for match in re.finditer(r"\|", text)), len(text)]
    cells = [(left + 1, right) for left, right in itertools.pairwise(bars)]
    return cells[1:] if text.lstrip().startswith("|") else cells
