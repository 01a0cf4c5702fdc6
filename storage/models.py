"""The frozen records every layer speaks in. Standard library only.

All instants are aware datetimes in UTC; a `date` is a calendar day without a zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NewType

if TYPE_CHECKING:
    from datetime import date, datetime

PaperId = NewType("PaperId", str)
"""`arXiv:2402.13446` (never a version), `acl:2024.acl-long.12`, `doi:…`, `openreview:…`."""


@dataclass(frozen=True, slots=True)
class Author:
    """One author. `family` alone holds names that cannot be split (collaborations)."""

    family: str
    given: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A labelled link of a paper or an entry."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A work the bot knows, under one primary id and any number of aliases.

    `published` is the day the source gives for the first version it knows of (OAI's `created` is
    the current version's); `updated` the day of the version shown; `datestamp` the day on which OAI
    last modified its record; `announced` the day on which arXiv announced it first, by the first
    datestamp seen. `edited` names what a maintainer wrote (`title`, `links`): no record changes it.
    """

    id: PaperId
    title: str
    authors: tuple[Author, ...] = ()
    abstract: str = ""
    published: date | None = None
    updated: date | None = None
    categories: tuple[str, ...] = ()
    comment: str = ""
    journal_ref: str = ""
    doi: str = ""
    aliases: tuple[PaperId, ...] = ()
    links: tuple[Link, ...] = ()
    datestamp: date | None = None
    withdrawn: bool = False
    announced: date | None = None
    edited: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of the list that holds entries; `ordinal` counts from 0 in the file's order."""

    ordinal: int
    title: str
    entries: int


@dataclass(frozen=True, slots=True)
class ListedEntry:
    """An entry as it stands in a list file: what parsing found, before storage gives it an id.

    `markdown` is the entry's own lines, verbatim. `ids` holds the primary id first, then aliases;
    it is empty where the entry names no paper the bot can identify.
    """

    section: str
    markdown: str
    title: str
    ids: tuple[PaperId, ...] = ()
    authors: tuple[Author, ...] = ()
    year: int | None = None
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One place in the list; `ordinal` counts from 0 over the whole list in the file's order.

    `authors` and `year` are what the entry itself tells.
    """

    id: int
    ordinal: int
    section: str
    markdown: str
    title: str
    paper: PaperId | None
    links: tuple[Link, ...] = ()
    added_at: datetime | None = None
    added_by: str = ""
    authors: tuple[Author, ...] = ()
    year: int | None = None


@dataclass(frozen=True, slots=True)
class ListDocument:
    """The curated list itself: the bytes of its file, the name it came under, and its revision."""

    name: str
    content: bytes
    revision: int


class CandidateState(StrEnum):
    """Where a candidate stands: queued → posted → approved | rejected | snoozed | withdrawn.

    An undo or a reconsideration leads back to posted.
    """

    QUEUED = "queued"
    POSTED = "posted"
    APPROVED = "approved"
    REJECTED = "rejected"
    SNOOZED = "snoozed"
    WITHDRAWN = "withdrawn"


WAITING = frozenset({CandidateState.QUEUED, CandidateState.POSTED})
"""The states of what waits for a decision now."""

DECIDED = frozenset({CandidateState.APPROVED, CandidateState.REJECTED})
"""The states that votes lead to."""


class Origin(StrEnum):
    """How a candidate came in; LIST: its paper was on the list before anybody proposed it."""

    HARVEST = "harvest"
    SUBMISSION = "submission"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A paper before the maintainers; `reasons` are the words that made the score, best first.

    `revision` counts what its card has to follow: verdicts, changes of state, edits.
    """

    id: int
    paper: PaperId
    state: CandidateState
    score: float
    reasons: tuple[str, ...]
    section: str
    origin: Origin
    queued_at: datetime
    posted_at: datetime | None = None
    snoozed_until: datetime | None = None
    submitter: int | None = None
    revision: int = 0


class Action(StrEnum):
    """What a maintainer did.

    UNDO takes back what stands, RETRACT the member's own vote; REASON says why a rejection was.
    """

    APPROVE = "approve"
    REJECT = "reject"
    SNOOZE = "snooze"
    UNDO = "undo"
    RETRACT = "retract"
    MOVE = "move"
    EDIT = "edit"
    RECONSIDER = "reconsider"
    REASON = "reason"


VOTES = frozenset({Action.APPROVE, Action.REJECT})
"""The actions of which each maintainer has one that counts."""


class Via(StrEnum):
    """Where a verdict was given."""

    REACTION = "reaction"
    BUTTON = "button"
    COMMAND = "command"
    CONSOLE = "console"


@dataclass(frozen=True, slots=True)
class Before:
    """What stood before a move or an edit, for its undo: None is what it left alone.

    `title`, `links` and `edited` are the paper's; its entry may have said something else.
    """

    section: str = ""
    title: str | None = None
    links: tuple[Link, ...] | None = None
    edited: tuple[str, ...] = ()
    entry_title: str | None = None
    entry_links: tuple[Link, ...] | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a maintainer did to a candidate: what, by whom, when, where and why. Never deleted.

    `entry` is the entry of the list that it wrote, moved or edited; `undoes` the verdict that an
    undo took back (none where it cleared votes). `id` is 0 until it is stored.
    """

    candidate: int
    action: Action
    member_id: int
    member_name: str
    at: datetime
    via: Via
    section: str = ""
    reason: str = ""
    entry: int | None = None
    before: Before | None = None
    undoes: int | None = None
    id: int = 0


@dataclass(frozen=True, slots=True)
class Reversal:
    """How the list's file goes back byte for byte, while it has `revision`.

    `length` bytes from `start` on were `old` before.
    """

    verdict: int
    revision: int
    start: int
    length: int
    old: bytes


@dataclass(frozen=True, slots=True)
class Submission:
    """Who asked for a candidate, and where (None at the console): they hear what becomes of it."""

    id: int
    candidate: int
    member_id: int
    member_name: str
    channel_id: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Sitting:
    """One maintainer's walk through the queue as it was when it began."""

    id: int
    member_id: int
    begun_at: datetime
    candidates: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who asks or decides, as plain values. `roles` are Discord role ids."""

    id: int
    name: str
    roles: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Message:
    """A message the bot owes or has sent; its row exists before it goes out.

    `key` (`c17.0.0`: kind, row id, part, attempt) is at most 25 characters and unique over the bot:
    it is the nonce, and stands in the message too. `message_id` is None until the message is known
    to be sent. `revision` says what it shows (of a card: the one of its candidate), None until
    that is known.
    """

    key: str
    kind: str
    ref: int
    part: int
    attempt: int
    channel_id: int
    message_id: int | None
    revision: int | None = None


@dataclass(frozen=True, slots=True)
class DigestChannel:
    """A channel that gets a digest daily at `hour`:`minute` in the IANA zone `zone`."""

    channel_id: int
    guild_id: int
    hour: int
    minute: int
    zone: str
    since: datetime


@dataclass(frozen=True, slots=True)
class DigestRun:
    """One digest of one channel and local day. It covers entries added in (`since`, `until`]."""

    id: int
    channel_id: int
    day: date
    since: datetime
    until: datetime
    done: bool


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """What one pass over arXiv did in one set (or the cross-check) for one announcement day.

    `announced` counts the records arXiv gave; `new` are ids unknown until then and of that month or
    the one before, `late` unknown and older, `updated` known and changed. `complete` says that all
    of them came.
    """

    pass_id: int
    day: date
    set: str
    announced: int
    new: int
    late: int
    updated: int
    ranked: int
    queued: int
    decided: int
    requests: int
    faults: tuple[str, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class Notice:
    """Something said in the review channel once: its text stands, whatever comes after."""

    id: int
    kind: str
    subject: str
    text: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Stored:
    """What storing papers did: the primary ids of new ones, and of those whose content changed."""

    new: tuple[PaperId, ...]
    updated: tuple[PaperId, ...]


class Sort(StrEnum):
    """What comes first among what was found.

    NEWEST: what was published last. ADDED: what came onto the list last; what is not on it, or
    since when is not known, comes behind.
    """

    RELEVANCE = "relevance"
    NEWEST = "newest"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """What a person looks for; `bot.domain.query` reads it from what they typed.

    All `words` are wanted first, then any of them. `prefixes` (typed `synth*`), `phrases`,
    `authors`, `titles`, `sections`, the years and the days of publication `since` and `until` (all
    inclusive) must fit, nothing of `excluded` may. `paper` is set where an id or a link was pasted
    in. Strings are raw text, never a grammar of the index.
    """

    words: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    first_year: int | None = None
    last_year: int | None = None
    since: date | None = None
    until: date | None = None
    paper: PaperId | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """A paper on a member's reading list; nobody else sees it.

    `key` is the paper's primary id, or `entry:ID` of an entry that has no paper.
    """

    member_id: int
    key: str
    saved_at: datetime
    read_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """How far a member has read what is new: the last entry shown, and when that was."""

    member_id: int
    entry: int
    at: datetime


class Why(StrEnum):
    """What a version of the ranker was trained for.

    START: there was none that could be used. GROWTH: papers came, and it knew few. DECISIONS: some
    came in. NIGHT: once a day.
    """

    START = "start"
    GROWTH = "growth"
    DECISIONS = "decisions"
    NIGHT = "night"


@dataclass(frozen=True, slots=True)
class Ranker:
    """A version of the ranker: when and why it was made, and of how many papers of each kind.

    `fingerprint` is that of all it was made of: the same one means the same model. `id` is 0 until
    it is stored.
    """

    made_at: datetime
    why: Why
    fingerprint: str
    positives: int
    negatives: int
    background: int
    id: int = 0


class Label(StrEnum):
    """What a paper teaches the ranker.

    LISTED: it is on the list, or was approved. EXAMPLE: it is on a list that one admires. REJECTED:
    a maintainer turned it down. UNLABELLED: nobody has judged it.
    """

    LISTED = "listed"
    EXAMPLE = "example"
    REJECTED = "rejected"
    UNLABELLED = "unlabelled"


@dataclass(frozen=True, slots=True)
class Example:
    """A paper as the ranker learns from it; `reason` is why it was rejected, as recorded."""

    id: str
    title: str
    abstract: str
    label: Label
    reason: str = ""
