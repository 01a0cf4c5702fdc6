"""A new table row, in Markdown or HTML, with the columns of the row above it."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from bot.domain.entry_dates import date_like, dated
from bot.domain.entry_links import Links
from bot.domain.entry_style import Writer
from bot.domain.list_guard import clean_title, guarded, guarded_html, safe_url, url_like
from bot.domain.list_inline import masked, plain, shown
from bot.domain.list_titles import draft
from bot.domain.list_words import words
from bot.domain.names import full_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.domain.list_drafts import Draft
    from storage.models import Paper

_PLACEHOLDERS = frozenset(
    {"-", "--", "/", "—", "–", "N/A", "n/a", "?", "None", "⚠️", "❌", "✗", "×"}
)
_CELL = re.compile(r"(<td\b[^<>]*>)(.*?)(</td>)", re.DOTALL | re.IGNORECASE)
_LIST_ITEM = re.compile(r"(\s*<li\b[^<>]*>)(.*?)(</li>)", re.DOTALL | re.IGNORECASE)
_VENUES = frozenset(["venue", "conference", "journal", "publication", "publisher", "source"])


def row_like(
    row: str,
    above: Sequence[str],
    header: Sequence[str],
    references: Mapping[str, str],
    paper: Paper,
) -> str | None:
    """A row in the shape of `row`, masked.

    `above` are the rows of its table up to it, the nearest first: they show how cells are padded
    and what stands in a column where there is nothing to say.
    """
    model = draft(row, references, header or ("",))
    if model is None:
        return None
    cells = model.text.rstrip().split("|")
    table = [masked(line).rstrip().split("|") for line in above[:50]]
    table = [other for other in table if len(other) == len(cells)]
    even = [len(cell) for cell in cells] in [[len(cell) for cell in other] for other in table[:1]]
    links, start, built = Links(paper, told=model.link is not None), 0, []
    column = -1 if cells[0].strip() == "" else 0
    for index, cell in enumerate(cells):
        name = header[column] if 0 <= column < len(header) else ""
        edge = index in {0, len(cells) - 1} and not cell.strip()
        new = "" if edge else _cell(model, links, (start, start + len(cell)), name, paper)
        if not new and not edge:
            new = _nothing([plain(other[index]) for other in [cells, *table]])
        built.append(cell if edge else _padded(new, cell, even=even))
        start, column = start + len(cell) + 1, column + 1
    return "|".join(built).rstrip()


def _padded(new: str, cell: str, *, even: bool) -> str:
    """A value with the blanks that its neighbour has, as wide where all columns are even."""
    inner = cell.strip()
    left, _, right = cell.partition(inner) if inner else (cell[:1], "", "")
    left = left if new else left[:1]
    return (left + new + right[:1]).ljust(len(cell) if even else 0)


def _cell(model: Draft, links: Links, span: tuple[int, int], name: str, paper: Paper) -> str:
    start, end = span
    text = model.text
    value, column = shown(plain(text[start:end])).strip(), set(words(name))
    if dated(value):
        return date_like(value, paper)
    titled = start <= model.start < end
    linked = any(start <= link.start < end for link in model.found)
    if not titled and not linked:
        return _fact(column, value, paper)
    inner = start + len(text[start:end]) - len(text[start:end].lstrip())
    written = Writer(paper).part(model, links, inner, start + len(text[start:end].rstrip()), name)
    return written.strip()


def _fact(column: set[str], value: str, paper: Paper) -> str:
    """Authors or venue, as the column's name or the neighbour's value says."""
    if column & {"author", "authors", "作者"}:
        return ", ".join(guarded(full_name(author)) for author in paper.authors[:20])
    arxiv = "arxiv" in words(value)
    if paper.id.startswith("arXiv:") and (arxiv or column & _VENUES):
        return value if arxiv and len(words(value)) == 1 else "arXiv"
    return ""


def _nothing(values: list[str]) -> str:
    """What a column has where there is nothing: the nearest placeholder in it."""
    return next((value for value in values if value in _PLACEHOLDERS), "")


def markup_like(text: str, name: str, paper: Paper) -> str | None:
    """An HTML row or list item in the shape of `text`: title linked, dates kept, the rest empty.

    `name` is the title that stands in `text`. None where more than one row does.
    """
    title = f'<a href="{safe_url(url_like("", paper))}">{guarded_html(clean_title(paper))}</a>'
    if _LIST_ITEM.match(text) and "<td" not in text.lower():
        return _LIST_ITEM.sub(lambda item: item[1] + title + item[3], text, count=1)
    if len(re.findall(r"<tr\b", text, re.IGNORECASE)) > 1:
        return None
    cells = [match[2] for match in _CELL.finditer(text)]
    titled = next((at for at, cell in enumerate(cells) if _holds(cell, name)), 0)
    numbers = itertools.count()

    def cell(match: re.Match[str]) -> str:
        value = re.sub(r"<[^<>]*>", "", match[2]).strip()
        new = title if next(numbers) == titled else _date_or_nothing(value, paper)
        return match[1] + new + match[3]

    return _CELL.sub(cell, text) if cells else None


def _holds(cell: str, title: str) -> bool:
    return title.casefold() in shown(plain(masked(cell))).casefold()


def _date_or_nothing(value: str, paper: Paper) -> str:
    return date_like(value, paper) if dated(value) else "/"
