"""Who wrote the revisions, so that an index tells the database it follows from any other."""

from __future__ import annotations

from secrets import token_hex

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the table; what was written before has one writer, whose name no other database has."""
    writers = op.create_table(
        "writers",
        sa.Column("name", KEY, nullable=False),
        sa.Column("first_revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_writers")),
    )
    op.create_index(op.f("ix_writers_first_revision"), "writers", ["first_revision"])
    op.bulk_insert(writers, [{"name": token_hex(8), "first_revision": 0}])
