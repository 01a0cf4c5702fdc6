"""What a card and a digest show, decided once and as plain data; the commands word it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime

    from storage.models import Action, CandidateState, Origin


@dataclass(frozen=True, slots=True)
class Decision:
    """How a candidate was decided."""

    action: Action
    by: str
    at: datetime
    section: str
    reason: str


@dataclass(frozen=True, slots=True)
class Card:
    """Everything a card says. Empty parts have nothing to say and vanish.

    `authors` is short (`Lupidi, Gemmell, Cancedda et al.`); `like` are titles of the nearest
    entries; `why` the words that made the score; `strength` a word for it; `duplicate` the title of
    an entry this may repeat; `sections` the list's sections in order, for the menu; `why_withdrawn`
    what arXiv gives as the reason where the paper was withdrawn.
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
    submitter: int | None
    duplicate: str
    state: CandidateState
    sections: tuple[str, ...]
    decision: Decision | None = None
    why_withdrawn: str = ""


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
