"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

INSTANT = sa.DateTime(timezone=True)
KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make all tables, and the rows of those that hold just one."""
    _papers()
    _aliases()
    _unranked()
    _documents()
    _sections()
    _entries()
    _candidates()
    _verdicts()
    _messages()
    _digest_channels()
    _digest_runs()
    _harvests()
    _watermarks()
    _manners()
    _settings()
    _changes()
    _revisions()
    op.execute("INSERT INTO manners (id, strikes) VALUES (1, 0)")
    op.execute("INSERT INTO revisions (id, revision) VALUES (1, 0)")


def _papers() -> None:
    op.create_table(
        "papers",
        sa.Column("id", KEY, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("authors", sa.Text(), nullable=False),
        sa.Column("abstract", sa.Text(), nullable=False),
        sa.Column("published", sa.Date(), nullable=True),
        sa.Column("updated", sa.Date(), nullable=True),
        sa.Column("categories", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("journal_ref", sa.Text(), nullable=False),
        sa.Column("doi", sa.Text(), nullable=False),
        sa.Column("links", sa.Text(), nullable=False),
        sa.Column("datestamp", sa.Date(), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("first_seen", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_papers")),
    )


def _aliases() -> None:
    op.create_table(
        "aliases",
        sa.Column("alias", KEY, nullable=False),
        sa.Column("paper", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["paper"], ["papers.id"], name=op.f("fk_aliases_paper")),
        sa.PrimaryKeyConstraint("alias", name=op.f("pk_aliases")),
    )
    op.create_index(op.f("ix_aliases_paper"), "aliases", ["paper"], unique=False)


def _unranked() -> None:
    op.create_table(
        "unranked",
        sa.Column("paper", KEY, nullable=False),
        sa.ForeignKeyConstraint(["paper"], ["papers.id"], name=op.f("fk_unranked_paper")),
        sa.PrimaryKeyConstraint("paper", name=op.f("pk_unranked")),
    )


def _documents() -> None:
    op.create_table(
        "documents",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
    )


def _sections() -> None:
    op.create_table(
        "sections",
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("ordinal", name=op.f("pk_sections")),
        sa.UniqueConstraint("title", name=op.f("uq_sections_title")),
    )


def _entries() -> None:
    op.create_table(
        "entries",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("section", sa.Text(), nullable=False),
        sa.Column("markdown", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("paper", KEY, nullable=True),
        sa.Column("authors", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("links", sa.Text(), nullable=False),
        sa.Column("added_at", INSTANT, nullable=True),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["paper"], ["papers.id"], name=op.f("fk_entries_paper")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entries")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_entries_added_at"), "entries", ["added_at"], unique=False)
    op.create_index(op.f("ix_entries_ordinal"), "entries", ["ordinal"], unique=False)
    op.create_index(op.f("ix_entries_paper"), "entries", ["paper"], unique=False)


def _candidates() -> None:
    op.create_table(
        "candidates",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("paper", KEY, nullable=False),
        sa.Column("state", KEY, nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("section", sa.Text(), nullable=False),
        sa.Column("origin", KEY, nullable=False),
        sa.Column("queued_at", INSTANT, nullable=False),
        sa.Column("posted_at", INSTANT, nullable=True),
        sa.Column("snoozed_until", INSTANT, nullable=True),
        sa.Column("submitter", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["paper"], ["papers.id"], name=op.f("fk_candidates_paper")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidates")),
        sa.UniqueConstraint("paper", name=op.f("uq_candidates_paper")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_candidates_posted_at"), "candidates", ["posted_at"], unique=False)
    op.create_index(op.f("ix_candidates_state"), "candidates", ["state"], unique=False)


def _verdicts() -> None:
    op.create_table(
        "verdicts",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("candidate", NUMBER, nullable=False),
        sa.Column("action", KEY, nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("member_name", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("via", KEY, nullable=False),
        sa.Column("section", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["candidate"], ["candidates.id"], name=op.f("fk_verdicts_candidate")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verdicts")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_verdicts_candidate"), "verdicts", ["candidate"], unique=False)


def _messages() -> None:
    op.create_table(
        "messages",
        sa.Column("key", KEY, nullable=False),
        sa.Column("kind", KEY, nullable=False),
        sa.Column("ref", sa.BigInteger(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("prepared_at", INSTANT, nullable=False),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.Column("shown", KEY, nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_messages")),
        sa.UniqueConstraint(
            "kind", "ref", "part", "attempt", name=op.f("uq_messages_kind_ref_part_attempt")
        ),
    )
    op.create_index(
        op.f("ix_messages_channel_id_message_id"),
        "messages",
        ["channel_id", "message_id"],
        unique=False,
    )


def _digest_channels() -> None:
    op.create_table(
        "digest_channels",
        sa.Column("channel_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("channel_id", name=op.f("pk_digest_channels")),
    )


def _digest_runs() -> None:
    op.create_table(
        "digest_runs",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.Column("begun_at", INSTANT, nullable=False),
        sa.Column("done_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest_runs")),
        sa.UniqueConstraint("channel_id", "day", name=op.f("uq_digest_runs_channel_id_day")),
        sqlite_autoincrement=True,
    )


def _harvests() -> None:
    op.create_table(
        "harvests",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("set", KEY, nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("begun_at", INSTANT, nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.Column("announced", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("late", sa.Integer(), nullable=False),
        sa.Column("updated", sa.Integer(), nullable=False),
        sa.Column("ranked", sa.Integer(), nullable=False),
        sa.Column("queued", sa.Integer(), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.Column("faults", sa.Text(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_harvests")),
        sqlite_autoincrement=True,
    )


def _watermarks() -> None:
    op.create_table(
        "watermarks",
        sa.Column("set", KEY, nullable=False),
        sa.Column("watermark", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("set", name=op.f("pk_watermarks")),
    )


def _manners() -> None:
    op.create_table(
        "manners",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("asked_at", INSTANT, nullable=True),
        sa.Column("cool_until", INSTANT, nullable=True),
        sa.Column("strikes", sa.Integer(), nullable=False),
        sa.Column("struck_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_manners")),
    )


def _settings() -> None:
    op.create_table(
        "settings",
        sa.Column("key", KEY, nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_settings")),
    )


def _changes() -> None:
    op.create_table(
        "changes",
        sa.Column("key", KEY, nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_changes")),
        sa.UniqueConstraint("revision", name=op.f("uq_changes_revision")),
    )


def _revisions() -> None:
    op.create_table(
        "revisions",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revisions")),
    )
