"""Reading lists, how far members have read, citation keys, and long searches."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

INSTANT = sa.DateTime(timezone=True)
KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add what the bot remembers for its readers."""
    _saved()
    op.create_table(
        "looks",
        sa.Column("member_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry", NUMBER, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_looks")),
    )
    op.create_table(
        "citation_keys",
        sa.Column("work", KEY, nullable=False),
        sa.Column("key", KEY, nullable=False),
        sa.PrimaryKeyConstraint("work", name=op.f("pk_citation_keys")),
        sa.UniqueConstraint("key", name=op.f("uq_citation_keys_key")),
    )
    _searches()


def _saved() -> None:
    op.create_table(
        "saved",
        sa.Column("member_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key", KEY, nullable=False),
        sa.Column("saved_at", INSTANT, nullable=False),
        sa.Column("read_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("member_id", "key", name=op.f("pk_saved")),
    )
    op.create_index(op.f("ix_saved_key"), "saved", ["key"], unique=False)


def _searches() -> None:
    op.create_table(
        "searches",
        sa.Column("key", KEY, nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_searches")),
    )
    op.create_index(op.f("ix_searches_at"), "searches", ["at"], unique=False)
