"""Works → rows of a table that spreadsheets and scripts open."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from bot.domain import bibtex
from bot.domain.names import full_name
from bot.domain.tex import one_line

if TYPE_CHECKING:
    from bot.domain.works import Work

COLUMNS = (
    "key", "id", "aliases", "title", "authors", "year", "published", "categories", "section",
    "added", "journal", "doi", "comment", "url", "links", "read", "abstract",
)  # fmt: skip
"""Lists in a cell are parted by `; `."""

_RUN = ("=", "+", "-", "@")


def head() -> str:
    """The names of the columns."""
    return _row(COLUMNS)


def row(work: Work) -> str:
    """The row of a work, with its line break (RFC 4180)."""
    paper = work.paper
    added = work.entry.added_at if work.entry else None
    return _row(
        (
            work.key,
            work.id,
            "; ".join(paper.aliases) if paper else "",
            work.title,
            "; ".join([*map(full_name, work.authors), *(["et al."] if work.others else [])]),
            str(work.year or ""),
            paper.published.isoformat() if paper and paper.published else "",
            "; ".join(paper.categories) if paper else "",
            work.section,
            added.date().isoformat() if added else "",
            paper.journal_ref if paper else "",
            bibtex.doi(paper) if paper else "",
            work.comment,
            work.url,
            "; ".join(f"{link.label}: {link.url}" for link in work.links),
            work.read_at.date().isoformat() if work.read_at else "",
            work.abstract,
        )
    )


def _row(cells: tuple[str, ...]) -> str:
    written = io.StringIO(newline="")
    csv.writer(written).writerow([_cell(one_line(cell)) for cell in cells])
    return written.getvalue()


def _cell(text: str) -> str:
    """A cell no spreadsheet takes for a formula (owasp.org/www-community/attacks/CSV_Injection)."""
    return "'" + text if text.startswith(_RUN) else text
