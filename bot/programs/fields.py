"""The JSON field names of DESIGN, in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.services.reading import Shown

if TYPE_CHECKING:
    from storage.models import Author, Entry, LedgerRow, Paper


def paper_fields(paper: Paper | None, entry: Entry | None) -> dict[str, object]:
    """`{id, aliases, title, authors, abstract, published, categories, section, links}`."""
    shown = Shown(paper, entry)
    authors = paper.authors if paper else entry.authors if entry else ()
    return {
        "id": paper.id if paper else None,
        "aliases": list(paper.aliases) if paper else [],
        "title": shown.title,
        "authors": [_name(author) for author in authors],
        "abstract": paper.abstract if paper else "",
        "published": paper.published.isoformat() if paper and paper.published else None,
        "categories": list(paper.categories) if paper else [],
        "section": shown.section or None,
        "links": [{"label": link.label, "url": link.url} for link in shown.links],
    }


def _name(author: Author) -> str:
    return f"{author.given} {author.family}".strip()


def ledger_fields(row: LedgerRow) -> dict[str, object]:
    """A ledger row: what one pass over one set announced, stored, ranked and queued."""
    return {
        "pass": row.pass_id,
        "day": row.day.isoformat(),
        "set": row.set,
        "announced": row.announced,
        "new": row.new,
        "late": row.late,
        "updated": row.updated,
        "ranked": row.ranked,
        "queued": row.queued,
        "decided": row.decided,
        "requests": row.requests,
        "faults": list(row.faults),
        "complete": row.complete,
    }
