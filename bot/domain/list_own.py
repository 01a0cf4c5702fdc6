"""The lines of one entry as one text that can be changed, and what of it a reader sees."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.list_inline import Span, masked, spans, written
from bot.domain.list_text import encode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.domain.list_document import Document
    from bot.domain.list_entries import Found

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


@dataclass(frozen=True, slots=True)
class OwnText:
    """An entry's lines with their endings, masked; `seen` is as long, with blanks for comments."""

    text: str
    seen: str
    references: Mapping[str, str]

    def put(self, start: int, end: int, value: str) -> OwnText:
        """The same with `value`, masked, in [start, end)."""
        return OwnText(
            self.text[:start] + value + self.text[end:],
            self.seen[:start] + value + self.seen[end:],
            self.references,
        )

    @property
    def links(self) -> tuple[Span, ...]:
        """The links out of the file, by their places in `text`."""
        found = spans(self.seen, self.references)
        return tuple(span for span in found if span.external and not span.image)

    @property
    def ending(self) -> str:
        """How its lines end."""
        return "\r\n" if "\r\n" in self.text else "\n"


def own_text(document: Document, found: Found, references: Mapping[str, str]) -> OwnText | None:
    """The entry's text, or None where masking would lose a character of it."""
    lines = document.text.lines[found.start : found.end]
    text = "".join(masked(line.raw) for line in lines)
    if written(text) != "".join(line.raw for line in lines):
        return None
    seen = "".join(
        masked(line.raw) if line.text.strip() or line.empty else _blank(masked(line.raw))
        for line in lines
    )
    return OwnText(text, _COMMENT.sub(lambda hidden: _blank(hidden[0]), seen), references)


def with_text(document: Document, found: Found, text: str) -> bytes:
    """The file with `text`, masked, as the entry's lines."""
    raw = [line.raw for line in document.text.lines]
    return encode("".join([*raw[: found.start], written(text), *raw[found.end :]]))


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)
