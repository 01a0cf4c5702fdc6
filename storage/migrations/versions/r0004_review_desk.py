"""Undo, moves and edits, who asked for a paper, and the walks through the queue."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

INSTANT = sa.DateTime(timezone=True)
KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add what the review desk remembers. Cards show what they showed; the others come again."""
    op.add_column(
        "papers", sa.Column("edited", sa.Text(), nullable=False, server_default=sa.text("'[]'"))
    )
    op.add_column(
        "candidates",
        sa.Column("revision", sa.Integer(), nullable=False, server_default=sa.text("0")),
    )
    op.add_column("verdicts", sa.Column("entry", NUMBER, nullable=True))
    op.add_column("verdicts", sa.Column("before", sa.Text(), nullable=True))
    op.add_column("verdicts", sa.Column("undoes", NUMBER, nullable=True))
    op.create_index(op.f("ix_verdicts_member_id_at"), "verdicts", ["member_id", "at"], unique=False)
    _entries_of_verdicts()
    _shown()
    _unheeded()
    _reversals()
    _submissions()
    _sittings()


def _entries_of_verdicts() -> None:
    """An approval wrote the entry of its paper where that was added by the same member then."""
    op.execute(
        "UPDATE verdicts SET entry = (SELECT min(entries.id) FROM entries, candidates"
        " WHERE candidates.id = verdicts.candidate AND entries.paper = candidates.paper"
        " AND entries.added_at IS NOT NULL AND entries.added_by = verdicts.member_name)"
        " WHERE action = 'approve'"
    )


def _shown() -> None:
    """Cards showed a state; now they show a revision, and all begin at 0."""
    op.add_column("messages", sa.Column("revision", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE messages SET revision = 0 WHERE kind = 'c' AND shown IS NOT NULL AND shown ="
        " (SELECT state FROM candidates WHERE candidates.id = messages.ref)"
    )
    op.execute(
        "UPDATE messages SET revision = -1 WHERE kind = 'c' AND shown IS NOT NULL"
        " AND revision IS NULL"
    )
    op.drop_column("messages", "shown")


def _unheeded() -> None:
    op.create_table(
        "unheeded",
        sa.Column("candidate", NUMBER, nullable=False),
        sa.Column("member_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("action", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["candidate"], ["candidates.id"], name=op.f("fk_unheeded_candidate")
        ),
        sa.PrimaryKeyConstraint("candidate", "member_id", "action", name=op.f("pk_unheeded")),
    )


def _reversals() -> None:
    op.create_table(
        "reversals",
        sa.Column("verdict", NUMBER, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("old", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["verdict"], ["verdicts.id"], name=op.f("fk_reversals_verdict")),
        sa.PrimaryKeyConstraint("verdict", name=op.f("pk_reversals")),
    )


def _submissions() -> None:
    op.create_table(
        "submissions",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("candidate", NUMBER, nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("member_name", sa.Text(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["candidate"], ["candidates.id"], name=op.f("fk_submissions_candidate")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submissions")),
        sa.UniqueConstraint(
            "candidate", "member_id", name=op.f("uq_submissions_candidate_member_id")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_submissions_member_id_at"), "submissions", ["member_id", "at"], unique=False
    )
    # Who waits for a decision hears it; those before were decided without a word.
    op.execute(
        "INSERT INTO submissions (candidate, member_id, member_name, at)"
        " SELECT id, submitter, '', queued_at FROM candidates"
        " WHERE submitter IS NOT NULL AND state IN ('queued', 'posted', 'snoozed')"
    )


def _sittings() -> None:
    op.create_table(
        "sittings",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("begun_at", INSTANT, nullable=False),
        sa.Column("candidates", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sittings")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_sittings_begun_at"), "sittings", ["begun_at"], unique=False)
