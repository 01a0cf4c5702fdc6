"""Where drivers' errors become the storage's own; programming errors pass as they are."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from storage.errors import DatabaseUnreachable, StorageError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sqlalchemy import URL
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

CANNOT_OPEN = ("unable to open", "not a database", "readonly database", "disk image is malformed")


@asynccontextmanager
async def connection(engine: AsyncEngine, url: URL) -> AsyncIterator[AsyncConnection]:
    """A connection. Raises DatabaseUnreachable, and StorageError for what fails on it."""
    opened = engine.connect()
    try:
        await opened.start()
    except _connecting_errors(engine) as error:
        raise unreachable(url, error) from error
    try:
        yield opened
    except DBAPIError as error:
        raise translated(url, error) from error
    finally:
        await opened.close()


def translated(url: URL, error: DBAPIError) -> StorageError:
    """The error of a statement, in one line and without the statement or its values."""
    reason = _reason(error)
    if error.connection_invalidated or any(sign in reason for sign in CANNOT_OPEN):
        return unreachable(url, error)
    return StorageError(f"The database refused: {reason}")


def unreachable(url: URL, error: BaseException) -> DatabaseUnreachable:
    """Which database could not be reached and why, in one line without the password."""
    name = url.render_as_string(hide_password=True)
    return DatabaseUnreachable(
        f"The database {name} cannot be opened ({_reason(error)}): check database.url"
    )


def _connecting_errors(engine: AsyncEngine) -> tuple[type[BaseException], ...]:
    # While it connects, asyncpg's own errors come through: SQLAlchemy looks after later ones only.
    driver: Any = getattr(engine.dialect.dbapi, "asyncpg", None)
    raw = (driver.PostgresError, driver.InterfaceError) if driver else ()
    return (DBAPIError, PoolTimeout, OSError, *raw)


def _reason(error: BaseException) -> str:
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    cause = cause.__cause__ or cause
    lines = str(cause).strip().splitlines()
    return lines[0] if lines else type(cause).__name__
