"""What a card and a digest show, decided once and as plain data; the commands word it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime

    from storage.models import Action, CandidateState, Link, Origin


@dataclass(frozen=True, slots=True)
class Decision:
    """How a candidate was decided. `by` names whose votes did it.

    `reason` is what was given for a rejection, then or later; `public_at` when the decision leaves
    the house, None where nobody outside hears of it; `until` when a snoozed card comes back.
    """

    action: Action
    by: str
    at: datetime
    section: str
    reason: str
    public_at: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Votes:
    """The maintainers who have voted on an open card, and how many approvals it needs."""

    approvals: tuple[str, ...] = ()
    rejections: tuple[str, ...] = ()
    needed: int = 1


@dataclass(frozen=True, slots=True)
class Card:
    """Everything a card says. Empty parts have nothing to say and vanish.

    `authors` is short (`Lupidi, Gemmell, Cancedda et al.`); `like` are titles of the nearest
    entries; `why` the words that made the score; `strength` a word for it; `duplicate` the title of
    an entry this may repeat; `sections` the list's sections in order, for the menu; `resources` the
    code and data it names; `asked_by` who suggested it; `why_withdrawn` what arXiv gives as the
    reason where the paper was withdrawn; `odds` how likely it is to be approved, in words.
    """

    candidate: int
    title: str
    url: str
    authors: str
    published: date | None
    categories: tuple[str, ...]
    contribution: str
    section: str
    like: tuple[str, ...]
    why: tuple[str, ...]
    strength: str
    origin: Origin
    duplicate: str
    state: CandidateState
    sections: tuple[str, ...]
    resources: tuple[Link, ...] = ()
    asked_by: tuple[str, ...] = ()
    votes: Votes = Votes()
    decision: Decision | None = None
    why_withdrawn: str = ""
    odds: str = ""


@dataclass(frozen=True, slots=True)
class OutcomePost:
    """What somebody who asked for a paper hears of it.

    `state` is what became of it (posted: the maintainers took their decision back, it waits again);
    `mention` is the member to name where it is said in a channel, None in direct messages.
    """

    title: str
    url: str
    state: CandidateState
    section: str = ""
    reason: str = ""
    mention: int | None = None


@dataclass(frozen=True, slots=True)
class DigestItem:
    """One paper of a digest. `late` is the day it was announced where that was long ago."""

    title: str
    url: str
    authors: str
    contribution: str = ""
    late: date | None = None


@dataclass(frozen=True, slots=True)
class DigestPost:
    """One message of a digest: the items by section, `part` of `parts` (from 0)."""

    day: date
    sections: tuple[tuple[str, tuple[DigestItem, ...]], ...]
    complete_through: date | None
    waiting: int
    part: int = 0
    parts: int = 1
