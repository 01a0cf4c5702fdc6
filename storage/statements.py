"""What is spelt differently for each database, and what keeps within the limits of both."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TypeVar

    from sqlalchemy import Table
    from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
    from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
    from sqlalchemy.ext.asyncio import AsyncConnection

    T = TypeVar("T")

MOST_VARIABLES = 10_000
"""Values in one statement: SQLite takes 32,766 (sqlite.org/limits.html), asyncpg 32,767."""


def upsert(connection: AsyncConnection, table: Table) -> SqliteInsert | PostgresInsert:
    """An INSERT that knows ON CONFLICT. Only the database in use is imported."""
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert  # noqa: PLC0415 - see docstring

        return insert(table)
    from sqlalchemy.dialects.sqlite import insert as sqlite_insert  # noqa: PLC0415 - see docstring

    return sqlite_insert(table)


def chunks(values: Sequence[T], size: int = MOST_VARIABLES) -> Iterator[Sequence[T]]:
    """`values` in pieces that fit one statement."""
    for start in range(0, len(values), size):
        yield values[start : start + size]
