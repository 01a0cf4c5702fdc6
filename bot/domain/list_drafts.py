"""What one stretch of a list says about a paper: title, ids, authors, year, links."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING

from bot.domain.citations import looks_like_names, named
from bot.domain.identify import identify, identify_all, submitted_month
from bot.domain.list_inline import Span, plain, shown
from bot.domain.list_words import PAPER_LABELS, words
from storage.models import Link

if TYPE_CHECKING:
    from bot.domain.citations import Citation
    from storage.models import Author, PaperId


class Wording(Enum):
    """How an entry gives its title; LABEL is the last resort, where only `[Paper](…)` stands."""

    LINK = "link"
    BOLD = "bold"
    QUOTED = "quoted"
    CITED = "cited"
    PLAIN = "plain"
    LABEL = "label"


@dataclass(frozen=True)
class Draft:
    """What was read in a masked `text`: the title stands in [start, end) with its markup.

    `citation` is there where the wording is CITED, or QUOTED with the authors before the title.
    """

    text: str
    found: tuple[Span, ...]
    title: str
    wording: Wording
    start: int
    end: int
    link: Span | None = None
    citation: Citation | None = None

    @cached_property
    def ids(self) -> tuple[PaperId, ...]:
        """The ids of this one paper, one a scheme.

        The title's link comes first, then labelled links, then the text.
        """
        urls = [self.link.url] if self.link else []
        urls += [
            span.url
            for span in self.found
            if span is not self.link and not span.titled and not span.image
        ]
        named = [paper_id for url in urls if (paper_id := identify(url))]
        if not named:
            named += identify_all(self._unlinked())
        schemes: dict[str, PaperId] = {}
        for paper_id in named:
            schemes.setdefault(paper_id.partition(":")[0], paper_id)
        return tuple(schemes.values())

    def _unlinked(self) -> str:
        parts, position = [], 0
        for span in self.found:
            parts.append(self.text[position : span.start])
            position = span.end
        return shown(" ".join([*parts, self.text[position:]]))

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """Where the entry leads, labelled; the title's own link as `Paper` or `Link`."""
        found = []
        for span in self.found:
            if span.external and not span.image:
                own = "Paper" if identify(span.url) else "Link"
                found.append(
                    Link(
                        own if span is self.link or not span.label else shown(span.label), span.url
                    )
                )
        return tuple(dict.fromkeys(found))

    @cached_property
    def authors(self) -> tuple[Author, ...]:
        """The authors a citation names, or the row of names in italics after the title."""
        if self.citation:
            return self.citation.authors
        written = self.names
        return named(shown(plain(self.text[written[0] : written[1]]))) if written else ()

    @cached_property
    def names(self) -> tuple[int, int] | None:
        """Where a row of names stands after the title."""
        return author_span(self.text, self.end)

    @cached_property
    def year(self) -> int | None:
        """The year the entry gives, else the one in its arXiv id."""
        if self.citation:
            return self.citation.year
        years = YEAR.findall(self.outside_title())
        month = submitted_month(self.ids[0]) if self.ids else None
        return int(years[-1]) if years else month[0] if month else None

    def outside_title(self) -> str:
        """The text without the title and the links after it."""
        kept = [self.text[: self.start]]
        position = self.end
        for span in self.found:
            if span.start >= self.end:
                kept.append(self.text[position : span.start])
                position = span.end
        return " ".join([*kept, self.text[position:]])


YEAR = re.compile(r"(?<![\w.:/-])(?:19|20)\d\d(?![\w:/]|\.\d)")
ITALIC = re.compile(
    r"(?<!\*)\*(?![*\s])([^*]{2,4000})\*(?!\*)"
    r"|(?<!\w)_(?![_\s])([^_]{2,4000})_(?!\w)|<(?:em|i)>([^<>]{2,4000})</"
)
# `, Liu et al.`, ` (2016), C. Szegedy et al.`
_OTHERS = re.compile(
    r"(?:[*_.,:\s]|\([^()\n]{1,30}\)){0,12}"
    r"((?:[^\W\d_][\w'’-]*\.?,?[ \-]){1,6}et al\b\.?)"
)
_BELOW = re.compile(
    r"\s*(?:[-*+]\s+)?(?:(?:\*\*|__)?authors?(?:\*\*|__)?\s*:(?:\*\*|__)?\s*)?([^\n\[<|*]{4,4000})",
    re.IGNORECASE,
)
_BIBTEX = re.compile(r"&emsp;([^<>\n]{2,4000})")


def author_span(text: str, after: int) -> tuple[int, int] | None:
    """Where the names stand: italics that look so, `A. Ray et al.`, or BibTeX after `&emsp;`.

    Italics in parentheses are where somebody works.
    """
    for match in ITALIC.finditer(text, after):
        enclosed = text[match.start() - 1 : match.start()] + text[match.end() : match.end() + 1]
        if enclosed != "()" and looks_like_names(match[match.lastindex or 0]):
            return match.span(match.lastindex or 0)
    others = _OTHERS.match(text, after)
    if others and looks_like_names(others[1]):
        return others.span(1)
    if line := _line_of_names(text, after):
        return line
    bibtex = _BIBTEX.search(text, after)
    return bibtex.span(1) if bibtex else None


def _line_of_names(text: str, after: int) -> tuple[int, int] | None:
    """The line right below the title's, up to its first link, if two or more names stand there."""
    end = text.find("\n", after)
    line = _BELOW.match(text, end) if end >= 0 else None
    if line is None:
        return None
    row = line[1].rstrip(" \t\\")
    several = "," in row or " and " in row
    if ":" in row or not several or not looks_like_names(row):
        return None
    return line.start(1), line.start(1) + len(row)


def is_paper_link(span: Span) -> bool:
    """Whether a link is labelled as the paper itself (`Paper`, `pdf`) and leaves the file."""
    return (
        span.external and not span.image and any(word in PAPER_LABELS for word in words(span.label))
    )


def more_titles(first: Draft) -> tuple[Draft, ...]:
    """Further papers named in the same stretch: links with a whole title and another arXiv id."""
    known = set(first.ids)
    others = []
    for span in first.found:
        paper_id = identify(span.url) if span.titled and span is not first.link else None
        if paper_id and paper_id not in known and len(words(span.label)) > 3:
            known.add(paper_id)
            others.append(
                Draft(
                    first.text, (span,), shown(span.label), Wording.LINK, span.start, span.end, span
                )
            )
    return tuple(others)
