"""The keys entries are searched under, and what they keep when the whole list is replaced."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from storage.columns import clean
from storage.schema import entries

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection

    from storage.models import ListedEntry, PaperId

SHOWN = ("id", "section", "markdown", "title", "paper", "authors", "year", "links")
"""What a search can show of an entry; its place in the list is read afresh, and no change of it."""


_ENTRY = "entry:"


def key_of(entry_id: int, paper: PaperId | None) -> str:
    """The search document an entry belongs to: its paper's, or one of its own."""
    return paper or f"{_ENTRY}{entry_id}"


def entry_id_of(key: str) -> int | None:
    """The entry that `key` names, None for the key of a paper."""
    number = key.removeprefix(_ENTRY)
    named = number != key and number.isdecimal() and number.isascii() and len(number) < 19
    return int(number) if named else None


async def snapshot(connection: AsyncConnection) -> dict[int, Row[Any]]:
    """All entries by id, in the order of the list."""
    columns = [entries.c[name] for name in (*SHOWN, "added_at", "added_by")]
    rows = await connection.execute(select(*columns).order_by(entries.c.ordinal))
    return {row.id: row for row in rows}


class Kept:
    """The entries that stood before, each given away once."""

    def __init__(self, rows: Iterable[Row[Any]]) -> None:
        self._rows: dict[tuple[str | None, str], list[Row[Any]]] = {}
        for row in rows:
            self._rows.setdefault(_identity(row.paper, row.title), []).append(row)

    def take(
        self, entry: ListedEntry, paper: PaperId | None, added_at: datetime | None
    ) -> dict[str, Any]:
        """Id and date of the entry that stood for the same before, or `added_at` for a new one."""
        same = self._rows.get(_identity(paper, clean(entry.title)))
        if not same:
            return {"added_at": added_at, "added_by": ""}
        row = same.pop(0)
        return {"id": row.id, "added_at": row.added_at, "added_by": row.added_by}


def _identity(paper: str | None, title: str) -> tuple[str | None, str]:
    return (paper, "") if paper else (None, title)
