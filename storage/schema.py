"""The tables. What alters them is a migration; a test holds the two together."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    UniqueConstraint,
)

from storage.columns import (
    AUTHORS,
    LINKS,
    NUMBER,
    NUMBERS,
    STRINGS,
    BeforeColumn,
    Clean,
    Instant,
    Key,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

papers = Table(
    "papers",
    metadata,
    Column("id", Key, primary_key=True),
    Column("title", Clean, nullable=False),
    Column("authors", AUTHORS, nullable=False),
    Column("abstract", Clean, nullable=False),
    Column("published", Date),
    Column("updated", Date),
    Column("categories", STRINGS, nullable=False),
    Column("comment", Clean, nullable=False),
    Column("journal_ref", Clean, nullable=False),
    Column("doi", Clean, nullable=False),
    Column("links", LINKS, nullable=False),
    Column("datestamp", Date),
    Column("withdrawn", Boolean, nullable=False),
    Column("announced", Date),
    Column("edited", STRINGS, nullable=False, default=()),
    Column("first_seen", Instant, nullable=False),
)

# Every id a paper is known by, its primary one included: so an id is unique over all papers.
aliases = Table(
    "aliases",
    metadata,
    Column("alias", Key, primary_key=True),
    Column("paper", Key, ForeignKey("papers.id"), nullable=False, index=True),
    Column("position", Integer, nullable=False),
)

unranked = Table(
    "unranked",
    metadata,
    Column("paper", Key, ForeignKey("papers.id"), primary_key=True),
    Column("ledger", NUMBER),
)

documents = Table(
    "documents",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=False),
    Column("name", Clean, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("revision", Integer, nullable=False),
)

sections = Table(
    "sections",
    metadata,
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("title", Clean, nullable=False, unique=True),
)

# `ordinal` is not unique: both databases would check that row by row while later entries shift.
entries = Table(
    "entries",
    metadata,
    Column("id", NUMBER, primary_key=True),
    Column("ordinal", Integer, nullable=False, index=True),
    Column("section", Clean, nullable=False),
    Column("markdown", Clean, nullable=False),
    Column("title", Clean, nullable=False),
    Column("paper", Key, ForeignKey("papers.id"), index=True),
    Column("authors", AUTHORS, nullable=False),
    Column("year", Integer),
    Column("links", LINKS, nullable=False),
    Column("added_at", Instant, index=True),
    Column("added_by", Clean, nullable=False),
    sqlite_autoincrement=True,
)

candidates = Table(
    "candidates",
    metadata,
    Column("id", NUMBER, primary_key=True),
    Column("paper", Key, ForeignKey("papers.id"), nullable=False, unique=True),
    Column("state", Key, nullable=False, index=True),
    Column("score", Float, nullable=False),
    Column("reasons", STRINGS, nullable=False),
    Column("section", Clean, nullable=False),
    Column("origin", Key, nullable=False),
    Column("queued_at", Instant, nullable=False),
    Column("posted_at", Instant, index=True),
    Column("snoozed_until", Instant),
    Column("submitter", BigInteger),
    Column("ledger", NUMBER, index=True),
    Column("revision", Integer, nullable=False, default=0),
    sqlite_autoincrement=True,
)

verdicts = Table(
    "verdicts",
    metadata,
    Column("id", NUMBER, primary_key=True),
    Column("candidate", NUMBER, ForeignKey("candidates.id"), nullable=False, index=True),
    Column("action", Key, nullable=False),
    Column("member_id", BigInteger, nullable=False),
    Column("member_name", Clean, nullable=False),
    Column("at", Instant, nullable=False),
    Column("via", Key, nullable=False),
    Column("section", Clean, nullable=False),
    Column("reason", Clean, nullable=False),
    Column("entry", NUMBER),
    Column("before", BeforeColumn),
    Column("undoes", NUMBER),
    Index(None, "member_id", "at"),
    sqlite_autoincrement=True,
)

# Reactions that came when a card was decided: no votes then, and no news where it is open again.
unheeded = Table(
    "unheeded",
    metadata,
    Column("candidate", NUMBER, ForeignKey("candidates.id"), primary_key=True),
    Column("member_id", BigInteger, primary_key=True, autoincrement=False),
    Column("action", Key, primary_key=True),
)

# For the undo of what changed the list's file; see storage.models.Reversal.
reversals = Table(
    "reversals",
    metadata,
    Column("verdict", NUMBER, ForeignKey("verdicts.id"), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("length", Integer, nullable=False),
    Column("old", LargeBinary, nullable=False),
)

# One row a candidate and member who asked for it.
submissions = Table(
    "submissions",
    metadata,
    Column("id", NUMBER, primary_key=True),
    Column("candidate", NUMBER, ForeignKey("candidates.id"), nullable=False),
    Column("member_id", BigInteger, nullable=False),
    Column("member_name", Clean, nullable=False),
    Column("channel_id", BigInteger),
    Column("at", Instant, nullable=False),
    UniqueConstraint("candidate", "member_id"),
    Index(None, "member_id", "at"),
    sqlite_autoincrement=True,
)

sittings = Table(
    "sittings",
    metadata,
    Column("id", NUMBER, primary_key=True),
    Column("member_id", BigInteger, nullable=False),
    Column("begun_at", Instant, nullable=False, index=True),
    Column("candidates", NUMBERS, nullable=False),
    sqlite_autoincrement=True,
)

messages = Table(
    "messages",
    metadata,
    Column("key", Key, primary_key=True),
    Column("kind", Key, nullable=False),
    Column("ref", BigInteger, nullable=False),
    Column("part", Integer, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("channel_id", BigInteger, nullable=False),
    Column("message_id", BigInteger),
    Column("prepared_at", Instant, nullable=False),
    Column("sent_at", Instant),
    Column("revision", Integer),
    UniqueConstraint("kind", "ref", "part", "attempt"),
    Index(None, "channel_id", "message_id"),
)

digest_channels = Table(
    "digest_channels",
    metadata,
    Column("channel_id", BigInteger, primary_key=True, autoincrement=False),
    Column("guild_id", BigInteger, nullable=False),
    Column("hour", Integer, nullable=False),
    Column("minute", Integer, nullable=False),
    Column("zone", Clean, nullable=False),
    Column("since", Instant, nullable=False),
)

# No foreign key: what a channel got stays known when it is removed, and may come back.
digest_runs = Table(
    "digest_runs",
    metadata,
    Column("id", NUMBER, primary_key=True),
    Column("channel_id", BigInteger, nullable=False),
    Column("day", Date, nullable=False),
    Column("since", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("begun_at", Instant, nullable=False),
    Column("done_at", Instant),
    UniqueConstraint("channel_id", "day"),
    sqlite_autoincrement=True,
)

# One pass over arXiv: the days it was asked for, both empty where it went on from the watermarks.
passes = Table(
    "passes",
    metadata,
    Column("id", NUMBER, primary_key=True),
    Column("kind", Key, nullable=False),
    Column("since", Date),
    Column("until", Date),
    Column("begun_at", Instant, nullable=False),
    Column("complete", Boolean, nullable=False),
    sqlite_autoincrement=True,
)

# What a pass did in one set, by the day on which arXiv announced.
ledger = Table(
    "ledger",
    metadata,
    Column("id", NUMBER, primary_key=True),
    Column("pass", NUMBER, ForeignKey("passes.id"), nullable=False),
    Column("set", Key, nullable=False),
    Column("day", Date, nullable=False),
    Column("begun_at", Instant, nullable=False),
    Column("announced", Integer, nullable=False, default=0),
    Column("first", Integer, nullable=False, default=0),
    Column("new", Integer, nullable=False, default=0),
    Column("late", Integer, nullable=False, default=0),
    Column("updated", Integer, nullable=False, default=0),
    Column("ranked", Integer, nullable=False, default=0),
    Column("queued", Integer, nullable=False, default=0),
    Column("requests", Integer, nullable=False, default=0),
    Column("faults", STRINGS, nullable=False, default=()),
    Column("complete", Boolean, nullable=False, default=False),
    UniqueConstraint("pass", "set", "day"),
    Index(None, "set", "day"),
    sqlite_autoincrement=True,
)

# The checkpoints of a pass that is under way: `read_at` is arXiv's date, empty until the day's list
# was read to its end.
slices = Table(
    "slices",
    metadata,
    Column("pass", NUMBER, ForeignKey("passes.id"), primary_key=True),
    Column("set", Key, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("ledger", NUMBER, ForeignKey("ledger.id"), nullable=False, index=True),
    Column("announced", Integer, nullable=False),
    Column("first", Integer, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("read_at", Instant),
)

# `since` is the day from which on what a set brings is news: nothing older is ever proposed.
watermarks = Table(
    "watermarks",
    metadata,
    Column("set", Key, primary_key=True),
    Column("watermark", Instant),
    Column("since", Date, nullable=False),
)

# What was said, or is to be said, in the review channel: once about each subject.
notices = Table(
    "notices",
    metadata,
    Column("id", NUMBER, primary_key=True),
    Column("kind", Key, nullable=False),
    Column("subject", Key, nullable=False),
    Column("text", Clean, nullable=False),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("kind", "subject"),
    sqlite_autoincrement=True,
)

manners = Table(
    "manners",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=False),
    Column("asked_at", Instant),
    Column("cool_until", Instant),
    Column("strikes", Integer, nullable=False),
    Column("struck_at", Instant),
)

settings = Table(
    "settings",
    metadata,
    Column("key", Key, primary_key=True),
    Column("value", Clean, nullable=False),
)

# Members' reading lists. `key` is a paper's primary id, or `entry:ID` of an entry without a paper.
saved = Table(
    "saved",
    metadata,
    Column("member_id", BigInteger, primary_key=True, autoincrement=False),
    Column("key", Key, primary_key=True),
    Column("saved_at", Instant, nullable=False),
    Column("read_at", Instant),
    Index(None, "key"),
)

# How far each member has read what is new: the last entry shown. No foreign key: it may be gone.
looks = Table(
    "looks",
    metadata,
    Column("member_id", BigInteger, primary_key=True, autoincrement=False),
    Column("entry", NUMBER, nullable=False),
    Column("at", Instant, nullable=False),
)

# The keys under which works stand in people's BibTeX files: once given, never changed. Lower case,
# since BibTeX does not tell capitals apart. `work` is as `saved.key`.
citation_keys = Table(
    "citation_keys",
    metadata,
    Column("work", Key, primary_key=True),
    Column("key", Key, nullable=False, unique=True),
)

# Searches too long to be carried by the buttons under them, by what stands in those.
searches = Table(
    "searches",
    metadata,
    Column("key", Key, primary_key=True),
    Column("request", Clean, nullable=False),
    Column("at", Instant, nullable=False, index=True),
)

# Versions of the ranker: when each was made, why, of what, and the model itself, which older ones
# lose. `fingerprint` tells whether the same was to be learnt.
rankers = Table(
    "rankers",
    metadata,
    Column("id", NUMBER, primary_key=True),
    Column("made_at", Instant, nullable=False),
    Column("why", Key, nullable=False),
    Column("fingerprint", Key, nullable=False),
    Column("positives", Integer, nullable=False),
    Column("negatives", Integer, nullable=False),
    Column("background", Integer, nullable=False),
    Column("content", LargeBinary),
    sqlite_autoincrement=True,
)

# What the ranker thought of each harvested paper when it came, queued or not.
scores = Table(
    "scores",
    metadata,
    Column("paper", Key, ForeignKey("papers.id"), primary_key=True),
    Column("ranker", NUMBER, nullable=False),
    Column("value", Float, nullable=False),
    Column("at", Instant, nullable=False, index=True),
)

changes = Table(
    "changes",
    metadata,
    Column("key", Key, primary_key=True),
    Column("revision", BigInteger, nullable=False, unique=True),
)

# Who wrote the revisions from one on; see storage.changes.
writers = Table(
    "writers",
    metadata,
    Column("name", Key, primary_key=True),
    Column("first_revision", BigInteger, nullable=False, index=True),
)

revisions = Table(
    "revisions",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=False),
    Column("revision", BigInteger, nullable=False),
)
