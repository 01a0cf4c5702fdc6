"""Passes by day and set, their checkpoints, and what is said in the review channel."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

INSTANT = sa.DateTime(timezone=True)
KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
COUNTS = ("announced", "first", "new", "late", "updated", "ranked", "queued", "requests")

LOOK_BACK = 7
"""Days that the first pass of a set reached back until now."""


def upgrade() -> None:
    """Make the new tables and fill them from `harvests`, a pass a set, which they replace."""
    _passes()
    _ledger()
    _slices()
    _notices()
    op.add_column("papers", sa.Column("announced", sa.Date(), nullable=True))
    op.execute("UPDATE papers SET announced = datestamp")
    op.add_column("unranked", sa.Column("ledger", NUMBER, nullable=True))
    op.add_column("candidates", sa.Column("ledger", NUMBER, nullable=True))
    op.create_index(op.f("ix_candidates_ledger"), "candidates", ["ledger"], unique=False)
    _move_harvests()
    _move_watermarks()
    op.drop_table("harvests")


def _passes() -> None:
    op.create_table(
        "passes",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("kind", KEY, nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("begun_at", INSTANT, nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passes")),
        sqlite_autoincrement=True,
    )


def _ledger() -> None:
    op.create_table(
        "ledger",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("pass", NUMBER, nullable=False),
        sa.Column("set", KEY, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("begun_at", INSTANT, nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
        sa.Column("faults", sa.Text(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["pass"], ["passes.id"], name=op.f("fk_ledger_pass")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger")),
        sa.UniqueConstraint("pass", "set", "day", name=op.f("uq_ledger_pass_set_day")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_ledger_set_day"), "ledger", ["set", "day"], unique=False)


def _slices() -> None:
    op.create_table(
        "slices",
        sa.Column("pass", NUMBER, nullable=False),
        sa.Column("set", KEY, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("ledger", NUMBER, nullable=False),
        sa.Column("announced", sa.Integer(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("read_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["pass"], ["passes.id"], name=op.f("fk_slices_pass")),
        sa.ForeignKeyConstraint(["ledger"], ["ledger.id"], name=op.f("fk_slices_ledger")),
        sa.PrimaryKeyConstraint("pass", "set", "day", name=op.f("pk_slices")),
    )
    op.create_index(op.f("ix_slices_ledger"), "slices", ["ledger"], unique=False)


def _notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("kind", KEY, nullable=False),
        sa.Column("subject", KEY, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("kind", "subject", name=op.f("uq_notices_kind_subject")),
        sqlite_autoincrement=True,
    )


def _move_harvests() -> None:
    op.execute(
        "INSERT INTO passes (id, kind, begun_at, complete)"
        " SELECT id, 'harvest', begun_at, complete FROM harvests"
    )
    counts = ("announced", "new", "new", "late", "updated", "ranked", "queued", "requests")
    op.execute(
        "INSERT INTO ledger"
        f' (id, pass, "set", day, begun_at, faults, complete, {", ".join(COUNTS)})'
        f' SELECT id, id, "set", {_day("begun_at")}, begun_at, faults, complete,'
        f" {', '.join(counts)} FROM harvests"
    )
    op.execute(
        "UPDATE candidates SET ledger = (SELECT max(harvests.id) FROM harvests, papers"
        " WHERE papers.id = candidates.paper"
        " AND papers.first_seen BETWEEN harvests.begun_at AND harvests.seen_at)"
        " WHERE origin = 'harvest'"
    )
    if op.get_bind().dialect.name == "postgresql":
        for table in ("passes", "ledger"):
            op.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
                " HAVING max(id) IS NOT NULL"
            )


def _move_watermarks() -> None:
    op.rename_table("watermarks", "old_watermarks")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER INDEX pk_watermarks RENAME TO pk_old_watermarks")
    op.create_table(
        "watermarks",
        sa.Column("set", KEY, nullable=False),
        sa.Column("watermark", INSTANT, nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("set", name=op.f("pk_watermarks")),
    )
    first = (
        "COALESCE((SELECT min(begun_at) FROM harvests"
        ' WHERE harvests."set" = old_watermarks."set"), watermark)'
    )
    op.execute(
        'INSERT INTO watermarks ("set", watermark, since)'
        f' SELECT "set", watermark, {_day(first, LOOK_BACK)} FROM old_watermarks'
    )
    op.drop_table("old_watermarks")


def _day(instant: str, before: int = 0) -> str:
    """SQL for the UTC day so many days before an instant."""
    if op.get_bind().dialect.name == "postgresql":
        return f"(({instant}) AT TIME ZONE 'UTC')::date - {before}"
    return f"date({instant}, '-{before} days')"
