"""Versions of the ranker, and what it thought of each paper when it came."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

INSTANT = sa.DateTime(timezone=True)
KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add both tables; what was ranked before has no score."""
    op.create_table(
        "rankers",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("why", KEY, nullable=False),
        sa.Column("fingerprint", KEY, nullable=False),
        sa.Column("positives", sa.Integer(), nullable=False),
        sa.Column("negatives", sa.Integer(), nullable=False),
        sa.Column("background", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rankers")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "scores",
        sa.Column("paper", KEY, nullable=False),
        sa.Column("ranker", NUMBER, nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["paper"], ["papers.id"], name=op.f("fk_scores_paper")),
        sa.PrimaryKeyConstraint("paper", name=op.f("pk_scores")),
    )
    op.create_index(op.f("ix_scores_at"), "scores", ["at"], unique=False)
