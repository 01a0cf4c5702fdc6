"""A new table row, in Markdown or HTML, with the columns of the row above it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.domain.citations import publication_year
from bot.domain.entry_style import Writer, is_project
from bot.domain.identify import identify, submitted_month
from bot.domain.list_guard import clean_title, guarded, guarded_html, safe_url, url_like
from bot.domain.list_inline import masked, plain, spans
from bot.domain.list_titles import draft
from bot.domain.list_words import words
from bot.domain.names import full_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.domain.list_drafts import Draft
    from storage.models import Paper

_DATED = re.compile(r"(?:19|20)\d\d(?:([-/.])\d{1,2})?(?:\1\d{1,2})?|\d{1,2}([-/.])(?:19|20)\d\d")
_PLACEHOLDERS = frozenset({"-", "--", "/", "—", "–", "N/A", "n/a", "?", "None"})
_CELL = re.compile(r"(<td\b[^<>]*>)(.*?)(</td>)", re.DOTALL | re.IGNORECASE)
_LIST_ITEM = re.compile(r"(\s*<li\b[^<>]*>)(.*?)(</li>)", re.DOTALL | re.IGNORECASE)


def row_like(
    row: str, above: str, header: Sequence[str], references: Mapping[str, str], paper: Paper
) -> str | None:
    """A row in the shape of `row`, masked.

    Cells are padded where `above`, the row before, is as wide in each column.
    """
    model = draft(row, references, header or ("",))
    if model is None:
        return None
    old = model.text.rstrip()
    cells = old.split("|")
    start, built = 0, []
    aligned = [len(cell) for cell in masked(above).rstrip().split("|")] == [
        len(cell) for cell in cells
    ]
    column = -1 if old.lstrip().startswith("|") else 0
    for cell in cells:
        inside = 0 <= column < len(cells)
        name = header[column] if inside and column < len(header) else ""
        new = _cell(cell, name, model, start, paper) if cell.strip() else ""
        wide = len(cell) if aligned else 0
        built.append(f" {new} ".ljust(wide) if cell.strip() else cell)
        start, column = start + len(cell) + 1, column + 1
    return "|".join(built).rstrip()


def _cell(cell: str, name: str, model: Draft, start: int, paper: Paper) -> str:
    if start <= model.start < start + len(cell) + 1:
        return _title_cell(cell, model, paper)
    column, value = set(words(name)), plain(cell)
    link = next((span for span in spans(cell) if not span.image), None)
    if link and identify(link.url) in model.ids:
        return f"[{link.label}]({url_like(link.url, paper)})"
    if (link and is_project(link.label)) or is_project(name):
        projects = Writer(paper).projects
        label = link.label if link else "Code"
        return f"[{label}]({safe_url(projects[0].url)})" if projects else _nothing(value)
    return _fact(column, value, paper)


def _fact(column: set[str], value: str, paper: Paper) -> str:
    """Date, authors or venue, as the column's name or the neighbour's value says."""
    if _DATED.fullmatch(value):
        return _date_like(value, paper)
    if column & {"author", "authors", "作者"}:
        return ", ".join(guarded(full_name(author)) for author in paper.authors[:20])
    arxiv = "arxiv" in words(value)
    venues = {"venue", "conference", "journal", "publication", "source"}
    if paper.id.startswith("arXiv:") and (arxiv or column & venues):
        return value if arxiv and len(words(value)) == 1 else "arXiv"
    return _nothing(value)


def _title_cell(cell: str, model: Draft, paper: Paper) -> str:
    title = Writer(paper).title
    text = f"[{title}]({url_like(model.link.url, paper)})" if model.link else title
    return f"**{text}**" if cell.strip().startswith("**") else text


def _nothing(value: str) -> str:
    return value if value in _PLACEHOLDERS else ""


def _date_like(value: str, paper: Paper) -> str:
    """`2024`, `2024-06`, `06/2024` or `2024.06.18`, as the neighbour has it; empty if unknown."""
    year = publication_year(paper)
    month = paper.published.month if paper.published else (submitted_month(paper.id) or (0, 0))[1]
    numbers = re.split(r"[-/.]", value)
    if (
        year is None
        or (len(numbers) > 1 and not month)
        or (len(numbers) > 2 and not paper.published)
    ):
        return ""
    separator = value.strip("0123456789")[:1] or next((mark for mark in "-/." if mark in value), "")
    day = paper.published.day if paper.published else 0
    parts = [f"{year}", f"{month:02}", f"{day:02}"][: len(numbers)]
    return separator.join(reversed(parts) if len(numbers[0]) < 4 else parts)


def markup_like(text: str, paper: Paper) -> str | None:
    """An HTML row or list item in the shape of `text`: title linked, dates kept, the rest empty."""
    title = f'<a href="{safe_url(url_like("", paper))}">{guarded_html(clean_title(paper))}</a>'
    if _LIST_ITEM.match(text) and "<td" not in text.lower():
        return _LIST_ITEM.sub(lambda item: item[1] + title + item[3], text, count=1)
    filled = 0

    def cell(match: re.Match[str]) -> str:
        nonlocal filled
        filled += 1
        value = re.sub(r"<[^<>]*>", "", match[2]).strip()
        new = title if filled == 1 else _date_like(value, paper) if _DATED.fullmatch(value) else "/"
        return match[1] + new + match[3]

    written = _CELL.sub(cell, text)
    return written if filled else None
