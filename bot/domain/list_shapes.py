"""How a new entry can look: like the entries around it."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from typing import TYPE_CHECKING

from bot.domain.entry_rows import markup_like, row_like
from bot.domain.entry_style import Writer, is_project
from bot.domain.list_blocks import Kind
from bot.domain.list_drafts import Wording
from bot.domain.list_entries import references_of
from bot.domain.list_marks import is_delimiter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.domain.list_document import Document
    from bot.domain.list_entries import Found
    from bot.domain.list_sections import Part
    from storage.models import Paper

_MODELS = 4
_PREPRINT = re.compile(r"\b(?:arxiv|preprint|corr)\b", re.IGNORECASE)


class Shapes:
    """The shapes that a paper can have in one section of a list."""

    def __init__(self, document: Document, part: Part, paper: Paper) -> None:
        self._document = document
        self._lines = document.text.lines
        self._part = part
        self._paper = paper
        self._writer = Writer(paper)
        self._references = references_of(self._lines)
        self._starts = Counter(entry.start for entry in document.found)
        self._within = [entry for entry in document.found if entry.heading is part.heading]

    def all(self) -> Iterator[str]:
        """Masked entries with line feeds: the neighbours' shape first, a plain link last."""
        for model in self._models()[:_MODELS]:
            if shape := self._shape(model):
                yield shape
        yield f"- {self._writer.plain_link()}"

    def _models(self) -> list[Found]:
        """The entries to write like, best first: of this section, alike, on arXiv, the latest."""
        last = self._within[-1].block.kind if self._within else None
        usable = [entry for entry in self._document.found if self._is_model(entry)]
        wants_project = bool(self._writer.projects)
        return sorted(
            usable, key=lambda entry: self._rank(entry, last, wants_project=wants_project)
        )

    def _rank(
        self, entry: Found, last: Kind | None, *, wants_project: bool
    ) -> tuple[bool | int, ...]:
        project = any(is_project(link.label) for link in entry.draft.links)
        return (
            last is not None and entry.block.kind is not last,
            wants_project and not project,
            entry.heading is not self._part.heading,
            not any(paper_id.startswith("arXiv:") for paper_id in entry.draft.ids),
            not _PREPRINT.search(entry.draft.text[entry.draft.end :])
            and entry.draft.wording is not Wording.CITED,
            -entry.start,
        )

    def _is_model(self, entry: Found) -> bool:
        lines = self._lines[entry.start : entry.end]
        alone = self._starts[entry.start] == 1
        hidden = any(line.code or "<!--" in line.raw for line in lines)
        return alone and (not hidden or entry.block.kind is Kind.HEADING)

    def _shape(self, model: Found) -> str | None:
        """The entry as the model would have it; masked, lines joined by line feeds."""
        raw = "".join(line.raw for line in self._lines[model.start : model.end])
        text = raw.replace("\r\n", "\n").rstrip("\n")
        match model.block.kind:
            case Kind.ROW:
                return self._row(model, text)
            case Kind.MARKUP:
                return markup_like(text, self._paper)
            case Kind.HEADING:
                return f"{'#' * model.block.level} {self._writer.plain_link()}"
            case _:
                marker = model.block.marker
                if not text.startswith(marker):
                    return None
                body = self._writer.like(text[len(marker) :], self._references)
                return self._marker(model) + body if body else None

    def _row(self, model: Found, text: str) -> str | None:
        above = self._lines[model.start - 1].raw if model.start else ""
        row = row_like(
            text, above.rstrip("\r\n"), model.block.header, self._references, self._paper
        )
        if row is None or self._within:
            return row
        first = model.start
        while (
            first > 1
            and not is_delimiter(self._lines[first - 1].text)
            and "|" in self._lines[first - 1].text
        ):
            first -= 1
        if not is_delimiter(self._lines[first - 1].text):
            return row
        head = [line.raw.rstrip("\r\n") for line in self._lines[first - 2 : first]]
        return "\n".join([*head, row])

    def _marker(self, model: Found) -> str:
        """The model's bullet, or the number that comes next."""
        marker = model.block.marker
        number = re.search(r"\d+", marker)
        if number is None:
            return marker
        own = [
            int(match[0])
            for entry in self._within
            if (match := re.search(r"\d+", entry.block.marker))
        ]
        if not own:
            following = 1
        elif len(own) > 1:
            following = own[-1] + (own[-1] != own[-2])
        else:
            following = own[-1] + self._counts()
        return marker[: number.start()] + str(following) + marker[number.end() :]

    def _counts(self) -> bool:
        """Whether the list's numbers go up (some lists number every item 1)."""
        numbered = [entry for entry in self._document.found if re.search(r"\d", entry.block.marker)]
        pairs = itertools.pairwise(numbered)
        steps = [a.block.marker != b.block.marker for a, b in pairs if a.heading is b.heading]
        return sum(steps) * 2 > len(steps) if steps else True
