"""Where another link stands in an entry, and how it is written: as the links around it are."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from typing import TYPE_CHECKING

from bot.domain.entry_links import is_project
from bot.domain.list_blocks import Kind
from bot.domain.list_entries import references_of
from bot.domain.list_guard import guarded, guarded_html
from bot.domain.list_inline import plain
from bot.domain.list_own import own_text
from bot.domain.list_words import PROJECT_LABELS, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.domain.list_document import Document
    from bot.domain.list_entries import Found
    from bot.domain.list_inline import Span
    from bot.domain.list_own import OwnText
    from storage.models import Link

_NEIGHBOURS = 30
_PAIRS = ("[]", "()", "（）", "【】", "**", "__", "``")
_ENDING = re.compile(r"[ \t]*(?:\\|<br\s?/?>)?[ \t]*\r?$")


def outer(text: str, span: Span) -> tuple[int, int]:
    """A link with the brackets and marks right round it: `[[code](…)]`, `(**[code](…)**)`."""
    start, end = span.start, span.end
    while start and end < len(text) and text[start - 1] + text[end] in _PAIRS:
        start, end = start - 1, end + 1
    return start, end


class Adding:
    """Adds links to an entry; `own` is its text as it was before any were taken away."""

    def __init__(self, document: Document, found: Found, own: OwnText) -> None:
        self._document = document
        self._found = found
        self._joint = _joint(own, _labelled(own)[-2:])

    def to(self, own: OwnText, links: Sequence[Link]) -> Iterator[str]:
        """The entry's text, masked, with more links, the place that suits them best first."""
        kind = self._found.block.kind
        if kind is Kind.ROW and (text := _in_cells(self._found, own, links)):
            yield text
        if labelled := _labelled(own):
            yield self._behind(own, labelled, links)
        elif kind in {Kind.ITEM, Kind.PARAGRAPH}:
            yield self._on_first_line(own, links)
        for span in own.links[-1:]:
            end = outer(own.text, span)[1]
            yield own.put(end, end, "".join(f" {_written(link, own, span)}" for link in links)).text
        yield _below(self._found, own, links)

    def _behind(self, own: OwnText, labelled: Sequence[Span], links: Sequence[Link]) -> str:
        """Behind the last link, in the same brackets, joined as links are here or nearby."""
        model = labelled[-1]
        start, end = outer(own.text, model)
        joint = _joint(own, labelled[-2:]) or self._joint or self._usual_joint()
        joint = joint or _default(own, model)
        opening, closing = own.text[start : model.start], own.text[model.end : end]
        added = "".join(joint + opening + _written(link, own, model) + closing for link in links)
        return own.put(end, end, added).text

    def _on_first_line(self, own: OwnText, links: Sequence[Link]) -> str:
        """At the end of the line that begins the entry, in the brackets that neighbours have."""
        opening, closing = self._usual_brackets()
        line = own.text.partition("\n")[0]
        ending = _ENDING.search(line)
        at = ending.start() if ending else len(line)
        added = "".join(f" {opening}{_written(link, own)}{closing}" for link in links)
        return own.put(at, at, added).text

    def _neighbours(self) -> Iterator[list[OwnText]]:
        """The entries of the same form: those of the section, then the last of the list."""
        references = references_of(self._document.text.lines)
        found = [
            other
            for other in self._document.found
            if other is not self._found and other.block.kind is self._found.block.kind
        ]
        near = [other for other in found if other.heading is self._found.heading]
        for entries in (near[-_NEIGHBOURS:], found[-_NEIGHBOURS:]):
            texts = (own_text(self._document, other, references) for other in entries)
            yield [text for text in texts if text]

    def _usual_joint(self) -> str:
        """What joins the links of the neighbours."""
        for texts in self._neighbours():
            pairs = (pair for text in texts for pair in _pairs(text))
            joints = Counter(joint for text, *pair in pairs if (joint := _joint(text, pair)))
            if joints:
                return joints.most_common(1)[0][0]
        return ""

    def _usual_brackets(self) -> tuple[str, str]:
        for texts in self._neighbours():
            for text in reversed(texts):
                for span in _labelled(text)[-1:]:
                    start, end = outer(text.text, span)
                    return text.text[start : span.start], text.text[span.end : end]
        return "", ""


def _pairs(own: OwnText) -> Iterator[tuple[OwnText, Span, Span]]:
    yield from ((own, first, second) for first, second in itertools.pairwise(_labelled(own)))


def _labelled(own: OwnText) -> list[Span]:
    """The links that say what they lead to: `[Paper](…)`, `<a href=…>code</a>`."""
    return [
        span
        for span in own.links
        if span.label and not span.titled and own.text[span.start] in "[<"
    ]


def _written(link: Link, own: OwnText, like: Span | None = None) -> str:
    if like is not None and own.text[like.start : like.start + 2].lower() == "<a":
        return f'<a href="{link.url}">{guarded_html(link.label)}</a>'
    return f"[{guarded(link.label)}]({link.url})"


def _joint(own: OwnText, pair: Sequence[Span]) -> str:
    """What stands between two links that follow each other, if that is no word."""
    if len(pair) < 2:
        return ""
    between = own.text[outer(own.text, pair[0])[1] : outer(own.text, pair[1])[0]]
    bare = re.sub(r"<br\s?/?>", "", between)
    wordless = not re.search(r"[^\s,;|·•/–—\\&+-]", bare) and len(between) < 40
    return between if wordless else ""


def _default(own: OwnText, model: Span) -> str:
    """A line of its own where the link has one, else a blank."""
    start, end = outer(own.text, model)
    first = own.text.rfind("\n", 0, start) + 1
    below = own.text.find("\n", end)
    after = own.text[end : below if below >= 0 else len(own.text)]
    alone = first and not own.text[first:start].strip() and not after.strip()
    return own.ending + own.text[first:start] if alone else " "


def _in_cells(found: Found, own: OwnText, links: Sequence[Link]) -> str:
    """In the column of a table that is named for such links; empty where one has none."""
    for link in links:
        names = set(words(link.label)) | (PROJECT_LABELS if is_project(link.label) else set())
        columns = [at for at, name in enumerate(found.block.header) if names & set(words(name))]
        cells = _cells(own.seen)
        if not columns or columns[0] >= len(cells):
            return ""
        start, end = cells[columns[0]]
        cell = own.text[start:end]
        if "](" in cell or re.search(r"\w", plain(cell)):
            at = start + len(cell.rstrip())
            own = own.put(at, at, f" {_written(link, own)}")
        else:
            pad = " " if cell.startswith(" ") else ""
            own = own.put(start, end, f"{pad}{_written(link, own)}{pad}".ljust(len(cell)))
    return own.text


def _cells(row: str) -> list[tuple[int, int]]:
    bars = [match.start() for match in re.finditer(r"\|", row)]
    if row.lstrip()[:1] != "|":
        bars.insert(0, -1)
    if row.rstrip()[-1:] != "|":
        bars.append(len(row.rstrip()))
    return [(left + 1, right) for left, right in itertools.pairwise(bars)]


def _below(found: Found, own: OwnText, links: Sequence[Link]) -> str:
    """A paragraph of their own at the end of the entry."""
    margin = " " * len(found.block.marker) if found.block.kind is Kind.ITEM else ""
    body = own.text.rstrip("\r\n")
    line = margin + " ".join(_written(link, own) for link in links)
    return body + own.ending * 2 + line + own.text[len(body) :]
