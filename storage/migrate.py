"""Bringing the schema up to date when the database is opened."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import inspect, text

from storage import backups, engine, faults
from storage.errors import NewerSchema, StorageError

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from alembic.config import Config
    from sqlalchemy import URL, Connection
    from sqlalchemy.ext.asyncio import AsyncConnection

HEAD = "0006"
"""The newest of migrations/versions, known here so that Alembic is imported only to migrate."""

SCRIPTS = "storage:migrations"
MIGRATION_LOCK = 0x53594E_4D

log = structlog.get_logger()


async def revision(connection: AsyncConnection) -> str | None:
    """The schema's revision, None for a database without one."""

    def exists(sync: Connection) -> bool:
        """Whether Alembic was here."""
        return inspect(sync).has_table("alembic_version")

    if not await connection.run_sync(exists):
        return None
    found: str | None = await connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


async def migrate(url: URL, current: str | None, backup_folder: Path, now: datetime) -> None:
    """Bring a schema at `current` to HEAD, after a backup copy.

    Raises NewerSchema for a revision this version of the bot does not know.
    """
    config = _config()
    if current is not None and not _knows(config, current):
        raise NewerSchema(_newer(current, backup_folder))
    if current is not None:
        await _backup(url, backup_folder, now)
    migrator = engine.migrator(url)
    try:
        async with faults.connection(migrator, url) as connection, connection.begin():
            if connection.dialect.name == "postgresql":
                await connection.execute(
                    text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK}
                )
            # Another process may have been quicker.
            if await revision(connection) != HEAD:
                await connection.run_sync(_upgrade, config)
                await _check_references(connection)
                log.info("database migrated", before=current, now=HEAD)
    finally:
        await migrator.dispose()


async def _backup(url: URL, folder: Path, now: datetime) -> None:
    database = engine.file_of(url)
    if database is None:
        log.warning("the schema will be migrated without a backup: PostgreSQL has pg_dump for that")
        return
    copied = await asyncio.to_thread(backups.before_migration, database, folder, HEAD, now)
    log.warning("database copied before its migration", backup=str(copied))


def _newer(current: str, folder: Path) -> str:
    newest = backups.newest(folder)
    advice = f"or restore {newest}" if newest else f"(there is no older copy in {folder})"
    return (
        f"The database has schema {current}, written by a newer version of the bot (this one knows"
        f" {HEAD}): install the newer version {advice}"
    )


def _config() -> Config:
    from alembic.config import Config  # noqa: PLC0415 - imported only when a migration is due

    config = Config()
    config.set_main_option("script_location", SCRIPTS)
    return config


def _knows(config: Config, current: str) -> bool:
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - as above
    from alembic.util import CommandError  # noqa: PLC0415 - as above

    try:
        return ScriptDirectory.from_config(config).get_revision(current) is not None
    except CommandError:
        return False


def _upgrade(connection: Connection, config: Config) -> None:
    from alembic import command  # noqa: PLC0415 - as above

    config.attributes["connection"] = connection
    command.upgrade(config, HEAD)


async def _check_references(connection: AsyncConnection) -> None:
    """With foreign keys off, SQLite says only when asked that a migration broke one."""
    if connection.dialect.name == "sqlite":
        broken = (await connection.execute(text("PRAGMA foreign_key_check"))).first()
        if broken:
            raise StorageError(f"The migration to {HEAD} broke a reference in {broken[0]}: undone")
