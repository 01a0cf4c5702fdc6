"""How a new entry can look: like the entries around it."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from typing import TYPE_CHECKING

from bot.domain.entry_links import fits
from bot.domain.entry_rows import markup_like, row_like
from bot.domain.entry_style import Writer
from bot.domain.list_blocks import Kind
from bot.domain.list_drafts import Draft, Wording
from bot.domain.list_entries import references_of
from bot.domain.list_headed import draft_under
from bot.domain.list_inline import plain
from bot.domain.list_marks import is_delimiter
from bot.domain.list_titles import draft
from bot.domain.list_words import is_venue, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.domain.list_document import Document
    from bot.domain.list_entries import Found
    from bot.domain.list_sections import Part
    from storage.models import Paper

_MODELS = 4
_COUNTED = re.compile(r"\s*(?:\*\*|__)?\[?(\d{1,4})(?:\]|[.)](?=\s))")
_PREPRINT = re.compile(r"\b(?:arxiv|preprint|corr)\b", re.IGNORECASE)


def _is_published(read: Draft) -> bool:
    """Whether an entry names a conference or journal and no server of preprints."""
    if read.wording is Wording.CITED:
        return "arxiv" not in read.text[: read.end].casefold()
    beside = read.outside_title()
    return not _PREPRINT.search(beside) and any(is_venue(word) for word in words(plain(beside)))


def _is_row(line: str) -> bool:
    return "|" in line and not is_delimiter(line)


class Shapes:
    """The shapes that a paper can have in one section of a list."""

    def __init__(self, document: Document, part: Part, paper: Paper) -> None:
        self._document = document
        self._lines = document.text.lines
        self._part = part
        self._paper = paper
        self._writer = Writer(paper)
        self._projects = self._writer.projects
        self._references = references_of(self._lines)
        self._starts = Counter(entry.start for entry in document.found)
        self._within = [entry for entry in document.found if entry.heading is part.heading]

    def all(self) -> Iterator[str]:
        """Masked entries with line feeds: the neighbours' shape first, a plain link last."""
        models = self._models()[:_MODELS]
        shapes = [(model, shape) for model in models if (shape := self.like(model))]
        best = self._rank(models[0])[:-1] if models else ()
        # Of neighbours that are equally near the one that says most of the paper.
        said = {shape: sum(bool(line.strip()) for line in shape.split("\n")) for _, shape in shapes}
        shapes.sort(key=lambda pair: -said[pair[1]] if self._rank(pair[0])[:-1] == best else 1)
        yield from (shape for _, shape in shapes)
        yield f"- {self._writer.plain_link()}"

    def _models(self) -> list[Found]:
        """The entries to write like, best first: of this section, alike, on arXiv, the latest."""
        return sorted(
            (entry for entry in self._document.found if self._is_model(entry)), key=self._rank
        )

    def _rank(self, entry: Found) -> tuple[bool | int, ...]:
        last = self._within[-1].block.kind if self._within else None
        room = any(fits(link, span.label) for link in self._projects for span in entry.draft.found)
        return (
            last is not None and entry.block.kind is not last,
            bool(self._projects) and not room,
            entry.heading is not self._part.heading,
            not any(paper_id.startswith("arXiv:") for paper_id in entry.draft.ids),
            _is_published(entry.draft),
            entry.draft.title.endswith(("?", "!")),
            -entry.start,
        )

    def _is_model(self, entry: Found) -> bool:
        lines = self._lines[entry.start : entry.end]
        alone = self._starts[entry.start] == 1
        hidden = any(line.code or "<!--" in line.raw for line in lines)
        return alone and (not hidden or entry.block.kind is Kind.HEADING)

    def like(self, model: Found) -> str | None:
        """The entry as the model would have it; masked, lines joined by line feeds."""
        raw = "".join(line.raw for line in self._lines[model.start : model.end])
        text = raw.replace("\r\n", "\n").rstrip("\n")
        match model.block.kind:
            case Kind.ROW:
                return self._row(model, text)
            case Kind.MARKUP:
                return markup_like(text, model.draft.title, self._paper)
            case Kind.HEADING:
                if model.draft.wording is not Wording.PLAIN:
                    return f"{'#' * model.block.level} {self._writer.plain_link()}"
                return self._headed(model, text)
            case _:
                marker = model.block.marker
                if not text.startswith(marker):
                    return None
                text = text[len(marker) :]
                body = self._writer.like(draft(text, self._references), self.number(text))
                return self.marker(model) + body if body else None

    def _headed(self, model: Found, text: str) -> str | None:
        """A work whose title is a heading, numbered where its neighbours are."""
        hashes = re.match(r"\s*#{1,6}\s*", text)
        if hashes is None:
            return None
        text = text[hashes.end() :]
        body = self._writer.like(draft_under(text, model.block), self.number(text))
        return hashes[0] + body if body else None

    def number(self, text: str) -> str:
        """The number that comes next where entries have theirs in the text: `**[7]** Title`."""
        if not _COUNTED.match(text):
            return ""
        last = self._within[-1] if self._within else None
        raw = self._lines[last.start].raw.lstrip("# ") if last else ""
        counted = _COUNTED.match(raw)
        return str(int(counted[1]) + 1) if counted else "1"

    def _row(self, model: Found, text: str) -> str | None:
        lines = (line.raw.rstrip("\r\n") for line in reversed(self._lines[: model.start]))
        above = list(itertools.islice(itertools.takewhile(_is_row, lines), 50))
        row = row_like(text, above, model.block.header, self._references, self._paper)
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

    def marker(self, model: Found) -> str:
        """The bullet of the section's own outermost entries, or the number that comes next."""
        marker = model.block.marker
        number = re.search(r"\d+", marker)
        if number is None:
            own_bullets = [
                entry.block
                for entry in self._within
                if entry.block.kind is model.block.kind and not re.search(r"\d", entry.block.marker)
            ]
            outermost = min((block.indent for block in own_bullets), default=0)
            usual = [block.marker for block in own_bullets if block.indent == outermost]
            return usual[-1] if usual else marker
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
