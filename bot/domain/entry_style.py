"""A new entry written like a neighbour: its shape, another paper's title, names and links."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.entry_links import Links
from bot.domain.entry_names import cited_row, names_like
from bot.domain.entry_pieces import Piece, filled
from bot.domain.entry_titles import guarded_title, title_like
from bot.domain.identify import abs_url
from bot.domain.list_drafts import Draft, Wording
from bot.domain.list_guard import safe_url
from bot.domain.list_words import is_label, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.models import Link, Paper

_LINE = re.compile(
    r"(?P<margin>[ \t>]*(?:(?:[-*+•]|\d{1,4}[.)])[ \t]+)?)"
    r"(?P<label>(?:[^\w\s\[<*`\"(]{1,3}[ \t]*)?(?:\*\*|__)?(?P<name>[^\W\d_](?:[^\W_]| ){0,20}?)"
    r"(?:\*\*|__)?[ \t]*[:：](?:\*\*|__)?[ \t]*)?"
)
_FACTS = frozenset(
    [
        "author",
        "authors",
        "by",
        "date",
        "published",
        "publisher",
        "time",
        "title",
        "venue",
        "year",
        "作者",
        "时间",
        "日期",
        "标题",
        "发表",
    ]
)
_BREAK = re.compile(r"[ \t]*(?:\\|  )$")


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes one paper in the shape of different neighbours."""

    paper: Paper

    @property
    def title(self) -> str:
        """The title, masked, safe inside a label or emphasis."""
        return guarded_title(self.paper)

    @property
    def projects(self) -> list[Link]:
        """The paper's links to code and to a project's page."""
        return Links(self.paper).projects

    def like(self, model: Draft | None, number: str = "") -> str | None:
        """The paper in the shape of a neighbour's own lines without the marker; masked.

        `number` stands in the place of one that the neighbour's text begins with. None where that
        entry has no shape to follow.
        """
        if model is None or model.wording is Wording.LABEL:
            return None
        text, links = model.text, Links(self.paper, told=model.link is not None)
        kept: list[tuple[int, str, str]] = []
        for start, end in _lines(model):
            if line := self._line(model, links, (start, end), number):
                broken = _BREAK.search(text[start:end])
                kept.append((start, line, broken[0] if broken else ""))
        return _assembled(text, kept).lstrip(" \t") or None

    def plain_link(self) -> str:
        """`[Title](https://…)`, the shape everybody understands."""
        return f"[{self.title}]({safe_url(abs_url(self.paper.id))})"

    def part(self, model: Draft, links: Links, start: int, end: int, label: str = "") -> str:
        """What stands in [start, end) of a neighbour, for this paper; empty if nothing does."""
        pieces = [
            Piece(piece.start - start, min(piece.end, end) - start, piece.value)
            for piece in self._pieces(model, links, start, end, label)
        ]
        # `Preprint available on [arxiv](…)` says nothing without its link.
        if pieces and not any(piece.value for piece in pieces):
            return ""
        return filled(model.text[start:end], pieces, self.paper)

    def _line(self, model: Draft, links: Links, span: tuple[int, int], number: str) -> str:
        start, end = span
        first = start == 0
        head = _LINE.match(model.text, start, end)
        if head is None:
            return ""
        name = head["name"] or ""
        known = head["label"] and (is_label(name) or set(words(name)) & _FACTS)
        margin = head.end() if known else head.end("margin")
        if first and not known:
            margin = start
        if start <= model.start < margin:
            margin, name = start, ""
        if first and number and (digits := re.match(r"\W{0,4}(\d{1,4})\W{0,4}\s", model.text)):
            margin = digits.end()
            lead = digits[0].replace(digits[1], number, 1)
            rest = self.part(model, links, margin, end)
            return lead + rest if rest else ""
        rest = self.part(model, links, margin, end, name)
        return model.text[start:margin] + rest if rest else ""

    def _pieces(
        self, model: Draft, links: Links, start: int, end: int, label: str
    ) -> Iterator[Piece]:
        """Title, links and names between `start` and `end`, in order."""
        found = [
            Piece(span.start, span.end, links.like(model.text, span, model, label))
            for span in model.found
            if start <= span.start < end and not (model.start <= span.start < model.end)
        ]
        if start <= model.start < end:
            found.append(self._title_piece(model))
        if not links.named and (names := self._names(model, start, end, label)):
            found.append(names)
            links.named = True
        position = start
        for piece in sorted(found):
            if piece.start >= position:
                yield piece
                position = piece.end

    def _names(self, model: Draft, start: int, end: int, label: str) -> Piece | None:
        """The names in [start, end): in italics, before a quoted title, or on a line of theirs."""
        text = model.text
        if model.citation and model.wording is Wording.QUOTED:
            before = re.compile(r"\s*(?:\W{0,3}\d{1,4}\W{0,3}\s)?").match(text, 0, model.start)
            if start <= (at := before.end() if before else 0) < model.start:
                return Piece(at, at + len(text[at : model.start].rstrip()), cited_row(self.paper))
            return None
        written = model.names
        if written and start <= written[0] < end:
            return Piece(written[0], *names_like(text, written, self.paper))
        told = bool(set(words(label)) & {"author", "authors", "by", "作者"})
        if written or not told:
            return None
        line = text[start:end].rstrip(" \t\\")
        return Piece(start, *names_like(text, (start, start + len(line)), self.paper))

    def _title_piece(self, model: Draft) -> Piece:
        title = title_like(self.paper, model)
        end = model.start + len(model.text[model.start : model.end].rstrip())
        stop = title[-1:] in {"?", "!"} and model.text[end : end + 1] == "."
        return Piece(model.start, end + stop, title)


def _lines(model: Draft) -> Iterator[tuple[int, int]]:
    """The lines of a neighbour; those that the title or a link runs over are one."""
    inside = [(span.start, span.end) for span in model.found] + [(model.start, model.end)]
    joints = {at for start, end in inside for at in range(start, end) if model.text[at] == "\n"}
    start = 0
    for match in re.finditer(r"\n|$", model.text):
        if match.start() not in joints:
            yield start, match.start()
            start = match.end()


def _assembled(text: str, kept: list[tuple[int, str, str]]) -> str:
    """The lines that are kept, with the blank lines and the hard breaks between them."""
    lines: list[str] = []
    for index, (start, line, broken) in enumerate(kept):
        if index:
            above = text[:start].rstrip(" \t\n")
            lines += [""] * (text.count("\n", len(above), start) - 1)
        follows = index + 1 < len(kept)
        ended = re.sub(r"(?:\s+[·|:;,–—-])+\s*$", "", line.rstrip(" \t\\")).rstrip()
        ended = ended if index or not start else ended.lstrip()
        lines.append(ended + (broken if follows else ""))
    return "\n".join(lines)
