"""The engines under the database: one that writes, one that reads, on either kind of server."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, NullPool, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import create_async_engine

from storage.errors import DatabaseUnreachable

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.ext.asyncio import AsyncEngine

DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}
READERS = 4
CONNECT_SECONDS = 10
BUSY_MILLISECONDS = 5000


def parse_url(url: str) -> URL:
    """The URL with its driver. Raises DatabaseUnreachable for one the bot cannot use."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise DatabaseUnreachable(
            "database.url is no database URL: write sqlite+aiosqlite:///data/papers.db"
            " or postgresql+asyncpg://user:password@host/name"
        ) from None
    backend = parsed.get_backend_name()
    if backend not in DRIVERS or parsed.drivername not in {backend, DRIVERS[backend]}:
        raise DatabaseUnreachable(
            f"database.url begins with {parsed.drivername}, which the bot does not speak:"
            f" use {' or '.join(DRIVERS.values())}"
        )
    if backend == "sqlite" and parsed.database in {None, "", ":memory:"}:
        raise DatabaseUnreachable("database.url names no file: write sqlite+aiosqlite:///FILE")
    return parsed.set(drivername=DRIVERS[backend])


def file_of(url: URL) -> Path | None:
    """The file of a SQLite database, None for PostgreSQL."""
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


def writer(url: URL) -> AsyncEngine:
    """An engine of one connection, whose transactions take SQLite's write lock when they begin."""
    engine = _create(url, pool_size=1, max_overflow=0)
    if file_of(url):
        event.listen(engine.sync_engine, "connect", _connect_writer)
        event.listen(engine.sync_engine, "begin", _begin_immediate)
    return engine


def reader(url: URL) -> AsyncEngine:
    """An engine for readers: it waits for no writer, and refuses to write."""
    engine = _create(url, pool_size=READERS, max_overflow=0, read_only=True)
    if file_of(url):
        event.listen(engine.sync_engine, "connect", _connect_reader)
    return engine


def migrator(url: URL) -> AsyncEngine:
    """As the writer, without foreign keys: Alembic rebuilds tables that others refer to."""
    engine = _create(url, poolclass=NullPool)
    if file_of(url):
        event.listen(engine.sync_engine, "connect", _connect_migrator)
        event.listen(engine.sync_engine, "begin", _begin_immediate)
    return engine


def single(url: URL) -> AsyncEngine:
    """An engine for a PostgreSQL connection outside any transaction, which a lock can live on."""
    return _create(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")


def _create(url: URL, *, read_only: bool = False, **options: Any) -> AsyncEngine:
    if not file_of(url):
        server = {"application_name": "syndata-papers"}
        if read_only:
            server["default_transaction_read_only"] = "on"
        options["connect_args"] = {"timeout": CONNECT_SECONDS, "server_settings": server}
        if "pool_size" in options:
            options["pool_pre_ping"] = True
    try:
        return create_async_engine(url, **options)
    except ModuleNotFoundError as error:
        raise DatabaseUnreachable(
            f"database.url needs the package {error.name}: install the bot with"
            " `pip install '.[postgres]'`"
        ) from None


def _connect_writer(connection: Any, _record: object) -> None:
    _set_up(connection, "journal_mode=WAL", "foreign_keys=ON")


def _connect_migrator(connection: Any, _record: object) -> None:
    _set_up(connection, "journal_mode=WAL", "foreign_keys=OFF")


def _connect_reader(connection: Any, _record: object) -> None:
    _set_up(connection, "query_only=ON")


def _set_up(connection: Any, *pragmas: str) -> None:
    # None leaves BEGIN to us: the driver would begin as a reader, and then fail to write.
    connection.isolation_level = None
    try:
        for pragma in (f"busy_timeout={BUSY_MILLISECONDS}", *pragmas):
            cursor = connection.cursor()
            cursor.execute(f"PRAGMA {pragma}")
            cursor.close()
    except BaseException:
        connection.close()  # or its thread would stay: the pool does not know it yet
        raise


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
